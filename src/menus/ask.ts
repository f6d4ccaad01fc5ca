/**
 * Questions to a person, in a form that suits the terminal.
 *
 * A drawn menu sets the terminal's raw mode itself and leaves it again, so no question is ever asked
 * while a stage holds the terminal.
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

/** One of the answers to choose from. */
export type Choice<Value> = {
  readonly value: Value
  readonly label: string
  /** A few words more, behind the label. */
  readonly hint?: string
  /** A letter or a digit that chooses it at once, wherever the mark is. The label names it. */
  readonly key?: string
  /** What q, Esc and Ctrl-C mean, in a word for the last row: this choice. Without one they leave. */
  readonly back?: string
}

/** What can be asked. The end of the input is {@link cancelled}, and so is Ctrl-C where nothing is behind. */
export type Ask = {
  /**
   * Lets a person choose. `preselected` is what Enter alone means. The first nine choices have numbers,
   * and a digit chooses at once, unless a choice has a digit of its own. So many rows `above` the menu
   * are kept on the screen if hints have to go for that.
   */
  readonly choose: <Value>(
    question: string,
    choices: readonly Choice<Value>[],
    preselected?: Value,
    above?: number,
  ) => Promise<Value>
  /**
   * Shows a line of keys, and waits for one: `Enter next · v views · q chapters`. Enter is the first
   * choice, q the one that goes back, and the others have a `key`. With numbers it is a list, below
   * the question.
   */
  readonly key: <Value>(question: string, choices: readonly Choice<Value>[]) => Promise<Value>
  /**
   * Asks for a line of text. In a drawn form it begins with `typed`, or else with `preset`, and Esc and
   * Ctrl-C mean `preset`; with numbers Enter alone does.
   */
  readonly text: (question: string, preset: string, typed?: string) => Promise<string>
  /** Asks for yes or no. Enter alone means `preset`, a yes unless it says otherwise; what goes back is a no. */
  readonly confirm: (question: string, preset?: boolean) => Promise<boolean>
}

/** What a person who leaves is told, with the exit code of Ctrl-C. */
export function cancelled(): Failure {
  return new Failure('Left. Everything was given back.', 130)
}

/** Makes the questions for a form in which there are questions. */
export function askIn(form: Exclude<Form, 'plain'>): Ask {
  if (form === 'numbers') return numbered
  process.stdin.off('end', exitOnHangUp).prependListener('end', exitOnHangUp)
  return drawn
}

/**
 * The input of a menu ends only when its window was closed. That is a hangup, but the signal may come
 * too late: a prompt that leaves raw mode now would fail with an error, and without input nothing is
 * left to wait for. So we raise the hangup ourselves, and leave the mode of the lost terminal alone.
 */
function exitOnHangUp(): void {
  process.stdin.setRawMode = () => process.stdin
  process.emit('SIGHUP', 'SIGHUP')
}

/** The index of the preselected choice. It is -1 without one, although undefined may be a choice. */
function placeOf<Value>(preselected: Value | undefined, choices: readonly Choice<Value>[]): number {
  if (preselected === undefined) return -1
  return choices.findIndex(({ value }) => value === preselected)
}

/** Where q, Esc and Ctrl-C lead: to the choice that goes back, or out. */
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
    let marked = Math.max(0, placeOf(preselected, choices))
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
        marked = markAfter(key, marked, choices.length)
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

/** The sign before a question of the library, and two spaces. */
const textIndent = 3

/** Where the mark goes. Behind the last choice comes the first one again. */
function markAfter(key: string, marked: number, count: number): number {
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

/** Where a choice has a digit of its own, its label says so, and no other digit means anything. */
function isNumbered(choices: readonly Choice<unknown>[]): boolean {
  return !choices.some(({ key }) => /^\d$/.test(key ?? ''))
}

/** `1–7, ↑↓ Enter • q: back` */
function keysText(choices: readonly Choice<unknown>[], numbered: boolean): string {
  const back = choices.find((choice) => choice.back !== undefined)?.back ?? 'leave'
  const own = choices.filter(({ key }) => /^\d$/.test(key ?? '')).length
  const last = numbered ? Math.min(choices.length, lastDigit) : own
  return `1–${last}, ↑↓ Enter • q: ${back}`
}

type MenuState = Parameters<typeof import('@clack/prompts').symbol>[0]

/** The signs and the colours of the library's prompt for text, so that a menu looks like it. */
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
    const preset = placeOf(preselected, choices) + 1
    const width = process.stdout.columns || 80
    const lines = choices.flatMap(({ label, hint }, at) =>
      hangingLines(`  ${at + 1}. `, `${label}${aside(hint)}`, width),
    )
    process.stdout.write(`${[...wrapText(question, width), ...lines].join('\n')}\n`)
    const leads = choices.some((choice) => choice.back !== undefined) ? 'go back' : 'leave'
    const enter = preset > 0 ? `, Enter for ${preset}` : ''
    for (;;) {
      const line = await readLine(`Number from 1 to ${choices.length}${enter}, or q to ${leads}: `)
      if (line === 'q') return goBack(choices).value
      const named = choices.find(
        ({ key, label }) => key === line || label.toLowerCase() === line.toLowerCase(),
      )
      const choice = named ?? choices[(line === '' ? preset : Number(line)) - 1]
      if (choice) return choice.value
      process.stdout.write(`There is no ${line || 'empty choice'}.\n`)
    }
  },
  key: (question, choices) => numbered.choose(question || 'What next?', choices, choices[0]?.value),
  async text(question, preset) {
    const line = await readLine(`${question} (Enter for ${preset || 'nothing'}): `)
    return line === '' ? preset : line
  },
  confirm: (question, preset = true) => numbered.choose(question, yesOrNo, preset),
}

function aside(hint: string | undefined): string {
  return hint ? ` (${hint})` : ''
}

/** Reads one line from the terminal, which edits it. */
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
      // The input is at its end, and so is the line with the question.
      if (!hasAnswered) process.stdout.write('\n')
      reject(cancelled())
    })
  })
}
