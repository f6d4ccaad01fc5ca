/**
 * Questions to a person, in a form that suits the terminal.
 *
 * A drawn menu sets the terminal's raw mode itself and leaves it again, so no question is ever asked
 * while a stage holds the terminal.
 *
 * @module
 */

import { Failure } from '../failure.ts'
import type { Form } from './form.ts'

/** One of the answers to choose from. */
export type Choice<Value> = {
  readonly value: Value
  readonly label: string
  /** A few words more, in a drawn menu behind the label of the choice that is marked. */
  readonly hint?: string
  /** A letter that chooses it at once, wherever the mark is. The label names it. */
  readonly key?: string
}

/** What can be asked. Ctrl-C, and the end of the input, are {@link left}. */
export type Ask = {
  /** Lets a person choose. `preselected` is what Enter alone means. */
  readonly choose: <Value>(
    question: string,
    choices: readonly Choice<Value>[],
    preselected?: Value,
  ) => Promise<Value>
  /** Asks for a line of text. Enter alone means `preset`. */
  readonly text: (question: string, preset: string) => Promise<string>
  /** Asks for yes or no. */
  readonly confirm: (question: string) => Promise<boolean>
}

/** What a person who leaves is told, with the exit code of Ctrl-C. */
export function left(): Failure {
  return new Failure('Left. Everything was given back.', 130)
}

/** Makes the questions for a form in which there are questions. */
export function askIn(form: Exclude<Form, 'plain'>): Ask {
  return form === 'menus' ? drawn : numbered
}

/** Where a choice stands, or -1. Without a preselected one it is none: undefined may be a choice. */
function placeOf<Value>(preselected: Value | undefined, choices: readonly Choice<Value>[]): number {
  if (preselected === undefined) return -1
  return choices.findIndex(({ value }) => value === preselected)
}

const drawn: Ask = {
  async choose(message, choices, preselected) {
    const { select } = await import('@clack/prompts')
    const at = placeOf(preselected, choices)
    // The prompt knows arrows and Enter only, and takes an abort for a way out of it.
    const shortcut = new AbortController()
    let pressed: Choice<never> | undefined
    const onKey = (letter: string | undefined): void => {
      pressed = choices.find(({ key }) => key !== undefined && key === letter) as typeof pressed
      if (pressed) shortcut.abort()
    }
    process.stdin.on('keypress', onKey)
    // The values of the prompt are places in the list: it compares values, ours may be anything.
    const answer = await select({
      message,
      options: choices.map(({ label, hint }, value) => ({ value, label, ...(hint && { hint }) })),
      initialValue: Math.max(0, at),
      maxItems: Math.max(5, (process.stdout.rows || 24) - 6),
      signal: shortcut.signal,
    }).finally(() => process.stdin.off('keypress', onKey))
    if (pressed) return pressed.value
    return (choices[answered(answer)] as Choice<never>).value
  },
  async text(message, preset) {
    const { text } = await import('@clack/prompts')
    return answered(await text({ message, initialValue: preset, defaultValue: preset }))
  },
  async confirm(message) {
    const { confirm } = await import('@clack/prompts')
    return answered(await confirm({ message, initialValue: true }))
  },
}

/** A prompt that was left answers with a symbol of its library. */
function answered<Value>(answer: Value): Exclude<Value, symbol> {
  if (typeof answer === 'symbol') throw left()
  return answer as Exclude<Value, symbol>
}

const numbered: Ask = {
  async choose(question, choices, preselected) {
    const preset = placeOf(preselected, choices) + 1
    const lines = choices.map(({ label, hint }, at) => `  ${at + 1}. ${label}${aside(hint)}`)
    process.stdout.write(`${[question, ...lines].join('\n')}\n`)
    for (;;) {
      const enter = preset > 0 ? `, Enter for ${preset}` : ''
      const line = await readLine(`Number from 1 to ${choices.length}${enter}, or q to leave: `)
      if (line === 'q') throw left()
      const byKey = choices.find(({ key }) => key !== undefined && key === line)
      const choice = byKey ?? choices[(line === '' ? preset : Number(line)) - 1]
      if (choice) return choice.value
      process.stdout.write(`There is no ${line || 'empty choice'}.\n`)
    }
  },
  async text(question, preset) {
    const line = await readLine(`${question} (Enter for ${preset || 'nothing'}): `)
    return line === '' ? preset : line
  },
  async confirm(question) {
    for (;;) {
      const line = await readLine(`${question} yes or no: `)
      if (/^y(es)?$/i.test(line)) return true
      if (/^no?$/i.test(line)) return false
      if (line === 'q') throw left()
    }
  },
}

function aside(hint: string | undefined): string {
  return hint ? ` (${hint})` : ''
}

/** Reads one line from the terminal, which edits it. */
function readLine(prompt: string): Promise<string> {
  const { createInterface } = process.getBuiltinModule('node:readline')
  const lines = createInterface({ input: process.stdin, output: process.stdout, terminal: false })
  process.stdout.write(prompt)
  return new Promise((resolve, reject) => {
    lines.once('line', (line) => {
      resolve(line.trim())
      lines.close()
    })
    lines.once('close', () => {
      process.stdin.pause()
      reject(left())
    })
  })
}
