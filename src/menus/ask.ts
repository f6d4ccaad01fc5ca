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
import { askOrStop } from '../terminal/stop-job.ts'
import { hangingLines, wrapText } from '../text/width.ts'
import type { Form } from './form.ts'
import { chosenLines, type Menu, type MenuSigns, menuLines } from './menu.ts'

/** One of the answers to choose from. */
export type Choice<Value> = {
  readonly value: Value
  readonly label: string
  /** A few words more, in a drawn menu behind the label of the choice that is marked. */
  readonly hint?: string
  /** A letter or a digit that chooses it at once, wherever the mark is. The label names it. */
  readonly key?: string
  /** What Esc and q mean in a drawn menu, in a word for its last row: this choice. */
  readonly back?: string
}

/** What can be asked. Ctrl-C, and the end of the input, are {@link left}. */
export type Ask = {
  /** Lets a person choose. `preselected` is what Enter alone means. */
  readonly choose: <Value>(
    question: string,
    choices: readonly Choice<Value>[],
    preselected?: Value,
  ) => Promise<Value>
  /** Asks for a line of text. Enter alone means `preset`, and so does Esc where there is that key. */
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
  if (form === 'numbers') return numbered
  process.stdin.off('end', endOnHangUp).prependListener('end', endOnHangUp)
  return drawn
}

/**
 * The input of a menu ends only when its window was closed. That is a hangup, but the signal may come
 * too late: a prompt that leaves raw mode now would fail with an error, and without input nothing is
 * left to wait for. So we raise the hangup ourselves, and leave the mode of the lost terminal alone.
 */
function endOnHangUp(): void {
  process.stdin.setRawMode = () => process.stdin
  process.emit('SIGHUP', 'SIGHUP')
}

/** The index of the preselected choice. It is -1 without one, although undefined may be a choice. */
function placeOf<Value>(preselected: Value | undefined, choices: readonly Choice<Value>[]): number {
  if (preselected === undefined) return -1
  return choices.findIndex(({ value }) => value === preselected)
}

type PromptState = Parameters<typeof import('@clack/prompts').symbol>[0]

const drawn: Ask = {
  async choose(question, choices, preselected) {
    const { SelectPrompt } = await import('@clack/core')
    const signs = await signsOf()
    const keys = ['↑/↓ and Enter', ...choices.flatMap(({ back }) => (back ? [`Esc: ${back}`] : []))]
    let escaped = false
    let marked = Math.max(0, placeOf(preselected, choices))
    const answer = await askOrStop((signal) => {
      // The values of the prompt are places in the list: it compares values, ours may be anything.
      const prompt = new SelectPrompt({
        options: choices.map((_, value) => ({ value })),
        initialValue: marked,
        signal,
        render() {
          // Esc ends the prompt as Ctrl-C does, but has chosen something.
          const state = escaped ? 'submit' : this.state
          const isLeft = state === 'cancel'
          marked = this.cursor
          const menu: Menu = {
            ...{ question, choices, keys: keys.join(' • ') },
            marked: isLeft ? undefined : marked,
          }
          const isOver = state === 'submit' || isLeft
          const { columns = 80, rows = 24 } = process.stdout
          const show = isOver ? chosenLines : menuLines
          return show(menu, signs(state), { columns, rows }).join('\n')
        },
      })
      // The prompt itself knows arrows and Enter only. What is chosen here is drawn as if it had been
      // chosen with them.
      prompt.on('key', (letter, { name }) => {
        const isEscape = name === 'escape' || letter === 'q'
        const at = choices.findIndex(({ key, back }) =>
          isEscape ? back !== undefined : key !== undefined && key === letter,
        )
        if (at < 0) return
        escaped = isEscape
        prompt.cursor = at
        prompt.value = at
        prompt.state = 'submit'
      })
      return prompt.prompt()
    })
    return (choices[escaped ? marked : answered(answer as number | symbol)] as Choice<never>).value
  },
  async text(message, preset) {
    const { text, isCancel } = await import('@clack/prompts')
    let escaped = false
    const onKey = (_: string | undefined, key: { readonly name?: string }): void => {
      escaped = key.name === 'escape'
    }
    process.stdin.on('keypress', onKey)
    const answer = await askOrStop((signal) =>
      text({ message, initialValue: preset, defaultValue: preset, signal }),
    ).finally(() => process.stdin.off('keypress', onKey))
    return isCancel(answer) && escaped ? preset : answered(answer)
  },
  async confirm(message) {
    const { confirm } = await import('@clack/prompts')
    return answered(await askOrStop((signal) => confirm({ message, initialValue: true, signal })))
  },
}

/** The signs and the colours of the library's other prompts, so that a menu looks like them. */
async function signsOf(): Promise<(state: PromptState) => MenuSigns> {
  const signs = await import('@clack/prompts')
  return (state) => {
    const isOver = state === 'submit' || state === 'cancel'
    const colour = isOver ? 'gray' : 'cyan'
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

/** A prompt that was left answers with a symbol of its library. */
function answered<Value>(answer: Value): Exclude<Value, symbol> {
  if (typeof answer === 'symbol') throw left()
  return answer as Exclude<Value, symbol>
}

const numbered: Ask = {
  async choose(question, choices, preselected) {
    const preset = placeOf(preselected, choices) + 1
    const width = process.stdout.columns || 80
    const lines = choices.flatMap(({ label, hint }, at) =>
      hangingLines(`  ${at + 1}. `, `${label}${aside(hint)}`, width),
    )
    process.stdout.write(`${[...wrapText(question, width), ...lines].join('\n')}\n`)
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
      reject(left())
    })
  })
}
