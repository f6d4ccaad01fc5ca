/**
 * Draws at the cursor, and draws anew over it while keys are pressed.
 *
 * @module
 */

import { widthOf } from '../text/width.ts'
import { type DrawnScreen, watchKeys } from './keys.ts'
import type { MenuWindow } from './menu.ts'

/** Something that is drawn, and waits for the key that decides it. */
export type Prompt<Answer> = {
  /** What it looks like now. No line is wider than the window. */
  readonly lines: (window: MenuWindow) => readonly string[]
  /** Takes a key. Undefined as long as nothing is decided. */
  readonly take: (key: string) => { readonly answer: Answer } | undefined
  /** What stays on the screen. */
  readonly lastLines: (answer: Answer, window: MenuWindow) => readonly string[]
}

/** Draws until a key decides. */
export async function askWithKeys<Answer>(prompt: Prompt<Answer>): Promise<Answer> {
  const { stdout } = process
  let drawn: readonly string[] = []
  const draw = (lines: readonly string[]): void => {
    stdout.write(`${overDrawn(drawn, windowNow())}${lines.join('\n')}`)
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
        const decided = prompt.take(key)
        if (decided) {
          resolve(decided.answer)
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
 * Goes to where the drawn lines begin, and erases them. A window that was made narrower has broken
 * them, and they take more rows than there are lines.
 */
function overDrawn(drawn: readonly string[], { columns }: MenuWindow): string {
  const rows = drawn.reduce((sum, line) => sum + Math.max(1, Math.ceil(widthOf(line) / columns)), 0)
  return `\r${rows > 1 ? `\x1b[${rows - 1}A` : ''}\x1b[J`
}
