/**
 * What we say to a person when something is wrong: one sentence, an exit code, and
 * where it helps a second sentence with what to do next. Everything else that is
 * thrown is a defect of ours.
 *
 * @module
 */

/** An error that is meant to be read: its message is the sentence, nobody sees its stack. */
export class Failure extends Error {
  override readonly name = 'Failure'

  /** What the process ends with: 1, or 125 for a command line that is not understood. */
  readonly exitCode: number

  /** What to do next. The workbook prints it; the stand-in for `docker exec` does not. */
  readonly hint: string | undefined

  /** @param message - what is wrong, in docker's own words where docker has them */
  constructor(message: string, exitCode = 1, hint?: string) {
    super(message)
    this.exitCode = exitCode
    this.hint = hint
  }
}

/** Writes one line to standard error. */
export function warn(line: string): void {
  process.stderr.write(`${line}\n`)
}

/** The `code` of a system error, such as `ENOENT`, or an empty string. */
export function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | undefined)?.code
  return typeof code === 'string' ? code : ''
}

/** Where Node has words of its own for what every other program calls otherwise. */
const errnoTexts: Readonly<Record<string, string>> = {
  EISDIR: 'is a directory',
  ELOOP: 'too many levels of symbolic links',
  ENAMETOOLONG: 'file name too long',
}

/**
 * What the system says of an error, without what Node puts around it: `not a directory` of
 * `ENOTDIR: not a directory, open '/etc/passwd/x'`.
 */
export function systemErrorText(error: unknown): string {
  return (
    errnoTexts[codeOf(error)] ??
    (error as Error).message.replace(/^[A-Z]+: /, '').replace(/, \w+( '.*')?$/s, '')
  )
}
