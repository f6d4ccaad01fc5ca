/**
 * The last pages of the course: a diagram of the learner's own run, their
 * progress, and what to do next.
 *
 * @module
 */

import { chapterOverviews, overviewLines } from '../questions/overview.ts'
import { purposeLines, sequenceLines } from '../show/sequence.ts'
import { hangingLines, wrapText } from '../text/width.ts'
import { openPage, waitForEnter } from './chapter-page.ts'
import type { FinishedRun } from './finished-run.ts'
import { type GuideSession, printLines } from './guide-session.ts'

/** Commands for after the course, and what each of them does. */
const nextSteps: readonly (readonly [command: string, description: string])[] = [
  ['npm run exec -- -it CONTAINER sh', 'run all seven chapters silently, like docker exec'],
  ['npm run replay -- --export run.html', 'save this run as a web page'],
  ['npm run chapter -- --experiment list', 'list the experiments'],
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
  printLines(...overviewLines(chapterOverviews(options, options.material()), page), '')
  printLines(page.style.bold('What next'))
  printLines(
    ...nextSteps.flatMap(([command, description]) =>
      page.width < 72
        ? [
            ...wrapText(command, page.width),
            ...wrapText(description, page.width - 2).map((line) => `  ${line}`),
          ]
        : hangingLines(`${command.padEnd(37)} `, description, page.width),
    ),
  )
  await waitForEnter(session)
}
