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
 * Asks what is to be otherwise in the next run.
 *
 * @returns the same settings, the very object, where nothing was changed
 */
export async function changeSettings(ask: Ask, settings: Settings): Promise<Settings> {
  const command = commandText(settings.command)
  const container = settings.container ?? '-'
  const what = await ask.choose('Change what?', [
    { value: 'command', label: `The command: ${command}` },
    { value: 'container', label: `The container: ${settings.container ?? 'one of our own'}` },
    { value: 'tty', label: `A terminal in the container: ${settings.tty ? 'yes' : 'no'}` },
    { value: 'interactive', label: `Attach our input: ${settings.interactive ? 'yes' : 'no'}` },
    { value: 'nothing', label: 'Back', back: 'back' },
  ])
  switch (what) {
    case 'command': {
      const text = await ask.text('Which command?', command)
      return text === command ? settings : { ...settings, command: readCommand(text) }
    }
    case 'container': {
      const name = await ask.text(
        'Which running container? Its name, or - for one of our own.',
        container,
      )
      if (name.trim() === container) return settings
      return { ...settings, container: name.trim() === '-' ? undefined : name.trim() }
    }
    case 'tty':
      return { ...settings, tty: !settings.tty }
    case 'interactive':
      return { ...settings, interactive: !settings.interactive }
    default:
      return settings
  }
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

/** Plain words are a program and its arguments; anything else is for a shell to make sense of. */
export function readCommand(text: string): string[] {
  const words = text.trim().split(/ +/)
  // With an equals sign in it, the first word sets a variable, and that is a matter for a shell.
  const isPlain = words.every((word) => plainWord.test(word)) && !words[0]?.includes('=')
  return isPlain ? words : ['sh', '-c', text]
}
