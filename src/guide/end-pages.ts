/**
 * The end of the course: the diagram of the learner's own run, how far they have come, and what to do
 * next.
 *
 * @module
 */

import { mapLines, mapOf } from '../questions/map.ts'
import { purposeLines, sequenceLines } from '../show/sequence.ts'
import { hangingLines, wrapText } from '../text/width.ts'
import { openPage, waitForEnter } from './chapter-page.ts'
import type { FinishedRun } from './finished-run.ts'
import { type GuideSession, printLines } from './guide-session.ts'

/** What comes next, and the command for it. */
const nextSteps: readonly (readonly [command: string, says: string])[] = [
  ['npm run exec -- -it CONTAINER sh', 'the seven chapters without a word: docker exec'],
  ['npm run replay -- --export run.html', 'this run as a page for any browser'],
  ['npm run chapter -- --experiment list', 'what goes wrong out there, to break on purpose'],
  ['npm run check', 'write the stages yourself'],
]

/** Shows the last pages. */
export async function showEnd<First extends object>(
  session: GuideSession<First>,
  { tape }: FinishedRun,
): Promise<void> {
  const { options, page } = session
  openPage(session, 'Your run, from the first request to the exit code')
  printLines(...sequenceLines(tape?.events ?? [], page))
  await waitForEnter(session)
  openPage(session, 'What each request was for')
  printLines(...purposeLines(tape?.events ?? [], page))
  await waitForEnter(session)
  openPage(session, 'You have built docker exec')
  printLines(...mapLines(mapOf(options, options.material()), page), '')
  printLines(page.style.bold('What next'))
  printLines(
    ...nextSteps.flatMap(([command, says]) =>
      page.width < 72
        ? [
            ...wrapText(command, page.width),
            ...wrapText(says, page.width - 2).map((line) => `  ${line}`),
          ]
        : hangingLines(`${command.padEnd(37)} `, says, page.width),
    ),
  )
  await waitForEnter(session)
}
