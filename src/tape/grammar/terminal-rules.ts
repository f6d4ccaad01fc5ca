/**
 * The rules of a session in a terminal: what the program writes, and what
 * you type.
 *
 * @module
 */

import {
  controlSequenceMeaning,
  escapeSequenceMeaning,
  systemCommandMeaning,
  typedSequenceMeaning,
} from './escape-sequences.ts'
import { shown } from './frame-fields.ts'
import type { AnyRule, Rule } from './rule.ts'
import { api, rfc, terminals } from './sources.ts'

/**
 * Bytes that belong together. The first of them may be in an earlier read.
 */
export type Token = { readonly whole: Buffer; readonly isRest: boolean }

/** A rule for a token. */
export type TokenRule = Rule<Token>

type Rules<Name extends string> = Readonly<Record<Name, TokenRule>>

/** A sentence about all bytes of a token. */
function about(says: (text: string) => string): TokenRule['says'] {
  return (_, { whole, isRest }) =>
    `${isRest ? 'With the bytes before it: ' : ''}${says(whole.toString())}`
}

const byteText = (text: string): string => `0x${text.charCodeAt(0).toString(16).padStart(2, '0')}`

const controlKey = (text: string): string =>
  `Ctrl-${String.fromCharCode(text.charCodeAt(0) ^ 0x40)}`

