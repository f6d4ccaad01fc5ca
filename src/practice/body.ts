/**
 * Parses the JSON body of a create or a start as a daemon does: names are
 * case-insensitive, unknown ones are ignored, and a value of the wrong type
 * gets Go's message, because clients show it to their users.
 *
 * @module
 */

import { headerOf } from '../stream/http.ts'
import type { PracticeRequest } from './read-requests.ts'
import { Refusal } from './response.ts'

/** The article's ExecConfig, as in today's API. */
export type ExecOptions = {
  readonly User: string
  readonly Privileged: boolean
  readonly Tty: boolean
  /** Height and width. */
  readonly ConsoleSize: readonly number[] | undefined
  readonly AttachStdin: boolean
  readonly AttachStdout: boolean
  readonly AttachStderr: boolean
  readonly Detach: boolean
  readonly DetachKeys: string
  readonly Env: readonly string[]
  readonly WorkingDir: string
  readonly Cmd: readonly string[]
}

/** The article's ExecStartCheck. */
export type StartOptions = Pick<ExecOptions, 'Detach' | 'Tty' | 'ConsoleSize'>

/** The type of a field, in Go's notation. */
type FieldType = 'string' | 'bool' | '[]string' | '[2]uint'

/** The fields of a body: the type of each, and its default value. */
type Fields = Readonly<Record<string, readonly [type: FieldType, absent: unknown]>>

const startFields = {
  Detach: ['bool', false],
  Tty: ['bool', false],
  ConsoleSize: ['[2]uint', undefined],
} as const satisfies Fields

const execFields = {
  ...startFields,
  User: ['string', ''],
  Privileged: ['bool', false],
  AttachStdin: ['bool', false],
  AttachStdout: ['bool', false],
  AttachStderr: ['bool', false],
  DetachKeys: ['string', ''],
  Env: ['[]string', []],
  WorkingDir: ['string', ''],
  Cmd: ['[]string', []],
} as const satisfies Readonly<Record<keyof ExecOptions, Fields[string]>>

/** Parses the body of a create. */
export function execOptions(request: PracticeRequest): ExecOptions {
  return readFields(request, 'ExecOptions', execFields) as ExecOptions
}

/** Parses the body of a start. */
export function startOptions(request: PracticeRequest): StartOptions {
  return readFields(request, 'ExecStartOptions', startFields) as StartOptions
}

function readFields(request: PracticeRequest, type: string, fields: Fields): object {
  const { body } = request
  const absent = Object.entries(fields).map(([name, [, value]]) => [name, value])
  const read = Object.fromEntries(absent) as Record<string, unknown>
  const contentType = headerOf(request, 'Content-Type')
  // A request without a body needs no Content-Type.
  if (body.length === 0 && contentType === '') return read
  if (!/^application\/json\s*(;|$)/i.test(contentType)) {
    const reason = `unsupported Content-Type header (${contentType}): must be 'application/json'`
    throw new Refusal(400, reason)
  }
  const parsed = parse(body)
  if (typeof parsed !== 'object' || Array.isArray(parsed)) {
    throw mismatch(`${kindOf(parsed)} into Go value of type container.${type}`)
  }
  for (const [key, value] of Object.entries(parsed ?? {})) {
    const name = Object.keys(fields).find((each) => each.toLowerCase() === key.toLowerCase())
    const [expected] = fields[name ?? ''] ?? []
    if (name && expected && value !== null)
      read[name] = checkType(value, expected, `${type}.${key}`)
  }
  return read
}

function parse(body: Buffer): unknown {
  if (body.length === 0) return {}
  try {
    return JSON.parse(body.toString())
  } catch {
    throw new Refusal(400, 'invalid JSON: the body of this request is not one JSON value')
  }
}

/** Returns a value if it has the type of its field, and throws otherwise. */
function checkType(value: unknown, expected: FieldType, field: string): unknown {
  if (expected === 'string' || expected === 'bool') {
    if (kindOf(value) === expected) return value
    throw mismatch(`${kindOf(value)} into Go struct field ${field} of type ${expected}`)
  }
  if (!Array.isArray(value)) {
    throw mismatch(`${kindOf(value)} into Go struct field ${field} of type ${expected}`)
  }
  const each = expected === '[]string' ? 'string' : 'uint'
  return value.map((item: unknown, at) => {
    if (item === null) return each === 'uint' ? 0 : ''
    if (kindOf(item) === 'string' && each === 'string') return item
    if (Number.isSafeInteger(item) && Number(item) >= 0 && each === 'uint') return item
    const number = each === 'uint' && kindOf(item) === 'number' ? `number ${item}` : kindOf(item)
    throw mismatch(`${number} into ${field}.${at} of type ${each}`)
  })
}

/** Returns Go's name for the type of a JSON value. */
function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'array'
  return typeof value === 'boolean' ? 'bool' : typeof value
}

function mismatch(what: string): Refusal {
  return new Refusal(400, `invalid JSON: json: cannot unmarshal ${what}`)
}
