/**
 * Compares the tapes of two runs: the settings, and what followed from them.
 *
 * Each run becomes a list of facts, such as a header's value or the number of
 * resizes. Facts with different values are differences.
 *
 * @module
 */

import { isSandboxName } from '../find/sandbox.ts'
import {
  type EventOf,
  type Exchange,
  exchangesIn,
  hasBytes,
  type Tape,
  type TapeEvent,
} from '../tape/event.ts'
import { maskLearner } from '../tape/mask.ts'
import { type Moment, momentsOf } from '../tape/moments.ts'
import { changedFlags } from '../tape/narrate.ts'
import { sceneOfRequest } from '../tape/scenes.ts'
import { valueText } from '../tape/state.ts'
import { commonHeaders } from '../tape/wire.ts'
import { cursorReport } from '../terminal/screen.ts'
import { countOf } from '../text/count.ts'
import { printableLine } from '../text/printable.ts'
import { commandText } from './change-settings.ts'
import { type Difference, outputDifferences } from './output-differences.ts'

/** The differences between two runs. */
export type Comparison = {
  /** The settings, the daemon, the window, what was typed. */
  readonly causes: readonly Difference[]
  /** What happened differently during the runs. */
  readonly consequences: readonly Difference[]
}

/** One fact about a run. */
type Fact = {
  readonly where: string
  readonly what: string
  readonly value: string
  /**
   * The value to show for a run without this fact. If undefined, the fact
   * counts as missing there.
   */
  readonly whenMissing?: string
  /**
   * Skips this fact unless both runs have a fact of this name at the same
   * place.
   */
  readonly requires?: string
}

/**
 * Compares two runs. Leaves out what differs between any two runs: IDs,
 * times, sandbox names, read boundaries and the description of the container.
 */
export function compareTapes(before: Tape, after: Tape): Comparison {
  const [from, to] = [readRun(before), readRun(after)]
  return {
    causes: differencesOf(causesIn(from), causesIn(to)),
    consequences: inOrder([
      ...differencesOf(requestFacts(from), requestFacts(to)),
      ...differencesOf(framingFacts(from), framingFacts(to)).map((difference) => ({
        ...difference,
        ...noteOnContentType(from, to),
      })),
      ...outputDifferences(from.session, to.session),
      ...differencesOf(terminalFacts(from), terminalFacts(to)),
      ...differencesOf(resizeFacts(from), resizeFacts(to)),
      ...differencesOf(endFacts(from), endFacts(to)),
    ]),
  }
}

/** The parts of a run, in the order in which they happen. */
const parts = [
  'inspect container',
  'create',
  'start',
  'hijack',
  'your terminal',
  'resize',
  'output',
  'end',
  'exit code',
]

function inOrder(differences: readonly Difference[]): Difference[] {
  return differences.toSorted((one, two) => parts.indexOf(one.where) - parts.indexOf(two.where))
}

/**
 * Returns the facts with different values, in the order of the first run,
 * then the facts that only the second run has.
 */
function differencesOf(before: readonly Fact[], after: readonly Fact[]): Difference[] {
  const find = (facts: readonly Fact[], where: string, what: string | undefined) =>
    facts.find((fact) => fact.where === where && fact.what === what)
  const added = after.filter(({ where, what }) => !find(before, where, what))
  return [...before, ...added].flatMap(({ where, what, whenMissing, requires }) => {
    const isIncluded =
      requires === undefined || (find(before, where, requires) && find(after, where, requires))
    const [from, to] = [before, after].map(
      (facts) => find(facts, where, what)?.value ?? whenMissing,
    )
    return isIncluded && from !== to ? [{ where, what, before: from, after: to }] : []
  })
}

/** The parts of a tape that are compared. */
type Run = {
  readonly head: Tape['head']
  readonly events: readonly TapeEvent[]
  readonly exchanges: readonly Exchange[]
  /**
   * What happened while bytes were copied. Empty for a run that ended
   * earlier.
   */
  readonly session: readonly Moment[]
}

function readRun({ head, events }: Tape): Run {
  const randomValues = randomValuesIn(events)
  const named = events.map((event) => withoutRandomValues(event, randomValues))
  const moments = momentsOf(named)
  // If a run stops before the copy loops, the workbook ends its command.
  // Those bytes are not compared.
  const copies = events.some((event) => event.kind === 'stage begins' && event.number >= 5)
  return {
    head,
    events: named,
    exchanges: exchangesIn(named),
    session: copies ? moments : [],
  }
}

/** A random value and its replacement. */
type RandomValue = readonly [name: string, instead: string]

const ownContainer = 'a sandbox'

/** Finds the exec ID, in full and shortened, and the name of a sandbox. */
function randomValuesIn(events: readonly TapeEvent[]): RandomValue[] {
  const states = events.flatMap((event) => ('state' in event ? [event.state] : []))
  const { execId, container } = states.at(-1) ?? {}
  return [
    ...(typeof execId === 'string' && execId !== ''
      ? ([
          [execId, '…'],
          [execId.slice(0, 12), '…'],
        ] as const)
      : []),
    ...(typeof container === 'string' && isSandboxName(container)
      ? ([[container, ownContainer]] as const)
      : []),
  ]
}

