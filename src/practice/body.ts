/**
 * Reads the JSON of a create or a start as a daemon does: names in any letter case, unknown ones
 * passed over, and Go's sentence for a value of the wrong type, because a client shows it to its
 * user.
 *
 * @module
 */

import { headerOf } from '../stream/http.ts'
import type { PracticeRequest } from './read-requests.ts'
import { Refusal } from './response.ts'

/** The article's ExecConfig, as the API has it today. */
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

/** The type of a field, as Go writes it. */
type FieldType = 'string' | 'bool' | '[]string' | '[2]uint'

/** The fields of a body: what each has to be, and its value where it is absent. */
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

/** Reads the body of a create. */
export function execOptions(request: PracticeRequest): ExecOptions {
  return readFields(request, 'ExecOptions', execFields) as ExecOptions
}

/** Reads the body of a start. */
export function startOptions(request: PracticeRequest): StartOptions {
  return readFields(request, 'ExecStartOptions', startFields) as StartOptions
}

function readFields(request: PracticeRequest, type: string, fields: Fields): object {
  const { body } = request
  const absent = Object.entries(fields).map(([name, [, value]]) => [name, value])
  const read = Object.fromEntries(absent) as Record<string, unknown>
  const contentType = headerOf(request, 'Content-Type')
  // A request without a body need not say what it is.
  if (body.length === 0 && contentType === '') return read
  if (!/^application\/json\s*(;|$)/i.test(contentType)) {
    const reason = `unsupported Content-Type header (${contentType}): must be 'application/json'`
    throw new Refusal(400, reason)
  }
  const given = parse(body)
  if (typeof given !== 'object' || Array.isArray(given)) {
    throw mismatch(`${kindOf(given)} into Go value of type container.${type}`)
  }
  for (const [key, value] of Object.entries(given ?? {})) {
    const name = Object.keys(fields).find((each) => each.toLowerCase() === key.toLowerCase())
    const [wanted] = fields[name ?? ''] ?? []
    if (name && wanted && value !== null) read[name] = checkType(value, wanted, `${type}.${key}`)
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

/** Returns a value that has the type of its field, and throws for any other. */
function checkType(value: unknown, wanted: FieldType, field: string): unknown {
  if (wanted === 'string' || wanted === 'bool') {
    if (kindOf(value) === wanted) return value
    throw mismatch(`${kindOf(value)} into Go struct field ${field} of type ${wanted}`)
  }
  if (!Array.isArray(value)) {
    throw mismatch(`${kindOf(value)} into Go struct field ${field} of type ${wanted}`)
  }
  const each = wanted === '[]string' ? 'string' : 'uint'
  return value.map((item: unknown, at) => {
    if (item === null) return each === 'uint' ? 0 : ''
    if (kindOf(item) === 'string' && each === 'string') return item
    if (Number.isSafeInteger(item) && Number(item) >= 0 && each === 'uint') return item
    const number = each === 'uint' && kindOf(item) === 'number' ? `number ${item}` : kindOf(item)
    throw mismatch(`${number} into ${field}.${at} of type ${each}`)
  })
}

/** What Go calls the type of a JSON value. */
function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'array'
  return typeof value === 'boolean' ? 'bool' : typeof value
}

function mismatch(what: string): Refusal {
  return new Refusal(400, `invalid JSON: json: cannot unmarshal ${what}`)
}
