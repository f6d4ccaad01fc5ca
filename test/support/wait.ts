/**
 * Waits for a text in the output of a running command.
 *
 * @module
 */

/** How long to wait for a text, in milliseconds. */
const timeout = 30_000

/**
 * Resolves as soon as the output contains the text.
 *
 * @param wanted - the text or pattern
 * @param from - the position to start at, after the previous match, so a test
 * can wait for the same text twice
 * @param read - returns the output so far
 * @param onMore - calls back on new output; returns a function that stops it
 * @param ended - settles when the output is complete
 * @returns the position after the match
 * @throws an error with the output, if it ends or the time runs out first
 */
export function awaitText(
  wanted: string | RegExp,
  from: number,
  read: () => string,
  onMore: (listener: () => void) => () => void,
  ended: Promise<unknown>,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      stopListening()
      clearTimeout(timer)
    }
    const check = (): boolean => {
      const end = findEnd(wanted, read(), from)
      if (end === undefined) return false
      settle()
      resolve(end)
      return true
    }
    const fail = (why: string): void => {
      settle()
      const output = JSON.stringify(read().slice(from).slice(0, 2000))
      reject(new Error(`${why} before the output contained ${wanted}: ${output}`))
    }
    const stopListening = onMore(check)
    const timer = setTimeout(() => fail(`${timeout / 1000} s passed`), timeout)
    if (check()) return
    const checkLast = (): void => {
      if (!check()) fail('the command ended')
    }
    ended.then(checkLast, checkLast)
  })
}

function findEnd(wanted: string | RegExp, output: string, from: number): number | undefined {
  if (typeof wanted === 'string') {
    const at = output.indexOf(wanted, from)
    return at < 0 ? undefined : at + wanted.length
  }
  const match = wanted.exec(output.slice(from))
  return match ? from + match.index + match[0].length : undefined
}
