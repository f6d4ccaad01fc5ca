/**
 * Shows the progress of a check: each trial as it begins and as it passes.
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
  /** Erases the line about the running trial and returns to the left edge. */
  readonly clear: () => void
}

/**
 * Creates the display.
 *
 * @param options - `draws`: whether a line may be overwritten; `lines`:
 * whether to show the trials, and not only what the learner's code prints
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
  const print = (some: readonly string[]): void =>
    void process.stdout.write(some.map((line) => `${line}\n`).join(''))
  return {
    clear,
    trial(title, state) {
      clear()
      if (lines && state === 'passed') print(trialLines('right', title, page))
      if (lines && state === 'begins' && draws) {
        running = cutText(trialLines('…', title, { ...page, width: 1000 })[0] ?? '', page.width - 1)
        process.stdout.write(running)
      }
    },
    printed(text, title = 'while loading your file') {
      const interrupted = running
      clear()
      const heading = title === printing ? '' : `printed by your code, ${title}:\n`
      printing = title
      const wholeLines = printable(text).replace(/[^\n]$/, '$&\n')
      process.stderr.write(`${heading}${wholeLines}`)
      running = interrupted
      process.stdout.write(running)
    },
  }
}
