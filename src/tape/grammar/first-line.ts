/**
 * The first line of a message: method, target and version of a request;
 * version, status and reason of an answer.
 *
 * @module
 */

import type { EventOf } from '../event.ts'
import { headerBytes, type MessageEvent } from '../message-bytes.ts'
import { kindOf, purposeOf } from './request-kinds.ts'
import { type AnyRule, type Field, fieldOf, type Rule } from './rule.ts'
import { api, docker, rfc } from './sources.ts'

/** What is known about the run when a message is sent. */
export type MessageContext = {
  readonly event: MessageEvent
  /** The request itself, or the one that the answer belongs to. */
  readonly request: EventOf<'request'> | undefined
  /** The exec ID that the daemon returned earlier. */
  readonly execId: string | undefined
}

type LineRule = Rule<MessageContext>

const methods: Readonly<Record<string, string>> = {
  GET: 'GET reads and changes nothing.',
  POST: 'POST changes something on the daemon.',
  HEAD: 'HEAD asks for the headers of an answer without its body.',
  PUT: 'PUT replaces something on the daemon.',
  DELETE: 'DELETE removes something from the daemon.',
}

const method: LineRule = {
  rule: 'method',
  always: 'The first word of a request says what to do with the target. Case matters.',
  says: (text, { request }) =>
    `${methods[text] ?? `The method is ${text}.`}${request ? ` ${purposeOf(request)}` : ''}`,
  source: rfc(9110, '9.3'),
}

const space: LineRule = {
  rule: 'space',
  always: 'One space separates the parts of the first line.',
  says: 'A space separates the parts of the first line.',
  source: rfc(9112, '3'),
}

const httpVersion: LineRule = {
  rule: 'HTTP version',
  always: 'Only HTTP/1.1 has the Upgrade header; in HTTP/2 it is gone.',
  says: 'HTTP/1.1 is the version in which a connection can be upgraded.',
  source: rfc(9110, '7.8'),
}

const lineEnd: LineRule = {
  rule: 'line end',
  always: 'A carriage return and a line feed end the first line and each header line.',
  says: 'A carriage return and a line feed end the line.',
  source: rfc(9112, '2.2'),
}

const apiVersion: LineRule = {
  rule: 'API version',
  always:
    'The client uses the lower of its own newest version and the daemon’s, or the one in DOCKER_API_VERSION. The daemon treats the request by the rules of that version.',
  says: (text) => `We speak version ${text.replace('/v', '')} of Docker’s API.`,
  source: docker.versionHeaders,
}

const collection: LineRule = {
  rule: 'collection',
  always: 'The target names a collection, a member of it, and what we want of that member.',
  says: (text) =>
    text === '/containers/' ? 'The target is a container.' : 'The target is an exec.',
  source: api.create,
}

const container: LineRule = {
  rule: 'container',
  always: 'A name, an ID, or the beginning of an ID that no other container has.',
  says: (text) => `The container ${text}.`,
  source: api.create,
}

const execId: LineRule = {
  rule: 'exec ID',
  always: 'The daemon chose it when we created the exec. It is only valid on this daemon.',
  says: (text, { execId: known }) =>
    text === known
      ? `The exec ID ${short(text)}, as the answer to our create returned it.`
      : `The exec ID ${short(text)}.`,
  source: api.id,
}

const actions: Readonly<Record<string, string>> = {
  '/exec': 'Create an exec in this container.',
  '/start': 'Start this exec.',
  '/resize': 'Set the size of the exec’s terminal.',
  '/json': 'Describe it as JSON.',
}

const action: LineRule = {
  rule: 'action',
  always: 'The last part of the path says what we want of the target.',
  says: (text) => actions[text] ?? `The part ${text} of the path.`,
  source: api.start,
}

const otherPath: LineRule = {
  rule: 'path',
  always: 'A part of the target that Docker’s API does not describe. A proxy may want it.',
  says: (text) => `The part ${text} of the target.`,
  source: rfc(9112, '3.2'),
}

const queryMark: LineRule = {
  rule: 'query',
  always: 'Values for the request follow the question mark.',
  says: 'Values for the request follow.',
  source: rfc(3986, '3.4'),
}

const ampersand: LineRule = {
  rule: 'query separator',
  always: 'An ampersand separates two values.',
  says: 'The next value follows.',
  source: api.resize,
}

