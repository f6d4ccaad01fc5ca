/**
 * Reads a tape from a file. The file may come from anywhere, so every line is
 * validated.
 *
 * @module
 */

import { readFileSync, statSync } from 'node:fs'
import { codeOf, Failure } from '../process/failure.ts'
import { type EventKind, type Tape, type TapeEvent, type TapeHead, tapeVersion } from './event.ts'
import { isShallow } from './grammar/json-members.ts'

/** A tape read from a file. */
export type ReadTape = Tape & {
  /**
   * What is missing at the end, as a sentence. Undefined for a complete tape.
   */
  readonly cut: string | undefined
}

/**
 * In bytes. A tape has a few hundred kilobytes; a file larger than this is
 * something else.
 */
const largest = 64 * 1024 * 1024

/**
 * Reads a tape.
 *
 * @throws a {@link Failure} that says why the file is not a readable tape
 */
export function readTape(file: string): ReadTape {
  return parseTape(readText(file), file)
}

function readText(file: string): string {
  try {
    const kind = statSync(file)
    if (kind.isDirectory()) throw new Failure(`cannot read ${file}: it is a folder, not a tape`)
    if (!kind.isFile()) throw new Failure(`cannot read ${file}: it is not a regular file`)
    if (kind.size > largest) throw new Failure(`cannot read ${file}: it is too large to be a tape`)
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (error instanceof Failure) throw error
    switch (codeOf(error)) {
      case 'ENOENT':
      case 'ENOTDIR':
        throw new Failure(
          `cannot read ${file}: no such tape`,
          1,
          'npm run replay -- --list lists your tapes.',
        )
      case 'EACCES':
        throw new Failure(`cannot read ${file}: permission denied`)
      default:
        throw new Failure(`cannot read ${file}: ${(error as Error).message}`)
    }
  }
}

/** Parses the text of a tape. `name` is the file name for error messages. */
export function parseTape(text: string, name: string): ReadTape {
  if (text.trim() === '') throw new Failure(`cannot read ${name}: the file is empty`)
  const lines = text.split('\n')
  const head = readHead(lines[0] ?? '', name)
  const events: TapeEvent[] = []
  for (const [at, line] of lines.entries()) {
    if (at === 0 || line.trim() === '') continue
    const event = parse(line)
    if (isEvent(event)) {
      events.push(event)
      continue
    }
    // Every line ends with a newline. A last line without one was only partly
    // written.
    if (at < lines.length - 1)
      throw new Failure(`cannot read ${name}: line ${at + 1} is not a tape event`)
    const cut = `The tape is truncated: it ends in the middle of line ${at + 1}.`
    return { head, events, cut }
  }
  const isWhole = events.at(-1)?.kind === 'over'
  return {
    head,
    events,
    cut: isWhole ? undefined : 'The tape is truncated: the end of the run is missing.',
  }
}

function readHead(line: string, name: string): TapeHead {
  const head = parse(line)
  if (!isObject(head) || head.kind !== 'tape') {
    throw new Failure(
      `cannot read ${name}: it is not a tape`,
      1,
      'npm run replay -- --list lists your tapes.',
    )
  }
  if (head.version !== tapeVersion) {
    const version = typeof head.version === 'number' ? head.version : 'unknown'
    throw new Failure(
      `cannot read ${name}: its tape version is ${version}, this workbook reads version ${tapeVersion}`,
      1,
      'Use the version of the workbook that made the tape.',
    )
  }
  if (!fits(head, headShape)) throw new Failure(`cannot read ${name}: its first line is incomplete`)
  return head as TapeHead
}

/** Parses JSON. Returns undefined if it is invalid. */
function parse(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

type Check = (value: unknown) => boolean
type Shape = Readonly<Record<string, Check>>

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function fits(value: Record<string, unknown>, shape: Shape): boolean {
  return Object.entries(shape).every(([name, check]) => check(value[name]))
}

function isEvent(value: unknown): value is TapeEvent {
  if (!isObject(value) || typeof value.kind !== 'string' || !isShallow(value)) return false
  if (!Object.hasOwn(shapes, value.kind) || !isTime(value.at)) return false
  return fits(value, shapes[value.kind as EventKind])
}

const isText: Check = (value) => typeof value === 'string'
const isCount: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0
const isByte: Check = (value) => isCount(value) && (value as number) <= 0xff
const isUint32: Check = (value) => isCount(value) && (value as number) <= 0xffff_ffff
const isTime: Check = (value) => Number.isFinite(value) && (value as number) >= 0
const isTexts: Check = (value) => Array.isArray(value) && value.every(isText)
const isBoolean: Check = (value) => typeof value === 'boolean'
const isCounts: Check = (value) => Array.isArray(value) && value.every(isCount)
const isHeader: Check = (value) => isTexts(value) && (value as unknown[]).length === 2
const isHeaders: Check = (value) => Array.isArray(value) && value.every(isHeader)
const isFlags: Check = (value) => isObject(value) && Object.values(value).every(isBoolean)
const isHex: Check = (value) => typeof value === 'string' && /^([0-9a-f]{2})*$/.test(value)
const isCode: Check = (value) => value === null || Number.isSafeInteger(value)
const oneOf =
  (...values: readonly unknown[]): Check =>
  (value) =>
    values.includes(value)
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value)

const headShape: Shape = {
  made: (value) => isText(value) && Number.isFinite(Date.parse(value as string)),
  chapter: isCount,
  stages: isTexts,
  daemon: (value) =>
    isObject(value) && fits(value, { product: isText, version: isText, apiVersion: isText }),
  typed: isBoolean,
}

const message: Shape = {
  connection: oneOf(1, 2),
  headers: isHeaders,
  body: isText,
  chunks: optional(isCounts),
}
const bytes: Shape = { length: isCount, hex: optional(isHex), typed: optional(oneOf(true)) }
const label: Shape = { label: isText }

/** The required fields of each kind of event. */
const shapes: Readonly<Record<EventKind, Shape>> = {
  'stage begins': {
    number: isCount,
    name: isText,
    title: isText,
    question: isText,
    state: isObject,
  },
  'stage ended': {
    number: isCount,
    story: isText,
    state: isObject,
    held: isTexts,
    milliseconds: isTime,
  },
  teardown: {},
  request: { ...message, method: isText, path: isText },
  answer: { ...message, status: isCount, reason: isText },
  upgrade: { framing: oneOf('raw', 'stdcopy') },
  sent: bytes,
  received: bytes,
  frame: { stream: isByte, length: isUint32 },
  terminal: { moment: oneOf('before', 'raw', 'after'), flags: isFlags },
  window: { rows: isCount, columns: isCount },
  signal: { name: isText },
  'no answer': { connection: oneOf(1, 2), reason: isText },
  'half-close': {},
  end: {},
  cut: {},
  'keep-alive': { milliseconds: isTime },
  'your stage begins': {},
  'your stage returned': {},
  stdout: bytes,
  stderr: bytes,
  held: label,
  released: label,
  'reads input': {},
  'stops reading': {},
  'input ended': {},
  'input waits': {},
  'input goes on': {},
  'listens to the window': {},
  'stops listening': {},
  over: { exitCode: isCode, failure: optional(isText) },
}
