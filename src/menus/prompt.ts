/**
 * Draws a prompt at the cursor and redraws it in place while keys are
 * pressed.
 *
 * @module
 */

import { widthOf } from '../text/width.ts'
import { type DrawnScreen, watchKeys } from './keys.ts'
import type { MenuWindow } from './menu.ts'

/** A drawn prompt that waits for the key that answers it. */
export type Prompt<Answer> = {
  /** Returns the current lines. None is wider than the window. */
  readonly lines: (window: MenuWindow) => readonly string[]
  /** Handles a key. Returns undefined until there is an answer. */
  readonly take: (key: string) => { readonly answer: Answer } | undefined
  /** Returns the lines that stay on the screen. */
  readonly lastLines: (answer: Answer, window: MenuWindow) => readonly string[]
}

/** Draws until a key answers the prompt. */
export async function askWithKeys<Answer>(prompt: Prompt<Answer>): Promise<Answer> {
  const { stdout } = process
  let drawn: readonly string[] = []
  const draw = (lines: readonly string[]): void => {
    stdout.write(`${eraseLines(drawn, windowNow())}${lines.join('\n')}`)
    drawn = lines
  }
  const redraw = (): void => draw(prompt.lines(windowNow()))
  const screen: DrawnScreen = {
    release() {
      stdout.write('\n\x1b[?25h')
      drawn = []
    },
    resume() {
      stdout.write('\x1b[?25l')
      redraw()
    },
  }
  let ignoreKeys = (): void => {}
  const answer = await new Promise<Answer>((resolve) => {
    ignoreKeys = watchKeys((keys) => {
      for (const key of keys) {
        const answered = prompt.take(key)
        if (answered) {
          resolve(answered.answer)
          return
        }
      }
      redraw()
    }, screen)
    stdout.on('resize', redraw)
    screen.resume()
  })
  stdout.off('resize', redraw)
  const last = prompt.lastLines(answer, windowNow())
  draw(last)
  stdout.write(`${last.length > 0 ? '\n' : ''}\x1b[?25h`)
  ignoreKeys()
  return answer
}

function windowNow(): MenuWindow {
  const { columns = 80, rows = 24 } = process.stdout
  return { columns, rows }
}

/**
 * Returns the sequence that moves to the start of the drawn lines and erases
 * them. If the window has become narrower, the terminal has wrapped them, and
 * they take more rows than there are lines.
 */
function eraseLines(drawn: readonly string[], { columns }: MenuWindow): string {
  const rows = drawn.reduce((sum, line) => sum + Math.max(1, Math.ceil(widthOf(line) / columns)), 0)
  return `\r${rows > 1 ? `\x1b[${rows - 1}A` : ''}\x1b[J`
}
