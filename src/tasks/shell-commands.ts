/**
 * Finds the commands that were typed at a shell in the bytes of connection 2:
 * the line as the shell showed it, the bytes it took to type, and the output.
 *
 * Under a tty a command is a line after a prompt. So `ls` typed into `vi` or
 * `cat` doesn't count, and echo isn't output. Without a tty there is neither
 * prompt nor echo, so every line that we sent is a command.
 *
 * @module
 */

import { createDemultiplexer } from '../stream/frames.ts'
import { type BytesEvent, bytesOf, type EventOf, type TapeEvent } from '../tape/event.ts'
import { cursorReport } from '../terminal/screen.ts'
import { followLine } from './screen-line.ts'

/** A command that was typed at the shell. */
export type ShellCommand = {
  /** Its line: `stty size`. */
  readonly text: string
  /** How many bytes were typed for it, including Enter. */
  readonly typed: number
  /** How many bytes of echo came back before its output. */
  readonly echoed: number
  /** Its output, stdout and stderr together, without frame headers. */
  readonly output: Buffer
  /** The frames that its output arrived in. Empty under a tty. */
  readonly frames: readonly EventOf<'frame'>[]
  /** What was typed while it ran. */
  readonly keys: Buffer
  /** Whether it moved the cursor, as a full-screen program does. */
  readonly draws: boolean
  /**
   * Whether the prompt is back; without a tty, whether any output has
   * arrived.
   */
  readonly isOver: boolean
}

/** A command whose output is still being collected. */
type Running = {
  readonly text: string
  readonly typed: number
  readonly echoed: number
  readonly output: Uint8Array[]
  readonly frames: EventOf<'frame'>[]
  readonly keys: Uint8Array[]
  isOver: boolean
}

/** The commands of a run, in order. */
export function shellCommandsIn(events: readonly TapeEvent[]): ShellCommand[] {
  const hijacked = events.findIndex(({ kind }) => kind === 'upgrade')
  const upgrade = events[hijacked]
  if (upgrade?.kind !== 'upgrade') return []
  const session = events.slice(hijacked)
  return upgrade.framing === 'raw' ? commandsAtPrompts(session) : linesSent(session)
}

function begin(text: string, typed: number, echoed: number): Running {
  return { ...{ text, typed, echoed }, output: [], frames: [], keys: [], isOver: false }
}

/** What was typed, one character per byte, without cursor reports. */
function typedText(event: BytesEvent): string {
  return bytesOf(event).toString('latin1').replace(cursorReport, '')
}

function commandsAtPrompts(events: readonly TapeEvent[]): ShellCommand[] {
  const commands: Running[] = []
  const line = followLine()
  /**
   * The end of this shell's prompt: `# `. The rest may change with the
   * folder.
   */
  let promptEnd: string | undefined
  /**
   * The line being typed: its prompt, its keys, and the number of bytes
   * echoed.
   */
  let input: { readonly prompt: string; keys: string; echoed: number } | undefined
  let running: { readonly command: Running; readonly prompt: string } | undefined

  const isAtPrompt = (): boolean => {
    const text = line.text()
    if (line.isAlternate() || !/\S $/.test(text)) return false
    promptEnd ??= text.slice(-2)
    return text.endsWith(promptEnd)
  }
  const endCommand = (): void => {
    if (running) running.command.isOver = true
    running = undefined
  }
  const press = (keys: string): void => {
    if (keys === '') return
    if (!input && isAtPrompt()) {
      endCommand()
      input = { prompt: line.text(), keys: '', echoed: 0 }
    }
    if (input) input.keys += keys
    else running?.command.keys.push(Buffer.from(keys, 'latin1'))
  }
  const endLine = (text: string): void => {
    const enter = input?.keys.search(/[\r\n]/) ?? -1
    if (!input || enter === -1) return
    const { prompt, echoed } = input
    input = undefined
    const typed = text.startsWith(prompt) ? text.slice(prompt.length).trim() : ''
    if (typed === '') return
    running = { command: begin(typed, enter + 1, echoed), prompt }
    commands.push(running.command)
  }

  for (const event of events) {
    if (event.kind === 'sent' && event.typed) press(typedText(event))
    if (event.kind !== 'received') continue
    for (const part of splitAfterLines(bytesOf(event))) {
      running?.command.output.push(part)
      if (input) input.echoed += part.length
      line.write(part, endLine)
    }
    if (line.text() === running?.prompt && !line.isAlternate()) endCommand()
  }
  return commands.map(finishAtPrompt)
}

/** Splits bytes after each line feed. */
function splitAfterLines(bytes: Buffer): Buffer[] {
  const parts: Buffer[] = []
  for (let from = 0; from < bytes.length; ) {
    const end = bytes.indexOf('\n', from)
    const to = end === -1 ? bytes.length : end + 1
    parts.push(bytes.subarray(from, to))
    from = to
  }
  return parts
}

function finishAtPrompt(command: Running): ShellCommand {
  const { output, ...rest } = finish(command)
  // The prompt after its last line isn't output.
  const end = rest.isOver ? output.lastIndexOf('\n') + 1 : output.length
  return { ...rest, output: output.subarray(0, end) }
}

function finish({ output, keys, ...rest }: Running): ShellCommand {
  const all = Buffer.concat(output)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences start with one.
  const draws = /\x1b\[[\d;]*H/.test(all.toString('latin1'))
  return { ...rest, output: all, keys: Buffer.concat(keys), draws }
}

function linesSent(events: readonly TapeEvent[]): ShellCommand[] {
  const commands: Running[] = []
  const unframe = createDemultiplexer((_stream, payload) => {
    commands.at(-1)?.output.push(Uint8Array.from(payload))
  })
  for (const event of events) {
    if (event.kind === 'sent' && event.typed) {
      for (const text of typedText(event).split('\n')) {
        if (text.trim() !== '') commands.push(begin(text.trim(), text.length + 1, 0))
      }
    }
    const command = commands.at(-1)
    if (event.kind === 'frame' && command) {
      command.frames.push(event)
      command.isOver = true
    }
    if (event.kind !== 'received') continue
    try {
      unframe(bytesOf(event))
    } catch {
      // An error from the daemon, or not frames at all: the session ends
      // here.
      break
    }
  }
  return commands.map(finish)
}
