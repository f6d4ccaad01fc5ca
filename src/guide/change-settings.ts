/**
 * What a learner may change between two runs, and the questions about it.
 *
 * @module
 */

import type { Ask } from '../menus/ask.ts'

/** What a run is made with. */
export type Settings = {
  /** Undefined for a container of our own. */
  readonly container: string | undefined
  readonly command: readonly string[]
  readonly tty: boolean
  readonly interactive: boolean
}

/**
 * Asks what to change for the next run. What was changed before can be reset here.
 *
 * @param original - the settings that the guide began with
 * @returns the same object if nothing was changed
 */
export async function changeSettings(
  ask: Ask,
  settings: Settings,
  original: Settings,
): Promise<Settings> {
  const command = commandText(settings.command)
  const container = settings.container ?? '-'
  const changed = changedText(settings, original)
  const what = await ask.choose('Change what?', [
    { value: 'command', label: `The command: ${command}` },
    { value: 'container', label: `The container: ${settings.container ?? 'one of our own'}` },
    { value: 'tty', label: `A terminal in the container: ${settings.tty ? 'yes' : 'no'}` },
    { value: 'interactive', label: `Attach our input: ${settings.interactive ? 'yes' : 'no'}` },
    ...(changed === undefined
      ? []
      : [{ value: 'reset', label: 'Undo all changes', hint: changed, key: 'u' }]),
    { value: 'nothing', label: 'Back', back: 'back' },
  ])
  switch (what) {
    case 'command': {
      const text = await askUntilUsable(ask, 'Which command?', command, commandProblem)
      return text === command ? settings : { ...settings, command: readCommand(text) }
    }
    case 'container': {
      const question = 'Which running container? Its name, or - for one of our own.'
      const name = (await askUntilUsable(ask, question, container, nameProblem)).trim()
      if (name === container) return settings
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

/** Asks for a line of text. What cannot be used stays in the field, below the reason. */
async function askUntilUsable(
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
 * `changed: no terminal in the container, the command is ls`, for as long as a change lasts.
 * Undefined if everything is as it was when the guide began.
 */
export function changedText(settings: Settings, original: Settings): string | undefined {
  const { container, tty, interactive } = settings
  const command = commandText(settings.command)
  const changes = [
    ...(tty === original.tty ? [] : [`${tty ? 'a' : 'no'} terminal in the container`]),
    ...(interactive === original.interactive
      ? []
      : [`our input is ${interactive ? '' : 'not '}attached`]),
    ...(command === commandText(original.command) ? [] : [`the command is ${command}`]),
    ...(container === original.container
      ? []
      : [`the container is ${container ?? 'one of our own'}`]),
  ]
  return changes.length === 0 ? undefined : `changed: ${changes.join(', ')}`
}

/** A word that a shell takes as it stands. */
const plainWord = /^[\w./:@%+,-][\w./:@%+,=-]*$/

/** A command as a person types it. What a shell gets as one text is that text. */
export function commandText(command: readonly string[]): string {
  const [shell, option, text, ...more] = command
  if (shell === 'sh' && option === '-c' && text !== undefined && more.length === 0) return text
  return command
    .map((word) => (plainWord.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`))
    .join(' ')
}

/**
 * Why a typed command cannot be run: a quote that is not closed. A shell in the container would only
 * report it there, as an error of its own. Undefined for a command that is complete.
 */
export function commandProblem(text: string): string | undefined {
  if (text.trim() === '') return 'There is no command.'
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
  return text.trim() === '' ? 'There is no name.' : undefined
}

/** Plain words are a program and its arguments; anything else is for a shell to make sense of. */
export function readCommand(text: string): string[] {
  const words = text.trim().split(/ +/)
  // With an equals sign in it, the first word sets a variable, and that is a matter for a shell.
  const isPlain = words.every((word) => plainWord.test(word)) && !words[0]?.includes('=')
  return isPlain ? words : ['sh', '-c', text]
}
