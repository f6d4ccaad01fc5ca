/**
 * The settings that a learner can change between two runs, and the questions
 * about them.
 *
 * @module
 */

import type { Ask } from '../menus/ask.ts'

const sandboxText = 'a sandbox'

/** The settings of a run. */
export type Settings = {
  /** Undefined for a sandbox, which the workbook creates. */
  readonly container: string | undefined
  readonly command: readonly string[]
  readonly tty: boolean
  readonly interactive: boolean
}

/**
 * Asks what to change for the next run. Earlier changes can be undone here.
 *
 * @param original - the settings at the start of the guide
 * @returns the same object if nothing changed
 */
export async function changeSettings(
  ask: Ask,
  settings: Settings,
  original: Settings,
): Promise<Settings> {
  const command = commandText(settings.command)
  const container = settings.container ?? sandboxText
  const changed = changedText(settings, original)
  const what = await ask.choose('What do you want to change?', [
    { value: 'command', label: 'Change the command', hint: `now: ${command}` },
    { value: 'container', label: 'Change the container', hint: `now: ${container}` },
    { value: 'tty', label: `Turn the TTY ${settings.tty ? 'off' : 'on'}`, hint: '-t' },
    {
      value: 'interactive',
      label: `${settings.interactive ? 'Detach' : 'Attach'} standard input`,
      hint: '-i',
    },
    ...(changed === undefined
      ? []
      : [{ value: 'reset', label: 'Undo all changes', hint: changed, key: 'u' }]),
    { value: 'nothing', label: 'Go back', back: 'back' },
  ])
  switch (what) {
    case 'command': {
      const text = await askUntilValid(
        ask,
        'Which command do you want to run?',
        command,
        commandProblem,
      )
      return text === command ? settings : { ...settings, command: readCommand(text) }
    }
    case 'container': {
      const question = 'Which running container? Enter its name, or - for a sandbox.'
      const name = (
        await askUntilValid(ask, question, settings.container ?? '-', nameProblem)
      ).trim()
      if (name === (settings.container ?? '-')) return settings
      return { ...settings, container: name === '-' ? undefined : name }
    }
    case 'tty':
      return { ...settings, tty: !settings.tty }
    case 'interactive':
      return { ...settings, interactive: !settings.interactive }
    case 'reset':
      return original
    default:
      return settings
  }
}

/**
 * Asks for a line of text. If it is not valid, asks again with the reason
 * above the text.
 */
async function askUntilValid(
  ask: Ask,
  question: string,
  preset: string,
  problemOf: (text: string) => string | undefined,
): Promise<string> {
  let [asked, text] = [question, preset]
  for (;;) {
    text = await ask.text(asked, preset, text)
    const problem = problemOf(text)
    if (problem === undefined) return text
    asked = `${problem} ${question}`
  }
}

/**
 * Returns for example `changed: no TTY, the command is ls`, or undefined if
 * all settings are those the guide started with.
 */
export function changedText(settings: Settings, original: Settings): string | undefined {
  const { container, tty, interactive } = settings
  const command = commandText(settings.command)
  const changes = [
    ...(tty === original.tty ? [] : [tty ? 'a TTY' : 'no TTY']),
    ...(interactive === original.interactive
      ? []
      : [`standard input is ${interactive ? 'attached' : 'detached'}`]),
    ...(command === commandText(original.command) ? [] : [`the command is ${command}`]),
    ...(container === original.container ? [] : [`the container is ${container ?? sandboxText}`]),
  ]
  return changes.length === 0 ? undefined : `changed: ${changes.join(', ')}`
}

/** A word that needs no quotes in a shell. */
const plainWord = /^[\w./:@%+,-][\w./:@%+,=-]*$/

/** Returns a command as you would type it. For `sh -c TEXT` that is TEXT. */
export function commandText(command: readonly string[]): string {
  const [shell, option, text, ...more] = command
  if (shell === 'sh' && option === '-c' && text !== undefined && more.length === 0) return text
  return command
    .map((word) => (plainWord.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`))
    .join(' ')
}

/**
 * Says why a command cannot run, which here means an unclosed quote: the
 * shell in the container would report it only later, in its own words.
 * Undefined for a valid command.
 */
export function commandProblem(text: string): string | undefined {
  if (text.trim() === '') return 'Enter a command.'
  let open = ''
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] ?? ''
    if (character === '\\' && open !== "'") at += 1
    else if (character === open) open = ''
    else if (open === '' && (character === "'" || character === '"')) open = character
  }
  if (open === '') return undefined
  const name = open === "'" ? 'single' : 'double'
  return `The ${name} quote ${open} is not closed.`
}

function nameProblem(text: string): string | undefined {
  return text.trim() === '' ? 'Enter a name.' : undefined
}

/**
 * Splits plain words into a program and its arguments, and wraps anything
 * else in `sh -c`.
 */
export function readCommand(text: string): string[] {
  const words = text.trim().split(/ +/)
  // If the first word contains an equals sign, it sets a variable, so it
  // needs a shell.
  const isPlain = words.every((word) => plainWord.test(word)) && !words[0]?.includes('=')
  return isPlain ? words : ['sh', '-c', text]
}
