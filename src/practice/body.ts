/**
 * Reads the JSON of a create or a start as a daemon does: names in any case, unknown ones passed
 * over, and a sentence for what does not fit. The sentences are those of Go's decoder, because a
 * client shows them to its user.
 *
 * @module
 */

import { checkIsJson } from './content-type.ts'
import { type JsonValue, NotJson, readJson } from './go-json.ts'
import type { Body, PracticeRequest } from './request.ts'
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
export async function execOptions(request: PracticeRequest): Promise<ExecOptions> {
  const fields = await readFields(request, 'ExecOptions', execFields)
  return { ...nothing, ...fields }
}

/** Reads the body of a start. */
export async function startOptions(request: PracticeRequest): Promise<StartOptions> {
  const { Detach, Tty, ConsoleSize } = execFields
  const fields = await readFields(request, 'ExecStartOptions', { Detach, Tty, ConsoleSize })
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

async function readFields(
  request: PracticeRequest,
  type: string,
  fields: Readonly<Record<string, FieldType>>,
): Promise<object> {
  const contentType = request.headers.get('content-type') ?? ''
  // Without a body nobody has to say what it is; but what is said has to be right.
  if (contentType !== '' || request.hasBody) checkIsJson(contentType)
  if (!request.hasBody) return {}
  const { value, rest } = parse(await request.body())
  const read = convertAll(value, type, fields)
  // Go's decoder takes a closing bracket for the end of something that it knows nothing of.
  if (/^\s*[^\s\]}]/.test(rest)) throw new Refusal(400, 'unexpected content after JSON')
  return read
}

function convertAll(
  value: JsonValue,
  type: string,
  fields: Readonly<Record<string, FieldType>>,
): object {
  if (value.kind === 'null') return {}
  if (value.kind !== 'object') {
    throw mismatch(`${value.kind} into Go value of type container.${type}`)
  }
  const names = new Map(Object.keys(fields).map((name) => [fold(name), name]))
  const read: Record<string, unknown> = {}
  for (const [key, given] of value.entries) {
    const name = names.get(fold(key))
    const wanted = name === undefined ? undefined : fields[name]
    if (name === undefined || wanted === undefined || given.kind === 'null') continue
    read[name] = convert(given, wanted, `${type}.${key}`)
  }
  return read
}

/** A name without what does not count in it: upper case, lower case, and the long s. */
function fold(name: string): string {
  return name.toUpperCase().toLowerCase()
}

/** Reads the first value. Behind one that is whole, a body that breaks off is content like any other. */
function parse({ text, broken }: Body): ReturnType<typeof readJson> {
  if (text.trim() === '' && broken === undefined) {
    throw new Refusal(400, 'invalid JSON: got EOF while reading request body')
  }
  try {
    const { value, rest } = readJson(text)
    return { value, rest: broken === undefined ? rest : `${rest} ...` }
  } catch (error) {
    if (!(error instanceof NotJson)) throw error
    const isShort = error.message === 'unexpected EOF'
    throw new Refusal(400, `invalid JSON: ${(isShort && broken) || error.message}`)
  }
}

/** Gives a value of the type that its field has, and throws if it is none. */
function convert(given: JsonValue, wanted: FieldType, field: string): unknown {
  switch (wanted) {
    case 'string':
    case 'bool':
      if (given.kind === wanted) return given.value
      throw mismatch(`${given.kind} into Go struct field ${field} of type ${wanted}`)
    case '[]string':
    case 'uint': {
      const type = wanted === 'uint' ? '[2]uint' : wanted
      if (given.kind !== 'array') {
        throw mismatch(`${given.kind} into Go struct field ${field} of type ${type}`)
      }
      const items = wanted === 'uint' ? given.items.slice(0, 2) : given.items
      return items.map((item, at) => (wanted === 'uint' ? size : word)(item, `${field}.${at}`))
    }
  }
}

/** A word of a list. One that is null is empty. */
function word(given: JsonValue, place: string): string {
  if (given.kind === 'null') return ''
  if (given.kind === 'string') return given.value
  throw mismatch(`${given.kind} into ${place} of type string`)
}

/** A height or a width: digits, and not too many of them. */
function size(given: JsonValue, place: string): number {
  if (given.kind === 'null') return 0
  const isNumber = given.kind === 'number'
  if (isNumber && /^\d+$/.test(given.text) && BigInt(given.text) < 2n ** 64n) {
    return Number(given.text)
  }
  throw mismatch(`${isNumber ? `number ${given.text}` : given.kind} into ${place} of type uint`)
}

function mismatch(what: string): Refusal {
  return new Refusal(400, `invalid JSON: json: cannot unmarshal ${what}`)
}
