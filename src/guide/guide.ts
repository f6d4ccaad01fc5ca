/**
 * Leads a learner through the chapters: the menu of chapters, and from one chapter to the next.
 *
 * @module
 */

import { askIn, type Choice } from '../menus/ask.ts'
import { type ChapterOnMap, mapOf, totalOf } from '../questions/map.ts'
import { setProgressAside } from '../questions/start-over.ts'
import { openRunScope } from '../run/run-scope.ts'
import { livePage } from '../show/stage-lines.ts'
import { padText, wrapText } from '../text/width.ts'
import { openPage, waitForEnter } from './chapter-page.ts'
import { type GuideOptions, type GuideSession, printLines } from './guide-session.ts'
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
  printLines(
    ...wrapText('Everything was given back. To come back: npm run chapter', session.page.width),
  )
  return 0
}

/** The menu of chapters, with how far the learner is in each. The first that is not done is marked. */
async function chooseChapter<First extends object>(
  session: GuideSession<First>,
): Promise<number | undefined> {
  const { options, ask, page } = session
  for (;;) {
    const map = mapOf(options, options.material())
    const next = map.findIndex(({ done }) => !done) + 1
    openPage(session, 'How docker exec -it works, in seven chapters')
    const total = wrapText(totalText(map, page.width), page.width)
    printLines(...total)
    const choices: Choice<number | 'begin again' | 'leave'>[] = [
      ...map.map((chapter) => ({
        value: chapter.chapter,
        label: chapterLabel(chapter, options.form, page.width),
        hint: chapter.question,
        key: `${chapter.chapter}`,
      })),
      { value: 'begin again', label: 'Begin again', hint: 'npm run chapter -- --start-over' },
      { value: 'leave', label: 'Leave', back: 'leave' },
    ]
    const chosen = await ask.choose('Which chapter?', choices, next || 1, total.length + 2)
    if (chosen === 'leave') return undefined
    if (chosen !== 'begin again') return chosen
    const said = await setProgressAside(ask)
    printLines(...said.flatMap((line) => wrapText(line, page.width)))
    if (said.length > 0) await waitForEnter(session)
  }
}

/** `1 create      done  guessed 2/3  broken 1/9  written 0/2`, in a narrow window without the words. */
function chapterLabel(chapter: ChapterOnMap, form: string, width: number): string {
  const {
    name,
    done,
    questionsRight: guessed,
    experimentsDone: broken,
    exercisesDone: written,
  } = chapter
  // The form with numbered choices numbers them itself.
  const number = form === 'menus' ? `${chapter.chapter} ` : ''
  const shares = { guessed, broken, written }
  const cells = Object.entries(shares).map(([word, [count, of]]) =>
    width < wordsFrom ? `${count}/${of}` : `${word} ${`${count}/${of}`.padEnd(5)}`,
  )
  return `${number}${padText(name, 10)} ${done ? '✓' : ' '}  ${cells.join(' ')}`.trimEnd()
}

/** Columns from which there is room for words beside the numbers. */
const wordsFrom = 60

function totalText(map: readonly ChapterOnMap[], width: number): string {
  const { questionsRight: guessed, experimentsDone: broken, exercisesDone: written } = totalOf(map)
  if (width < wordsFrom) {
    return `guessed ${guessed.join('/')}, broken ${broken.join('/')}, written ${written.join('/')}`
  }
  return [
    `${guessed[0]} of ${guessed[1]} questions guessed right`,
    `${broken[0]} of ${broken[1]} experiments run`,
    `${written[0]} of ${written[1]} exercises written`,
  ].join(', ')
}
