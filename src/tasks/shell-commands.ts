/**
 * The commands that were typed at a shell, read off what passed on connection 2: the line as the
 * shell showed it, what it cost to type it, and what the command wrote.
 *
 * With a tty a command is a line behind a prompt. So `ls` typed into `vi` or into `cat` is none, and
 * the echo of the keys is no output. Without a tty there is neither prompt nor echo: a command is a
 * line that we sent.
 *
 * @module
 */

import { createDemultiplexer } from '../stream/frames.ts'
import { type BytesEvent, bytesOf, type EventOf, type TapeEvent } from '../tape/event.ts'
import { cursorReport } from '../terminal/screen.ts'
import { followLine } from './screen-line.ts'

/** A command at the shell. */
export type ShellCommand = {
  /** `stty size` */
  readonly text: string
  /** What was typed for it, in bytes, Enter included. */
  readonly typed: number
  /** What came back before its output, in bytes: the echo. */
  readonly echoed: number
  /** What it wrote. With a tty, stdout and stderr as they came; without one, out of its frames. */
  readonly output: Buffer
  /** The headers of the frames that its output came in. */
  readonly frames: readonly EventOf<'frame'>[]
  /** What was typed while it ran. */
  readonly keys: Buffer
  /** Whether it moved the cursor about the screen, as a full-screen program does. */
  readonly draws: boolean
  /** Whether the shell has shown its prompt again; without a tty, whether anything came of it. */
  readonly isOver: boolean
}

/** The same while it runs. */
type Running = {
  readonly text: string
  readonly typed: number
  readonly echoed: number
  readonly output: Uint8Array[]
  readonly frames: EventOf<'frame'>[]
  readonly keys: Uint8Array[]
  isOver: boolean
}

/** The commands of a run, in their order. */
export function shellCommandsIn(events: readonly TapeEvent[]): ShellCommand[] {
  const hijacked = events.findIndex(({ kind }) => kind === 'upgrade')
  const upgrade = events[hijacked]
  if (upgrade?.kind !== 'upgrade') return []
  const session = events.slice(hijacked)
  return upgrade.framing === 'raw' ? behindPrompts(session) : linesSent(session)
}

function begin(text: string, typed: number, echoed: number): Running {
  return { ...{ text, typed, echoed }, output: [], frames: [], keys: [], isOver: false }
}

/** What was typed, a character for each byte. */
function typedText(event: BytesEvent): string {
  return bytesOf(event).toString('latin1').replace(cursorReport, '')
}

function behindPrompts(events: readonly TapeEvent[]): ShellCommand[] {
  const commands: Running[] = []
  const line = followLine()
  /** What every prompt of this shell ends with: `# `. The rest of it may change with the folder. */
  let sign: string | undefined
  /** The line that is being typed: its prompt, its keys, and how many bytes of echo came back. */
  let input: { readonly prompt: string; keys: string; echoed: number } | undefined
  let running: { readonly command: Running; readonly prompt: string } | undefined

  const isAtPrompt = (): boolean => {
    const text = line.text()
    if (line.isAlternate() || !/\S $/.test(text)) return false
    sign ??= text.slice(-2)
    return text.endsWith(sign)
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
    for (const part of untilLineEnds(bytesOf(event))) {
      running?.command.output.push(part)
      if (input) input.echoed += part.length
      line.write(part, endLine)
    }
    if (line.text() === running?.prompt && !line.isAlternate()) endCommand()
  }
  return commands.map(finishAtPrompt)
}

/** The bytes, cut behind each line end. */
function untilLineEnds(bytes: Buffer): Buffer[] {
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
  // The prompt that showed its end came behind its last line.
  const end = rest.isOver ? output.lastIndexOf('\n') + 1 : output.length
  return { ...rest, output: output.subarray(0, end) }
}

function finish({ output, keys, ...rest }: Running): ShellCommand {
  const all = Buffer.concat(output)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal is controlled by them.
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
      // A message of the daemon, or no frames at all: the session ends there.
      break
    }
  }
  return commands.map(finish)
}
