/**
 * What a program asks of the terminal, and what the terminal answers, in
 * sequences that begin with ESC.
 *
 * @module
 */

import { countOf } from '../../text/count.ts'

/** The numbers in a sequence: `5;12` becomes 5 and 12. */
type Numbers = readonly (number | undefined)[]

const countText = (what: string, [count = 1]: Numbers): string => countOf(count, what)

const times = (what: string, [count = 1]: Numbers): string =>
  `moves the cursor ${what} ${count === 1 ? 'once' : `${count} times`}`

const erased = (what: string, names: readonly string[], [kind = 0]: Numbers): string =>
  `erases ${names[kind] ?? `part ${kind}`} of the ${what}`

/** The control sequences by their last letter. */
const control: Readonly<Record<string, (numbers: Numbers) => string>> = {
  '@': (numbers) => `inserts ${countText('blank', numbers)}`,
  A: (numbers) => times('up', numbers),
  B: (numbers) => times('down', numbers),
  C: (numbers) => times('right', numbers),
  D: (numbers) => times('left', numbers),
  G: ([column = 1]) => `moves the cursor to column ${column}`,
  H: ([row = 1, column = 1]) => `moves the cursor to row ${row}, column ${column}`,
  J: (numbers) =>
    numbers[0] === 3
      ? 'erases the lines that have left the screen'
      : erased('screen', ['the rest', 'the part above the cursor', 'all'], numbers),
  K: (numbers) => erased('line', ['the rest', 'the part before the cursor', 'all'], numbers),
  L: (numbers) => `inserts ${countText('line', numbers)}`,
  M: (numbers) => `deletes ${countText('line', numbers)}`,
  P: (numbers) => `deletes ${countText('character', numbers)}`,
  X: (numbers) => `erases ${countText('character', numbers)}`,
  c: () => 'asks what kind of terminal it is',
  d: ([row = 1]) => `moves the cursor to row ${row}`,
  f: ([row = 1, column = 1]) => `moves the cursor to row ${row}, column ${column}`,
  h: ([mode]) => `switches mode ${mode} on`,
  l: ([mode]) => `switches mode ${mode} off`,
  m: (numbers) => `sets ${looks(numbers).join(', ')}`,
  n: ([report = 0]) =>
    report === 6 ? 'asks where the cursor is' : `asks for the report ${report}`,
  r: ([top, bottom]) =>
    top === undefined && bottom === undefined
      ? 'lets the whole screen scroll'
      : `limits scrolling to the rows from ${top ?? 1}${bottom === undefined ? '' : ` to ${bottom}`}`,
  t: () => 'asks for or changes the window’s state',
}

const attributes: Readonly<Record<number, string>> = {
  0: 'the usual look',
  1: 'bold',
  2: 'faint',
  3: 'italics',
  4: 'underlined',
  5: 'blinking',
  7: 'reversed colours',
  22: 'neither bold nor faint',
  24: 'not underlined',
  27: 'colours not reversed',
  39: 'the usual colour',
  49: 'the usual background',
}

const colours = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white']

/** `38;5;196` and `38;2;255;0;0` are one colour each. */
function looks([first = 0, ...others]: Numbers): string[] {
  const size = first === 38 || first === 48 ? { 2: 4, 5: 2 }[others[0] ?? 0] : undefined
  const name =
    size === undefined
      ? look(first)
      : `the ${first === 38 ? 'colour' : 'background'} ${others.slice(1, size).join(' ')}`
  const rest = others.slice(size ?? 0)
  return rest.length === 0 ? [name] : [name, ...looks(rest)]
}

function look(number: number): string {
  const colour = colours[number % 10] ?? ''
  if (number >= 30 && number <= 37) return `the colour ${colour}`
  if (number >= 40 && number <= 47) return `the background ${colour}`
  if (number >= 90 && number <= 97) return `the bright colour ${colour}`
  return attributes[number] ?? `the look ${number}`
}

/** The modes that begin with a question mark. */
const modes: Readonly<Record<number, string>> = {
  1: 'other codes for the arrow keys',
  7: 'wrapping at the right edge',
  12: 'the blinking cursor',
  25: 'the cursor',
  1000: 'reports of mouse clicks',
  1006: 'mouse reports in numbers',
  1049: 'the second screen, which full-screen programs use,',
  2004: 'marks around pasted text',
}

/**
 * Says what a control sequence does: `ESC [`, parameters, a letter.
 *
 * @param text - the whole sequence
 */
export function controlSequenceMeaning(text: string): string {
  const parameters = text.slice(2, -1)
  const letter = text.slice(-1)
  const numbers = parameters
    .replace(/[^\d;]/g, '')
    .split(';')
    .map((digits) => (digits === '' ? undefined : Number(digits)))
  if (parameters.startsWith('?') && (letter === 'h' || letter === 'l')) {
    const names = numbers.map((number = 0) => modes[number] ?? `mode ${number}`)
    return `The program switches ${names.join(' and ')} ${letter === 'h' ? 'on' : 'off'}.`
  }
  const says = /^[\d;]*$/.test(parameters) ? control[letter] : undefined
  return says
    ? `The program ${says(numbers)}.`
    : `The program sends ESC ${text.slice(1)}, which is not in our table.`
}

const others: Readonly<Record<string, string>> = {
  '7': 'saves the position of the cursor',
  '8': 'restores the position of the cursor',
  '=': 'asks for other codes from the number pad',
  '>': 'asks for the usual codes from the number pad',
  c: 'resets the terminal',
  D: 'moves the cursor down a line',
  E: 'begins a new line',
  M: 'moves the cursor up a line',
}

/** Says what a short escape sequence does: ESC and one or two characters. */
export function escapeSequenceMeaning(text: string): string {
  const says = others[text.slice(1)]
  if (says) return `The program ${says}.`
  return text[1] === '('
    ? `The program chooses the character set ${text.slice(2)}.`
    : `The program sends ESC ${text.slice(1)}, which is not in our table.`
}

/** Says what an operating system command does: `ESC ]`, a number, a text. */
export function systemCommandMeaning(text: string): string {
  const [, number = '', value = ''] = /^(\d*);?(\P{Cc}*)/u.exec(text.slice(2)) ?? []
  if (number === '1') return `The program names the window’s icon “${value}”.`
  return ['0', '2'].includes(number)
    ? `The program sets the window’s title to “${value}”.`
    : `The program sends command ${number} with “${value}”.`
}

const keys: Readonly<Record<string, string>> = {
  A: 'arrow up',
  B: 'arrow down',
  C: 'arrow right',
  D: 'arrow left',
  H: 'Home',
  F: 'End',
  Z: 'Shift-Tab',
  '1~': 'Home',
  '2~': 'Insert',
  '3~': 'Delete',
  '4~': 'End',
  '5~': 'Page Up',
  '6~': 'Page Down',
}

/** Says which key, or which answer of the terminal, a sequence is. */
export function typedSequenceMeaning(text: string): string {
  const position = /^\[(\d+);(\d+)R$/.exec(text.slice(1))
  if (position) {
    const [, row, column] = position
    return `The terminal answers by itself: the cursor is in row ${row}, column ${column}.`
  }
  if (text === '\x1b[200~') return 'What follows was pasted.'
  if (text === '\x1b[201~') return 'What was pasted ends.'
  const key = /^.[[O]/.test(text) ? keys[text.slice(2)] : undefined
  if (key) return `The key ${key}.`
  return text.length === 2 && !'[O'.includes(text[1] ?? '')
    ? `Alt and the key ${text[1]}.`
    : `A key that sends ESC ${text.slice(1)}.`
}