/** Replaces random values in an event. Bytes are unchanged. */
function withoutRandomValues(event: TapeEvent, randomValues: readonly RandomValue[]): TapeEvent {
  return hasBytes(event) ? event : maskLearner(event, randomValues)
}

const settings = 'settings'
const yourTerminal = 'your side'

/** Returns the settings of a run and its surroundings. */
function causesIn({ head, events, session }: Run): Fact[] {
  const first = events.find((event) => event.kind === 'stage begins')
  const window = events.find((event) => event.kind === 'window')
  const typed = session.flatMap(({ event }) =>
    event.kind === 'sent' && event.typed ? [event] : [],
  )
  const { product, version, apiVersion } = head.daemon
  return [
    ...Object.entries(first?.state ?? {}).map(([what, value]) => ({
      ...{ where: settings, what },
      value: settingText(what, value),
    })),
    { where: settings, what: 'last chapter', value: String(head.chapter) },
    { where: 'daemon', what: 'its version', value: `${product} ${version}`.trim() },
    { where: 'daemon', what: 'its API', value: apiVersion },
    {
      ...{ where: yourTerminal, what: 'input' },
      value: events.some(({ kind }) => kind === 'terminal') ? 'a terminal' : 'no terminal',
    },
    { where: yourTerminal, what: 'window', value: window ? sizeText(window) : 'none' },
    { where: yourTerminal, what: 'typed', value: typedText(typed) },
  ]
}

function settingText(name: string, value: unknown): string {
  if (name === 'command' && Array.isArray(value)) return commandText(value.map(String))
  return value === ownContainer ? ownContainer : valueText(value)
}

const sizeText = ({ rows, columns }: { rows: number; columns: number }): string =>
  `${rows} rows, ${columns} columns`

/** Longer input is shown as a byte count. */
const maxTypedLength = 40

/**
 * Returns `"exit 5^M"`, or the byte count if the tape does not have the text.
 */
function typedText(events: readonly EventOf<'sent' | 'received'>[]): string {
  const length = events.reduce((sum, event) => sum + event.length, 0)
  const hex = events.map((event) => event.hex ?? '').join('')
  if (length === 0) return 'none'
  if (hex.length / 2 < length) return countOf(length, 'byte')
  const text = Buffer.from(hex, 'hex').toString().replaceAll(cursorReport, '')
  if (text === '') return 'none'
  return text.length > maxTypedLength ? countOf(text.length, 'byte') : `"${printableLine(text)}"`
}

/** Fields with a different value in each run. */
const randomFields = new Set(['ID', 'Id', 'ContainerID', 'Pid'])

/** Returns facts about all requests except resizes, with their answers. */
function requestFacts({ exchanges }: Run): Fact[] {
  return exchanges.flatMap(({ request, answer }) => {
    const where = sceneOfRequest(request)
    if (where === 'resize' || where === undefined) return []
    const line = 'the request'
    // The API version and the container's name are among the causes.
    const path = request.path
      .replace(/^\/v[\d.]+/, '')
      .replace(/\?.*/, '')
      .replace(/(\/containers\/)[^/]+/, '$1…')
    const requires = line
    const name = request.connection === 1 ? 'connection 1' : 'connection 2'
    const facts: Fact[] = [
      { where, what: line, whenMissing: 'not sent', value: `${request.method} ${path}` },
      { where, requires, what: 'sent on', value: name },
      ...queryFacts(where, request.path),
      ...headerFacts(where, '', request),
      ...bodyFacts(where, '', request.body),
    ]
    if (!answer) return [...facts, { where, requires, what: 'the answer', value: 'none' }]
    return [
      ...facts,
      { where, requires, what: 'the status', value: `${answer.status} ${answer.reason}` },
      ...headerFacts(where, ' of the answer', answer),
      ...(where === 'inspect container' && answer.status === 200
        ? []
        : bodyFacts(where, ' in the answer', answer.body)),
    ]
  })
}

function queryFacts(where: string, path: string): Fact[] {
  const query = new URLSearchParams(path.split('?')[1] ?? '')
  return [...query].map(([name, value]) => ({
    ...{ where, what: `${name} in the query`, value, requires: 'the request' },
  }))
}

function headerFacts(
  where: string,
  of: string,
  { headers }: { readonly headers: EventOf<'request'>['headers'] },
): Fact[] {
  return headers
    .filter(([name]) => !commonHeaders.has(name.toLowerCase()))
    .map(([name, value]) => {
      const label = name.toLowerCase().replace(/(^|-)[a-z]/g, (start) => start.toUpperCase())
      return { where, what: `${label}${of}`, value, requires: 'the request' }
    })
}

/** Returns the fields of a JSON body, or the whole text of any other body. */
function bodyFacts(where: string, of: string, body: string): Fact[] {
  const text = body.trim()
  if (text === '') return []
  return fieldsOf(text).map(([what, value]) => ({
    ...{ where, what: `${what}${of}`, value, requires: 'the request' },
  }))
}

