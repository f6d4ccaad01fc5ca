/**
 * Watches what is written to a screen: to know what must be undone after a
 * session, and when we can insert a sequence of our own.
 *
 * @module
 */

import type { Writable } from 'node:stream'
import type { LeftScreen } from './screen.ts'

/** A watched screen. */
export type ScreenWatch = {
  /** Returns what is currently set. */
  readonly state: () => LeftScreen
  /**
   * Inserts a control sequence that is invisible and does not move the
   * cursor. It waits until a partly written sequence or character is
   * complete. A later call replaces a waiting sequence.
   */
  readonly insert: (sequence: string) => void
  /** Stops watching. */
  readonly end: () => void
}

// biome-ignore-start lint/suspicious/noControlCharactersInRegex: these are control sequences.
/**
 * Modes being set or reset, scrolling regions, pushed and popped titles, a
 * full reset.
 */
const changes = /\x1b\[\?([\d;]+)([hl])|\x1b\[([\d;]*)r|\x1b\[(22|23)((?:;\d*)*)t|\x1bc/g

/**
 * An incomplete control sequence, or an incomplete string such as a title.
 */
const unfinishedSequence = /\x1b(?:\[[0-?]*[ -/]*|[ -/]*|\][^\x07\x1b]*|[PX^_][^\x1b]*)$/
// biome-ignore-end lint/suspicious/noControlCharactersInRegex: as above.

/** In bytes. Anything longer is not a control sequence. */
const longestSequence = 4096

/** The modes for the alternate screen. */
const alternateScreens = ['47', '1047', '1049']

/**
 * An incomplete UTF-8 character: its first byte says how many bytes follow.
 */
const partialCharacter = /(?:[\xc0-\xff]|[\xe0-\xff][\x80-\xbf]|[\xf0-\xff][\x80-\xbf]{2})$/

/** Starts watching an output, which is still written as before. */
export function watchScreen(output: Writable): ScreenWatch {
  let [isAlternate, hasRegion] = [false, false]
  const titles: string[] = []
  /** The start of an incomplete sequence, one character per byte. */
  let unfinished = ''
  let isInCharacter = false
  let waiting = ''

  const see = (bytes: Buffer): void => {
    if (unfinished === '' && !bytes.includes(0x1b)) {
      isInCharacter = partialCharacter.test(bytes.subarray(-4).toString('latin1'))
      return
    }
    const text = unfinished + bytes.toString('latin1')
    for (const [, modes = '', set, region, stack, which = ''] of text.matchAll(changes)) {
      if (stack === '22') titles.push(which)
      else if (stack === '23') titles.pop()
      else if (region !== undefined) hasRegion = region !== ''
      else if (set === undefined) [isAlternate, hasRegion] = [false, false]
      else if (modes.split(';').some((mode) => alternateScreens.includes(mode))) {
        isAlternate = set === 'h'
      } else if (modes === '6') hasRegion ||= set === 'h'
    }
    const [beginning = ''] = unfinishedSequence.exec(text) ?? []
    unfinished = beginning.length > longestSequence ? '' : beginning
    isInCharacter = unfinished === '' && partialCharacter.test(text.slice(-4))
  }

  const { write } = output
  const insertNow = (): void => {
    if (waiting === '' || unfinished !== '' || isInCharacter) return
    write.call(output, waiting, 'utf8')
    waiting = ''
  }
  output.write = ((...words: Parameters<Writable['write']>) => {
    see(Buffer.from(words[0]))
    const hasRoom = write.apply(output, words)
    insertNow()
    return hasRoom
  }) as typeof write

  return {
    state: () => ({ isAlternate, hasRegion, titles }),
    insert(sequence) {
      waiting = sequence
      insertNow()
    },
    end() {
      output.write = write
    },
  }
}
