/**
 * Asks the user questions in a form that suits the terminal.
 *
 * A drawn menu sets raw mode on its own and restores the previous mode, so
 * never ask a question while a stage holds the terminal.
 *
 * @module
 */

import { styleText } from 'node:util'
import { Failure } from '../process/failure.ts'
import { askOrSuspend } from '../terminal/suspend-job.ts'
import { styleFor } from '../text/style.ts'
import { hangingLines, wrapText } from '../text/width.ts'
import type { Form } from './form.ts'
import { goesBack } from './keys.ts'
import { chosenLines, keyLines, lastDigit, type Menu, type MenuSigns, menuLines } from './menu.ts'
import { askWithKeys } from './prompt.ts'

/** One choice of a question. */
export type Choice<Value> = {
  readonly value: Value
  readonly label: string
  /** A short addition after the label. */
  readonly hint?: string
  /**
   * A letter or a digit that selects this choice immediately. The label names
   * it.
   */
  readonly key?: string
  /**
   * Marks the choice for q, Esc and Ctrl-C, and names it in the last row.
   * Without such a choice, those keys cancel.
   */
  readonly back?: string
}

/**
 * The questions that can be asked. At EOF they throw {@link cancelled}, and
 * on Ctrl-C too unless a choice goes back.
 */
export type Ask = {
  /**
   * Asks for one of several choices. Enter alone means `preselected`. The
   * first nine choices have numbers, and a digit selects one immediately,
   * unless a choice has its own digit. Hints are hidden if they would push
   * the `above` rows above the menu off the screen.
   */
  readonly choose: <Value>(
    question: string,
    choices: readonly Choice<Value>[],
    preselected?: Value,
    above?: number,
  ) => Promise<Value>
  /**
   * Shows a line of keys and waits for one: `Enter continue · v views · q
   * chapters`. Enter is the first choice, q the one that goes back, and the
   * others have a `key`. With numbers it is a list below the question.
   */
  readonly key: <Value>(question: string, choices: readonly Choice<Value>[]) => Promise<Value>
  /**
   * Asks for a line of text. A drawn prompt starts with `typed`, or with
   * `preset` by default, and returns `preset` on Esc and Ctrl-C. With
   * numbers, Enter alone returns `preset`.
   */
  readonly text: (question: string, preset: string, typed?: string) => Promise<string>
  /**
   * Asks for yes or no. Enter alone means `preset`, which is yes by default.
   * Going back means no.
   */
  readonly confirm: (question: string, preset?: boolean) => Promise<boolean>
}

/**
 * Returns the failure that reports a cancellation, with the exit code of
 * Ctrl-C.
 */
export function cancelled(): Failure {
  return new Failure('Cancelled. Everything has been restored.', 130)
}

/** Returns the questions for a form that has any. */
export function askIn(form: Exclude<Form, 'plain'>): Ask {
  if (form === 'numbers') return numbered
  process.stdin.off('end', exitOnHangUp).prependListener('end', exitOnHangUp)
  return drawn
}

/**
 * The input of a menu ends only when its window is closed. The SIGHUP may
 * arrive too late: a prompt that leaves raw mode now would fail, and without
 * input nothing keeps the process alive. So we raise SIGHUP ourselves and
 * leave the mode of the lost terminal unchanged.
 */
function exitOnHangUp(): void {
  process.stdin.setRawMode = () => process.stdin
  process.emit('SIGHUP', 'SIGHUP')
}

/**
 * Returns the index of the preselected choice, or -1 without one. A choice
 * may itself be undefined.
 */
function indexOfChoice<Value>(
  preselected: Value | undefined,
  choices: readonly Choice<Value>[],
): number {
  if (preselected === undefined) return -1
  return choices.findIndex(({ value }) => value === preselected)
}

/** Returns the choice for q, Esc and Ctrl-C, or cancels. */
function goBack<Value>(choices: readonly Choice<Value>[]): Choice<Value> {
  const back = choices.find((choice) => choice.back !== undefined)
  if (!back) throw cancelled()
  return back
}

const yesOrNo: readonly Choice<boolean>[] = [
  { value: true, label: 'Yes', key: 'y' },
  { value: false, label: 'No', key: 'n', back: 'no' },
]

