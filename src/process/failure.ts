/**
 * Errors for the user: a message, an exit code and, if it helps, a hint with
 * the next step. Any other error that is thrown is a bug of ours.
 *
 * @module
 */

import { printableMessage } from '../text/printable.ts'

/**
 * An error whose message is printed without a stack. The message often quotes
 * a daemon, a file or the command line, so control characters in it are
 * shown, not executed.
 */
export class Failure extends Error {
  override readonly name = 'Failure'

  /**
   * The process's exit code: 1, or 125 for a command line that we can't
   * parse.
   */
  readonly exitCode: number

  /**
   * The next step. The workbook prints it; the replacement for `docker exec`
   * does not.
   */
  readonly hint: string | undefined

  /** @param message - what went wrong, in docker's words if docker has any */
  constructor(message: string, exitCode = 1, hint?: string) {
    super(printableMessage(message))
    this.exitCode = exitCode
    this.hint = hint === undefined ? undefined : printableMessage(hint)
  }
}

/**
 * Writes one line to standard error. Control characters in it are shown, not
 * executed.
 */
export function warn(line: string): void {
  process.stderr.write(`${printableMessage(line)}\n`)
}

/** The `code` of a system error, such as `ENOENT`, or an empty string. */
export function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | undefined)?.code
  return typeof code === 'string' ? code : ''
}

/** Error texts of the system that Node words differently. */
const errnoTexts: Readonly<Record<string, string>> = {
  EISDIR: 'is a directory',
  ELOOP: 'too many levels of symbolic links',
  ENAMETOOLONG: 'file name too long',
}

/**
 * Returns the system's own text of an error, without what Node adds:
 * `not a directory` from `ENOTDIR: not a directory, open '/etc/passwd/x'`.
 */
export function systemErrorText(error: unknown): string {
  return (
    errnoTexts[codeOf(error)] ??
    (error as Error).message.replace(/^[A-Z]+: /, '').replace(/, \w+( '.*')?$/s, '')
  )
}
