/**
 * Leads a learner through the chapters: the menu of chapters, and from one chapter to the next.
 *
 * @module
 */

import { askIn, type Choice } from '../menus/ask.ts'
import { readProgress } from '../questions/progress.ts'
import { openRunScope } from '../run/run-scope.ts'
import { livePage } from '../show/stage-lines.ts'
import { padText, wrapText } from '../text/width.ts'
import { type GuideOptions, type GuideSession, say, warn } from './guide-session.ts'
import { visitChapter } from './visit-chapter.ts'

/**
 * Leads until the learner leaves.
 *
 * @returns the exit code: 0
 * @throws a `Failure` with exit code 130 on Ctrl-C
 */
export async function guide<First extends object>(options: GuideOptions<First>): Promise<number> {
  const scope = openRunScope()
  const session: GuideSession<First> = {
    options,
    ask: askIn(options.form),
    scope,
    page: livePage(),
  }
  try {
    let chapter = options.chapter ?? (await chooseChapter(session))
    let settings = options.settings
    while (chapter !== undefined) {
      const next = await visitChapter(session, chapter, settings)
      settings = next.settings
      chapter = next.to === 'menu' ? await chooseChapter(session) : next.to
    }
  } finally {
    await scope.releaseAll()
  }
  say(...wrapText('Everything was given back. To come back: npm run chapter', session.page.width))
  return 0
}

/** The menu of chapters. It marks the ones that are done and preselects the first that is not. */
async function chooseChapter<First extends object>({
  options: { course, form },
  ask,
  page,
}: GuideSession<First>): Promise<number | undefined> {
  const { chapters } = readProgress(warn)
  const isDone = (name: string): boolean => chapters[name]?.doneAt !== undefined
  const next = course.stages.findIndex(({ name }) => !isDone(name)) + 1
  say(...wrapText('How docker exec -it works, in seven chapters', page.width).map(page.style.bold))
  const choices: Choice<number | undefined>[] = course.stages.map(({ name, question }, at) => ({
    value: at + 1,
    // The form with numbered choices numbers them itself.
    label: [form === 'menus' ? at + 1 : '', padText(name, 11), isDone(name) ? 'done' : '']
      .join(' ')
      .trim(),
    hint: question,
    key: `${at + 1}`,
  }))
  const leave = { value: undefined, label: 'Leave', back: 'leave' }
  return ask.choose('Which chapter?', [...choices, leave], next || 1)
}