const drawn: Ask = {
  async choose(question, choices, preselected, above = 0) {
    const signs = await signsOf()
    const numbered = isNumbered(choices)
    let marked = Math.max(0, indexOfChoice(preselected, choices))
    const menuNow = (at: number | undefined): Menu => {
      return { question, choices, marked: at, numbered, above, keys: keysText(choices, numbered) }
    }
    const chosen = await askWithKeys<number | 'back'>({
      lines: (window) => menuLines(menuNow(marked), signs('active'), window),
      take(key) {
        const at = choices.findIndex((choice) => choice.key !== undefined && choice.key === key)
        if (at >= 0) return { answer: at }
        if (goesBack(key)) return { answer: 'back' }
        if (numbered && /^[1-9]$/.test(key) && choices[Number(key) - 1]) {
          return { answer: Number(key) - 1 }
        }
        if (key === 'enter') return { answer: marked }
        marked = nextMark(key, marked, choices.length)
        return undefined
      },
      lastLines(answer, window) {
        const at = answer === 'back' ? choices.findIndex(({ back }) => back !== undefined) : answer
        const state = at < 0 ? 'cancel' : 'submit'
        return chosenLines(menuNow(at < 0 ? undefined : at), signs(state), window)
      },
    })
    return chosen === 'back' ? goBack(choices).value : (choices[chosen] as Choice<never>).value
  },
  async key(question, choices) {
    const { dim } = styleFor(process.stdout, process.env)
    const named = choices.map(({ label, key, back }, at) => ({
      key: at === 0 ? 'Enter' : (key ?? 'q'),
      label: back ?? label,
    }))
    const chosen = await askWithKeys<Choice<never> | 'back'>({
      lines: (window) => [
        ...(question === '' ? [] : wrapText(question, window.columns)),
        ...keyLines(named, window).map(dim),
      ],
      take(pressed) {
        const choice = choices.find(({ key }) => key !== undefined && key === pressed)
        if (choice) return { answer: choice as Choice<never> }
        if (goesBack(pressed)) return { answer: 'back' }
        return pressed === 'enter' ? { answer: choices[0] as Choice<never> } : undefined
      },
      lastLines: () => [],
    })
    return chosen === 'back' ? goBack(choices).value : chosen.value
  },
  async text(question, preset, typed = preset) {
    const message = wrapText(question, (process.stdout.columns || 80) - textIndent).join('\n')
    const { text, isCancel } = await import('@clack/prompts')
    const answer = await askOrSuspend((signal) => text({ message, initialValue: typed, signal }))
    return isCancel(answer) ? preset : (answer ?? '')
  },
  confirm: (question, preset = true) => drawn.choose(question, yesOrNo, preset),
}

/** The width of the symbol before the library's prompt, and two spaces. */
const textIndent = 3

/** Returns the next marked choice. The list wraps around. */
function nextMark(key: string, marked: number, count: number): number {
  switch (key) {
    case 'up':
    case 'k':
      return (marked + count - 1) % count
    case 'down':
    case 'j':
      return (marked + 1) % count
    case 'home':
      return 0
    case 'end':
      return count - 1
    default:
      return marked
  }
}

/**
 * If a choice has its own digit, its label shows it and no other digit
 * selects anything.
 */
function isNumbered(choices: readonly Choice<unknown>[]): boolean {
  return !choices.some(({ key }) => /^\d$/.test(key ?? ''))
}

/** Returns `1–7, ↑↓ Enter • q: back`. */
function keysText(choices: readonly Choice<unknown>[], numbered: boolean): string {
  const back = choices.find((choice) => choice.back !== undefined)?.back ?? 'leave'
  const own = choices.filter(({ key }) => /^\d$/.test(key ?? '')).length
  const last = numbered ? Math.min(choices.length, lastDigit) : own
  return `1–${last}, ↑↓ Enter • q: ${back}`
}

type MenuState = Parameters<typeof import('@clack/prompts').symbol>[0]

/**
 * Returns the symbols and colours of the library's text prompt, so that a
 * menu looks the same.
 */
async function signsOf(): Promise<(state: MenuState) => MenuSigns> {
  const signs = await import('@clack/prompts')
  return (state) => {
    const colour = state === 'active' ? 'cyan' : 'gray'
    return {
      step: signs.symbol(state),
      bar: styleText(colour, signs.S_BAR),
      end: styleText(colour, signs.S_BAR_END),
      chosen: styleText('green', signs.S_RADIO_ACTIVE),
      other: styleText('dim', signs.S_RADIO_INACTIVE),
      dim: (text) => styleText('dim', text),
    }
  }
}

const numbered: Ask = {
  async choose(question, choices, preselected) {
    const preset = indexOfChoice(preselected, choices) + 1
    const width = process.stdout.columns || 80
    const lines = choices.flatMap(({ label, hint }, at) =>
      hangingLines(`  ${at + 1}. `, `${label}${hintText(hint)}`, width),
    )
    process.stdout.write(`${[...wrapText(question, width), ...lines].join('\n')}\n`)
    const backText = choices.some((choice) => choice.back !== undefined) ? 'go back' : 'leave'
    const enter = preset > 0 ? `, Enter for ${preset}` : ''
    for (;;) {
      const line = await readLine(
        `Number from 1 to ${choices.length}${enter}, or q to ${backText}: `,
      )
      if (line === 'q') return goBack(choices).value
      const named = choices.find(
        ({ key, label }) => key === line || label.toLowerCase() === line.toLowerCase(),
      )
      const choice = named ?? choices[(line === '' ? preset : Number(line)) - 1]
      if (choice) return choice.value
      process.stdout.write(line === '' ? 'Enter a number.\n' : `There is no choice ${line}.\n`)
    }
  },
  key: (question, choices) => numbered.choose(question || 'What next?', choices, choices[0]?.value),
  async text(question, preset) {
    const line = await readLine(`${question} (Enter for ${preset || 'nothing'}): `)
    return line === '' ? preset : line
  },
  confirm: (question, preset = true) => numbered.choose(question, yesOrNo, preset),
}

function hintText(hint: string | undefined): string {
  return hint ? ` (${hint})` : ''
}

/** Reads one line, which the terminal itself edits. */
function readLine(prompt: string): Promise<string> {
  const { createInterface } = process.getBuiltinModule('node:readline')
  const lines = createInterface({ input: process.stdin, output: process.stdout, terminal: false })
  process.stdout.write(wrapText(prompt, process.stdout.columns || 80).join('\n'))
  let hasAnswered = false
  return new Promise((resolve, reject) => {
    lines.once('line', (line) => {
      hasAnswered = true
      resolve(line.trim())
      lines.close()
    })
    lines.once('close', () => {
      process.stdin.pause()
      // End the line with the question.
      if (!hasAnswered) process.stdout.write('\n')
      reject(cancelled())
    })
  })
}
