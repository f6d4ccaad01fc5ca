/**
 * Guides a learner through the chapters: the menu of chapters, and from one
 * chapter to the next.
 *
 * @module
 */

import { askIn, type Choice } from '../menus/ask.ts'
import { type ChapterOverview, chapterOverviews, overviewTotal } from '../questions/overview.ts'
import { setProgressAside } from '../questions/start-over.ts'
import { openRunScope } from '../run/run-scope.ts'
import { livePage } from '../show/stage-lines.ts'
import { padText, wrapText } from '../text/width.ts'
import { openPage, waitForEnter } from './chapter-page.ts'
import { type GuideOptions, type GuideSession, printLines } from './guide-session.ts'

/**
 * Runs until the learner leaves.
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
      // It is large, and the menu comes first. See examine.ts for require.
      const { visitChapter } = require('./visit-chapter.ts') as typeof import('./visit-chapter.ts')
      const next = await visitChapter(session, chapter, settings)
      settings = next.settings
      chapter = next.to === 'menu' ? await chooseChapter(session) : next.to
    }
  } finally {
    await scope.releaseAll()
  }
  printLines(
    ...wrapText('Everything has been restored. To continue: npm run chapter', session.page.width),
  )
  return 0
}

/**
 * Shows the menu of chapters with the learner's progress. The first
 * unfinished chapter is preselected.
 */
async function chooseChapter<First extends object>(
  session: GuideSession<First>,
): Promise<number | undefined> {
  const { options, ask, page } = session
  for (;;) {
    const map = chapterOverviews(options, options.material())
    const next = map.findIndex(({ done }) => !done) + 1
    openPage(session, 'How docker exec -it works, in seven chapters')
    const total = wrapText(totalText(map, page.width), page.width)
    printLines(...total)
    const choices: Choice<number | 'start over' | 'leave'>[] = [
      ...map.map((chapter) => ({
        value: chapter.chapter,
        label: chapterLabel(chapter, options.form, page.width),
        hint: chapter.question,
        key: `${chapter.chapter}`,
      })),
      {
        value: 'start over',
        label: 'Reset your progress',
        hint: 'npm run chapter -- --start-over',
      },
      { value: 'leave', label: 'Leave the workbook', back: 'leave' },
    ]
    const chosen = await ask.choose('Which chapter?', choices, next || 1, total.length + 2)
    if (chosen === 'leave') return undefined
    if (chosen !== 'start over') return chosen
    const lines = await setProgressAside(ask)
    printLines(...lines.flatMap((line) => wrapText(line, page.width)))
    if (lines.length > 0) await waitForEnter(session)
  }
}

/**
 * Returns `1 create ✓ questions 2/3 experiments 1/9 exercises 0/2`, without
 * the words in a narrow window.
 */
function chapterLabel(chapter: ChapterOverview, form: string, width: number): string {
  const {
    name,
    done,
    questionsRight: questions,
    experimentsDone: experiments,
    exercisesDone: exercises,
  } = chapter
  // The form with numbered choices adds the numbers on its own.
  const number = form === 'menus' ? `${chapter.chapter} ` : ''
  const shares = { questions, experiments, exercises }
  const cells = Object.entries(shares).map(([word, [count, of]]) =>
    width < minWordsWidth ? `${count}/${of}` : `${word} ${`${count}/${of}`.padEnd(5)}`,
  )
  return `${number}${padText(name, 10)} ${done ? '✓' : ' '}  ${cells.join(' ')}`.trimEnd()
}

/** The minimum window width for words beside the numbers. */
const minWordsWidth = 72

function totalText(map: readonly ChapterOverview[], width: number): string {
  const {
    questionsRight: questions,
    experimentsDone: experiments,
    exercisesDone: exercises,
  } = overviewTotal(map)
  if (width < minWordsWidth) {
    return `questions ${questions.join('/')}, experiments ${experiments.join('/')}, exercises ${exercises.join('/')}`
  }
  return [
    `${questions[0]} of ${questions[1]} questions correct`,
    `${experiments[0]} of ${experiments[1]} experiments run`,
    `${exercises[0]} of ${exercises[1]} exercises solved`,
  ].join(', ')
}
