/**
 * Watches what is written to a screen, for what has to be undone behind a session, and for a moment
 * at which something may be written in between.
 *
 * @module
 */

import type { Writable } from 'node:stream'
import type { LeftScreen } from './screen.ts'

/** A screen that is being watched. */
export type ScreenWatch = {
  /** What is set now. */
  readonly state: () => LeftScreen
  /**
   * Writes a control sequence that neither moves the cursor nor shows. It waits for the end of a
   * sequence or a letter of which only the beginning has been written; a later one takes its place.
   */
  readonly slipIn: (sequence: string) => void
  /** Watches no more. */
  readonly end: () => void
}

// biome-ignore-start lint/suspicious/noControlCharactersInRegex: a terminal is controlled by them.
/** Modes that are set and reset, a region that scrolls, titles on their stack, the reset of everything. */
const changes = /\x1b\[\?([\d;]+)([hl])|\x1b\[([\d;]*)r|\x1b\[(22|23)((?:;\d*)*)t|\x1bc/g

/** A control sequence, or a text such as a title, whose end has not been written yet. */
const unfinishedSequence = /\x1b(?:\[[0-?]*[ -/]*|[ -/]*|\][^\x07\x1b]*|[PX^_][^\x1b]*)$/
// biome-ignore-end lint/suspicious/noControlCharactersInRegex: as above.

/** What goes on for longer, in bytes, is no sequence but bytes of any kind. */
const longestSequence = 4096

/** The modes of the alternate screen, the oldest first. */
const alternateScreens = ['47', '1047', '1049']

/** The first byte of a letter in UTF-8 says how many follow; those begin with the bits 10. */
const halfLetter = /(?:[\xc0-\xff]|[\xe0-\xff][\x80-\xbf]|[\xf0-\xff][\x80-\xbf]{2})$/

/** Begins to watch. The output is written as before. */
export function watchScreen(output: Writable): ScreenWatch {
  let [isAlternate, hasRegion] = [false, false]
  const titles: string[] = []
  /** The beginning of a sequence, a character for each byte. */
  let unfinished = ''
  let isInLetter = false
  let waiting = ''

  const see = (bytes: Buffer): void => {
    if (unfinished === '' && !bytes.includes(0x1b)) {
      isInLetter = halfLetter.test(bytes.subarray(-4).toString('latin1'))
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
    isInLetter = unfinished === '' && halfLetter.test(text.slice(-4))
  }

  const { write } = output
  const slipInNow = (): void => {
    if (waiting === '' || unfinished !== '' || isInLetter) return
    write.call(output, waiting, 'utf8')
    waiting = ''
  }
  output.write = ((...words: Parameters<Writable['write']>) => {
    see(Buffer.from(words[0]))
    const isTaken = write.apply(output, words)
    slipInNow()
    return isTaken
  }) as typeof write

  return {
    state: () => ({ isAlternate, hasRegion, titles }),
    slipIn(sequence) {
      waiting = sequence
      slipInNow()
    },
    end() {
      output.write = write
    },
  }
}