/** `U+00E9` */
const codePoint = (character: string): string =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`

/** What the program writes. */
export const output: Rules<
  | 'text'
  | 'return'
  | 'feed'
  | 'bell'
  | 'backspace'
  | 'tab'
  | 'control'
  | 'system'
  | 'escape'
  | 'other'
> = {
  text: {
    rule: 'output text',
    name: 'text',
    always: 'Characters for the screen. The echo of your keys is among them.',
    says: about((text) => `The screen shows ${shown(text)}.`),
    source: api.raw,
  },
  return: {
    rule: 'carriage return',
    always:
      'The container’s terminal puts one before each line feed that the command writes (onlcr). A command may also write one itself.',
    says: 'The cursor moves to the beginning of the line.',
    source: terminals.lineDiscipline,
  },
  feed: {
    rule: 'line feed',
    always: 'In raw mode our terminal does not also move the cursor to the left.',
    says: 'The cursor moves down a line.',
    source: terminals.lineDiscipline,
  },
  bell: {
    rule: 'bell',
    always: 'It changes nothing on the screen.',
    says: 'The terminal beeps or flashes.',
    source: terminals.sequences,
  },
  backspace: {
    rule: 'backspace',
    always: 'It erases nothing. A shell writes a space over the character, or erases the rest.',
    says: 'The cursor moves to the left.',
    source: terminals.sequences,
  },
  tab: {
    rule: 'tab',
    always: 'By default there is a tab stop at every eighth column.',
    says: 'The cursor moves to the next tab stop.',
    source: terminals.sequences,
  },
  control: {
    rule: 'control sequence',
    always: 'ESC and [ begin it, numbers may follow, and its last character says what it does.',
    says: about(controlSequenceMeaning),
    source: terminals.sequences,
  },
  system: {
    rule: 'system command',
    always: 'ESC and ] begin it, BEL or ESC \\ ends it. Most are for the window around the screen.',
    says: about(systemCommandMeaning),
    source: terminals.sequences,
  },
  escape: {
    rule: 'escape sequence',
    always: 'ESC and, usually, one or two characters.',
    says: about(escapeSequenceMeaning),
    source: terminals.sequences,
  },
  other: {
    rule: 'control character',
    always: 'A byte below 0x20, or 0x7f, which is no text.',
    says: about(
      (text) => `${controlKey(text)}, ${byteText(text)}: a control character, which shows nothing.`,
    ),
    source: terminals.ascii,
  },
}

const keys: Readonly<Record<string, string>> = {
  '\x03':
    'The container’s terminal makes it a SIGINT, unless the program reads every key itself, as a shell does at its prompt.',
  '\x04':
    'It ends the program’s input if the line is empty. A shell at its prompt sees to that itself.',
  '\x08': 'Some terminals send it for Backspace.',
  '\t': 'The key Tab. A shell completes a name.',
  '\n': 'A line feed, as if Enter had been pressed.',
  '\x10': 'It begins Docker’s usual keys for leaving, so docker holds it back until the next key.',
  '\x11': 'It ends Docker’s usual keys for leaving.',
  '\x1a':
    'The container’s terminal suspends the program, unless the program reads every key itself.',
  '\x1c': 'The container’s terminal makes it a SIGQUIT, unless the program reads every key itself.',
}

/** What you type, or what your terminal sends by itself. */
export const typed: Rules<'text' | 'enter' | 'erase' | 'escapeKey' | 'control' | 'sequence'> = {
  text: {
    rule: 'typed text',
    name: 'keys',
    always: 'In raw mode each key is sent at once. What the screen shows is the echo that returns.',
    says: about((text) => `You type ${shown(text)}.`),
    source: terminals.lineDiscipline,
  },
  enter: {
    rule: 'Enter',
    always:
      'In raw mode our terminal sends it as it is. The container’s terminal makes a line feed of it (icrnl), unless the program has turned that off.',
    says: 'The key Enter is a carriage return.',
    source: terminals.lineDiscipline,
  },
  erase: {
    rule: 'Backspace',
    always: 'The program or the container’s terminal erases the character before the cursor.',
    says: 'The key Backspace sends DEL.',
    source: terminals.lineDiscipline,
  },
  escapeKey: {
    rule: 'Esc',
    always: 'The same byte begins the codes of other keys. Programs wait a moment to see which.',
    says: 'The key Esc.',
    source: terminals.sequences,
  },
  control: {
    rule: 'control key',
    always:
      'Ctrl and a letter send the letter’s number in the alphabet. In raw mode our own terminal does nothing about it; the container’s does, unless the program has turned that off.',
    says: about((text) => `${controlKey(text)}, ${byteText(text)}. ${keys[text] ?? ''}`.trim()),
    source: terminals.lineDiscipline,
  },
  sequence: {
    rule: 'key sequence',
    always: 'Keys without a character send ESC and more. So do answers of the terminal.',
    says: about(typedSequenceMeaning),
    source: terminals.sequences,
  },
}

/** Bytes above 0x7f, in both directions. */
export const utf8: Rules<'characters' | 'invalid'> = {
  characters: {
    rule: 'UTF-8',
    always: 'Characters outside of ASCII have two to four bytes each, all above 0x7f.',
    says: about((text) => {
      const points = [...text].slice(0, 3).map(codePoint).join(' ')
      return `${shown(text)} in UTF-8: ${points}${[...text].length > 3 ? ' …' : ''}.`
    }),
    source: terminals.utf8,
  },
  invalid: {
    rule: 'invalid byte',
    always: 'No UTF-8 character has this byte here. Most terminals show a replacement for it.',
    says: (_, { whole }) => `0x${whole.toString('hex')} is not part of a character.`,
    source: terminals.utf8,
  },
}

/** The beginning of a token whose rest is not there yet. */
export const cutToken: TokenRule = {
  rule: 'cut',
  name: 'beginning',
  always: 'A read ends anywhere. The rest comes with the next one.',
  says: (_, { whole }) =>
    whole[0] === 0x1b
      ? `ESC ${whole.subarray(1).toString()} begins a sequence that ends in the next read.`
      : `0x${whole.toString('hex')} begins a character that ends in the next read.`,
  source: api.raw,
}

/** Input without a tty. */
export const standardInput: Rule = {
  rule: 'standard input',
  always: 'What we send is never in frames. The command reads it as it is.',
  says: (text) => `The command can read ${shown(text)}.`,
  source: api.frames,
}

const noBytes = rfc(9293, '3.6')

/** What happens to the connection without any bytes on our side. */
export const ends = {
  'half-close': {
    rule: 'half-close',
    always:
      'No byte is sent. Over TCP the last segment has the FIN flag; on a Unix socket shutdown(2) tells the kernel. Without it a command such as cat would wait for more.',
    says: 'We will write nothing more, and we keep reading.',
    source: noBytes,
  },
  end: {
    rule: 'end of stream',
    always:
      'No byte is received. Over TCP the daemon’s last segment has the FIN flag; on a Unix socket the kernel tells us. A read returns 0 bytes.',
    says: 'The daemon will write nothing more. This does not say how the command ended.',
    source: noBytes,
  },
  cut: {
    rule: 'cut connection',
    always: 'We closed the connection in both directions before the daemon had ended its own.',
    says: 'This ends our session but not the command.',
    source: noBytes,
  },
} as const satisfies Readonly<Record<string, Rule>>

/** The rules of sessions. */
export const sessionRules: readonly AnyRule[] = [
  ...[...Object.values(output), ...Object.values(typed), ...Object.values(utf8), cutToken],
  ...[standardInput, ...Object.values(ends)],
]
