/**
 * Reads the JSON of a create or a start as a daemon does: names in any case, unknown ones passed
 * over, and a sentence for what does not fit. The sentences are those of Go's decoder, because a
 * client shows them to its user.
 *
 * @module
 */

import { Refusal } from './answer.ts'
import type { PracticeRequest } from './request.ts'

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

type FieldType = 'string' | 'bool' | '[]string' | 'uint'

const execFields: Readonly<Record<keyof ExecOptions, FieldType>> = {
  User: 'string',
  Privileged: 'bool',
  Tty: 'bool',
  ConsoleSize: 'uint',
  AttachStdin: 'bool',
  AttachStdout: 'bool',
  AttachStderr: 'bool',
  Detach: 'bool',
  DetachKeys: 'string',
  Env: '[]string',
  WorkingDir: 'string',
  Cmd: '[]string',
}

/** Reads the body of a create. */
export function execOptions(request: PracticeRequest): ExecOptions {
  const fields = readFields(request, 'ExecOptions', execFields)
  return { ...nothing, ...fields }
}

/** Reads the body of a start. */
export function startOptions(request: PracticeRequest): StartOptions {
  const { Detach, Tty, ConsoleSize } = execFields
  const fields = readFields(request, 'ExecStartOptions', { Detach, Tty, ConsoleSize })
  return { Detach: false, Tty: false, ConsoleSize: undefined, ...fields }
}

const nothing: ExecOptions = {
  User: '',
  Privileged: false,
  Tty: false,
  ConsoleSize: undefined,
  AttachStdin: false,
  AttachStdout: false,
  AttachStderr: false,
  Detach: false,
  DetachKeys: '',
  Env: [],
  WorkingDir: '',
  Cmd: [],
}

function readFields(
  request: PracticeRequest,
  type: string,
  fields: Readonly<Record<string, FieldType>>,
): object {
  if (request.body === '') return {}
  const contentType = request.headers.get('content-type') ?? ''
  if (contentType.split(';', 1)[0]?.trim() !== 'application/json') {
    throw new Refusal(
      400,
      `unsupported Content-Type header (${contentType}): must be 'application/json'`,
    )
  }
  const value = parse(request.body)
  if (value === null) return {}
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw mismatch(`${goKind(value)} into Go value of type container.${type}`)
  }
  const names = new Map(Object.keys(fields).map((name) => [name.toLowerCase(), name]))
  const read: Record<string, unknown> = {}
  for (const [key, given] of Object.entries(value)) {
    const name = names.get(key.toLowerCase())
    const wanted = name === undefined ? undefined : fields[name]
    if (name === undefined || wanted === undefined || given === null) continue
    check(given, wanted, `${type}.${name}`)
    read[name] = given
  }
  return read
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    const { message } = error as Error
    if (message.includes('after JSON')) throw new Refusal(400, 'unexpected content after JSON')
    const at = Number(/at position (\d+)/.exec(message)?.[1] ?? text.length)
    if (at >= text.trimEnd().length) throw new Refusal(400, 'invalid JSON: unexpected EOF')
    throw new Refusal(
      400,
      `invalid JSON: invalid character '${text[at]}' looking for beginning of value`,
    )
  }
}

/** Throws if a value is not of the type that its field has. */
function check(value: unknown, wanted: FieldType, field: string): void {
  const isList = Array.isArray(value)
  switch (wanted) {
    case 'string':
    case 'bool':
      if (goKind(value) === wanted) return
      throw mismatch(`${goKind(value)} into Go struct field ${field} of type ${wanted}`)
    case '[]string': {
      if (!isList) throw mismatch(`${goKind(value)} into Go struct field ${field} of type []string`)
      const at = value.findIndex((item) => typeof item !== 'string')
      if (at >= 0) throw mismatch(`${goKind(value[at])} into ${field}.${at} of type string`)
      return
    }
    case 'uint': {
      if (!isList) throw mismatch(`${goKind(value)} into Go struct field ${field} of type [2]uint`)
      const at = value.findIndex((item) => !Number.isInteger(item) || item < 0)
      if (at < 0) return
      const shown = typeof value[at] === 'number' ? `number ${value[at]}` : goKind(value[at])
      throw mismatch(`${shown} into ${field}.${at} of type uint`)
    }
  }
}

function mismatch(what: string): Refusal {
  return new Refusal(400, `invalid JSON: json: cannot unmarshal ${what}`)
}

function goKind(value: unknown): string {
  if (Array.isArray(value)) return 'array'
  return typeof value === 'boolean' ? 'bool' : typeof value
}
