/**
 * Colours and bold text for terminals that support them, plain text
 * elsewhere.
 *
 * @module
 */

/**
 * Functions that mark up text. Without colours each returns its text
 * unchanged.
 */
export type Style = {
  /** Headings. */
  readonly bold: (text: string) => string
  /** Secondary text: sizes, times, hints. */
  readonly dim: (text: string) => string
  /** Values that a stage added to the state. */
  readonly added: (text: string) => string
  /** Traffic on connection 1, which stays HTTP. */
  readonly first: (text: string) => string
  /** Traffic on connection 2, which is hijacked. */
  readonly second: (text: string) => string
  /** A keyword in source code. */
  readonly keyword: (text: string) => string
  /** A string or number in source code. */
  readonly literal: (text: string) => string
  /** A right answer, a finished task. */
  readonly good: (text: string) => string
  /** A wrong answer, an error. */
  readonly bad: (text: string) => string
}

/** The style without markup. */
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

/**
 * Returns the style for a stream: plain for NO_COLOR, TERM=dumb or a pipe.
 */
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
