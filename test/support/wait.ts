/**
 * Waiting for a text in output that is still coming.
 *
 * @module
 */

/** A text that has not come by then, in milliseconds, will not come. */
const ceiling = 30_000

/**
 * Resolves as soon as the output has the wanted text in it.
 *
 * @param wanted - the text or pattern
 * @param from - where in the output to begin: behind what was found before, so that the same text
 * can be waited for twice
 * @param read - gives the output so far
 * @param onMore - calls back whenever there is more. Returns what stops that.
 * @param ended - settles when there is no more to come
 * @returns the place in the output behind what was found
 * @throws an error that shows the output, if it ends or nothing comes for too long
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
      clearTimeout(stuck)
    }
    const look = (): boolean => {
      const end = findEnd(wanted, read(), from)
      if (end === undefined) return false
      settle()
      resolve(end)
      return true
    }
    const giveUp = (why: string): void => {
      settle()
      const output = JSON.stringify(read().slice(from).slice(0, 2000))
      reject(new Error(`${why} before its output had ${wanted} in it: ${output}`))
    }
    const stopListening = onMore(look)
    const stuck = setTimeout(() => giveUp(`${ceiling / 1000} s went by`), ceiling)
    if (look()) return
    const lastLook = (): void => {
      if (!look()) giveUp('The command ended')
    }
    ended.then(lastLook, lastLook)
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