function fieldsOf(text: string): [name: string, value: string][] {
  try {
    return namedValues('', JSON.parse(text))
  } catch {
    return [['the body', text]]
  }
}

function namedValues(name: string, value: unknown): [name: string, value: string][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return [[name, JSON.stringify(value)]]
  }
  return Object.entries(value)
    .filter(([field]) => !randomFields.has(field))
    .flatMap(([field, inner]) => namedValues(name ? `${name}.${field}` : field, inner))
}

/** Says whether output arrives raw or in frames. */
function framingFacts({ events }: Run): Fact[] {
  const upgrade = events.find((event) => event.kind === 'upgrade')
  const value = { raw: 'as raw bytes', stdcopy: 'in frames' }
  return [
    {
      ...{ where: 'hijack', what: 'output arrives', whenMissing: 'not at all' },
      value: upgrade ? value[upgrade.framing] : 'not at all',
    },
  ]
}

/** Before API 1.42 the header says raw-stream in both cases. */
function noteOnContentType(before: Run, after: Run): Pick<Difference, 'note'> {
  const [from, to] = [before, after].map(({ exchanges }) =>
    exchanges
      .find(({ answer }) => answer?.status === 101)
      ?.answer?.headers.find(([name]) => name.toLowerCase() === 'content-type')
      ?.at(1),
  )
  if (from === undefined || from !== to) return {}
  return {
    note: `The Content-Type is ${from} in both runs: with this daemon, the header does not tell you how output arrives.`,
  }
}

/** Returns what happened to our own terminal. */
function terminalFacts({ events }: Run): Fact[] {
  const readings = events.filter((event) => event.kind === 'terminal')
  const flagsAt = (wanted: string) => readings.find(({ moment }) => moment === wanted)?.flags
  const [cooked, raw, after] = ['before', 'raw', 'after'].map(flagsAt)
  if (!cooked) return []
  const where = 'your terminal'
  const rawFlags = raw ? changedFlags(cooked, raw) : []
  const broken = after ? changedFlags(cooked, after) : []
  return [
    {
      ...{ where, what: 'raw mode' },
      value: raw ? `on (${countOf(rawFlags.length, 'flag')} changed)` : 'not set',
    },
    ...(broken.length > 0
      ? [{ where, what: 'left changed', value: broken.join(', '), whenMissing: 'nothing' }]
      : []),
  ]
}

/**
 * Returns the sizes that were sent. A size that was sent again because the
 * process did not exist yet counts once, with its last answer: the number of
 * retries varies from run to run.
 */
function resizeFacts({ exchanges }: Run): Fact[] {
  const where = 'resize'
  const sizes: { size: string; answer: string }[] = []
  for (const { request, answer } of exchanges) {
    if (sceneOfRequest(request) !== 'resize') continue
    const query = new URLSearchParams(request.path.split('?')[1] ?? '')
    const size = `${query.get('h')}×${query.get('w')}`
    if (sizes.at(-1)?.size === size) sizes.pop()
    sizes.push({ size, answer: answer ? answerText(answer) : 'none' })
  }
  if (sizes.length === 0) return []
  const what = 'sizes sent (rows × columns)'
  const refused = sizes.filter(({ answer }) => !/^2\d\d /.test(answer))
  return [
    {
      ...{ where, what, whenMissing: 'none' },
      value: sizes.map(({ size }) => size).join(', then '),
    },
    ...refused.map(({ size, answer }) => ({
      ...{ where, requires: what, what: `the answer to ${size}`, whenMissing: 'accepted' },
      value: answer,
    })),
  ]
}

function answerText({ status, reason, body }: EventOf<'answer'>): string {
  const text = body.trim()
  return `${status} ${reason}${text === '' ? '' : `: ${text}`}`
}

/** Returns how the session and the run ended. */
function endFacts({ events, session }: Run): Fact[] {
  const over = events.findLast((event) => event.kind === 'over')
  const words: Partial<Record<TapeEvent['kind'], string>> = {
    'half-close': 'we half-close',
    end: 'the daemon closes it',
    cut: 'we cut it',
  }
  const ends = session.flatMap(({ event }) => words[event.kind] ?? [])
  const stages = events.flatMap((event) => (event.kind === 'stage ended' ? [event.number] : []))
  return [
    ...(ends.length > 0
      ? [{ where: 'end', what: 'connection 2', value: ends.join(', then ') }]
      : []),
    {
      ...{ where: 'end', what: 'stages that ran', whenMissing: 'none' },
      value: stages.length > 1 ? `1 to ${stages.at(-1)}` : String(stages.at(-1) ?? 'none'),
    },
    ...(over?.failure === undefined
      ? []
      : [{ where: 'end', what: 'the error', whenMissing: 'nothing', value: over.failure }]),
    {
      ...{ where: 'exit code', what: 'the exit code', whenMissing: 'none' },
      value: String(over?.exitCode ?? 'none'),
    },
  ]
}