const rows: LineRule = {
  rule: 'rows',
  name: 'h',
  always: 'The height of our window, in rows of text.',
  says: (text) => `The window has ${text.slice(2)} rows.`,
  source: api.resize,
}

const columns: LineRule = {
  rule: 'columns',
  name: 'w',
  always: 'The width of our window, in columns of text.',
  says: (text) => `The window has ${text.slice(2)} columns.`,
  source: api.resize,
}

const status: LineRule = {
  rule: 'status',
  always:
    'A number for programs. Its first digit is the class: 1 on the way, 2 done, 3 look elsewhere, 4 refused, 5 failed.',
  says: (text, context) => statusSentence(text, context),
  source: rfc(9110, '15'),
}

const reason: LineRule = {
  rule: 'reason',
  always: 'A phrase for people. A client should ignore it.',
  says: (text, { event }) => {
    const { status: number } = event as EventOf<'answer'>
    return number === 101 && text !== 'Switching Protocols'
      ? `The daemon writes ${text}. The standard’s phrase is Switching Protocols, and both mean the same.`
      : `${text} is the status in words.`
  },
  source: rfc(9112, '4'),
}

/** The rules of the first line. */
export const firstLineRules: readonly AnyRule[] = [
  ...[method, space, httpVersion, lineEnd, apiVersion, collection, container, execId],
  ...[action, otherPath, queryMark, ampersand, rows, columns, status, reason],
]

/** Returns the fields of the first line. */
export function firstLineFields(context: MessageContext): Field[] {
  const { event } = context
  const field = (rule: LineRule, text: string): Field => fieldOf(rule, headerBytes(text), context)
  const end = field(lineEnd, '\r\n')
  if (event.kind === 'request') {
    return [
      field(method, event.method),
      field(space, ' '),
      ...splitTarget(event.path).map(([rule, text]) => field(rule, text)),
      field(space, ' '),
      field(httpVersion, 'HTTP/1.1'),
      end,
    ].filter(({ bytes }) => bytes.length > 0)
  }
  return [
    field(httpVersion, 'HTTP/1.1'),
    field(space, ' '),
    field(status, String(event.status)),
    field(space, ' '),
    field(reason, event.reason),
    end,
  ].filter(({ bytes }) => bytes.length > 0)
}

const target = /^(.*?)(\/v\d+\.\d+)(\/containers\/|\/exec\/)([^/?]+)(\/[^/?]+)(?:(\?)(.*))?$/

function splitTarget(path: string): (readonly [LineRule, string])[] {
  const parts = target.exec(path)
  if (!parts) return [[otherPath, path]]
  const [, base = '', version = '', group = '', id = '', last = '', mark = '', query = ''] = parts
  const values = query.split(/(&)/).map((text): readonly [LineRule, string] => {
    if (text === '&') return [ampersand, text]
    if (text.startsWith('h=')) return [rows, text]
    return [text.startsWith('w=') ? columns : otherPath, text]
  })
  return [
    [otherPath, base],
    [apiVersion, version],
    [collection, group],
    [group === '/exec/' ? execId : container, id],
    [action, last],
    [queryMark, mark],
    ...values,
  ]
}

/** Shortens an ID to the twelve digits that docker shows. */
export function short(id: string): string {
  return id.length > 16 ? `${id.slice(0, 12)}…` : id
}

const refusals: Readonly<Record<string, string>> = {
  '400': 'the daemon finds a mistake in the request',
  '404': 'the daemon knows no such target',
  '409': 'the target is in a state in which this is not possible',
  '500': 'the daemon could not do it',
}

/** What a 101 means. */
export const agreed =
  'The daemon agrees. HTTP ends at the blank line; the session follows on the same connection.'

/** What another success than 101 means on the second connection. */
export const notUpgraded =
  'The answer does not agree to the upgrade. Usually a proxy removed the upgrade headers. Without them a daemon sends the session as the body of an ordinary answer.'

function statusSentence(text: string, { event, request }: MessageContext): string {
  const kind = request && kindOf(request)
  if (text === '101') return `${text}. ${agreed}`
  if (event.kind === 'answer' && event.status >= 300) {
    const more = event.body.trim() === '' ? '' : ' The body says more.'
    return `${text}: ${refusals[text] ?? 'the daemon or a proxy did not do it'}.${more}`
  }
  if (kind === 'start' && event.connection === 2) {
    return `${text}. ${notUpgraded}`
  }
  if (kind === 'create') return `${text}: the daemon created the exec. Its ID is in the body.`
  return `${text}: done.`
}
