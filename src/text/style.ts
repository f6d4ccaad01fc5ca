/**
 * Bold and dim text where the terminal can show it, plain text everywhere else.
 *
 * @module
 */

/** Marks up text. Without colour each function returns its text as it is. */
export type Style = {
  /** Headings. */
  readonly bold: (text: string) => string
  /** What stands beside the story: sizes, times, hints. */
  readonly dim: (text: string) => string
  /** What a stage added to the state. */
  readonly added: (text: string) => string
  /** What travels on connection 1, which stays HTTP. */
  readonly first: (text: string) => string
  /** What travels on connection 2, which is hijacked. */
  readonly second: (text: string) => string
  /** A word of the programming language. */
  readonly keyword: (text: string) => string
  /** A text or a number in it. */
  readonly literal: (text: string) => string
  /** A right answer, a task that is done. */
  readonly good: (text: string) => string
  /** A wrong answer, an error. */
  readonly bad: (text: string) => string
}

/** Text as it is. */
export const plainStyle: Style = {
  bold: (text) => text,
  dim: (text) => text,
  added: (text) => text,
  first: (text) => text,
  second: (text) => text,
  keyword: (text) => text,
  literal: (text) => text,
  good: (text) => text,
  bad: (text) => text,
}

/** Chooses the style for a stream: NO_COLOR, TERM=dumb and a pipe all mean plain text. */
export function styleFor(
  stream: { readonly isTTY?: boolean },
  environment: NodeJS.ProcessEnv,
): Style {
  const colour = stream.isTTY === true && !environment.NO_COLOR && environment.TERM !== 'dumb'
  const wrap = (on: number, off: number) => (text: string) =>
    colour ? `\x1b[${on}m${text}\x1b[${off}m` : text
  return {
    bold: wrap(1, 22),
    dim: wrap(2, 22),
    added: wrap(32, 39),
    first: wrap(36, 39),
    second: wrap(33, 39),
    keyword: wrap(35, 39),
    literal: wrap(32, 39),
    good: wrap(32, 39),
    bad: wrap(31, 39),
  }
}
