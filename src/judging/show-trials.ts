/**
 * Shows a check as it goes on: each trial as it begins and as it was passed.
 *
 * @module
 */

import type { Page } from '../show/stage-lines.ts'
import { printable } from '../text/printable.ts'
import { cutText } from '../text/width.ts'
import { trialLines } from './check-lines.ts'
import type { JudgingObserver } from './judge-process.ts'

/** A check on the screen. */
export type TrialDisplay = JudgingObserver & {
  /** Takes the line about what runs away. What comes next begins at the left edge. */
  readonly clear: () => void
}

/**
 * Makes one.
 *
 * @param options - `draws`: whether a line may be written over; `lines`: whether trials are shown at
 * all, and not only what the learner's code prints
 */
export function createTrialDisplay(
  page: Page,
  { draws, lines }: { readonly draws: boolean; readonly lines: boolean },
): TrialDisplay {
  let running = ''
  let printing: string | undefined
  const clear = (): void => {
    if (running) process.stdout.write('\r\x1b[K')
    running = ''
  }
  const say = (some: readonly string[]): void =>
    void process.stdout.write(some.map((line) => `${line}\n`).join(''))
  return {
    clear,
    trial(title, state) {
      clear()
      if (lines && state === 'passed') say(trialLines('right', title, page))
      if (lines && state === 'begins' && draws) {
        running = cutText(trialLines('…', title, { ...page, width: 1000 })[0] ?? '', page.width - 1)
        process.stdout.write(running)
      }
    },
    printed(text, title = 'while your file was loaded') {
      const again = running
      clear()
      const heading = title === printing ? '' : `printed by your code, ${title}:\n`
      printing = title
      const ended = printable(text).replace(/[^\n]$/, '$&\n')
      process.stderr.write(`${heading}${ended}`)
      running = again
      process.stdout.write(running)
    },
  }
}
