/**
 * The headers of a message, one rule for each name, and the blank line that
 * ends them.
 *
 * @module
 */

import { masked } from '../mask.ts'
import { bodyPartsOf, headerBytes } from '../message-bytes.ts'
import type { MessageContext } from './first-line.ts'
import { type AnyRule, type Field, fieldOf, type Rule } from './rule.ts'
import { docker, podman, rfc } from './sources.ts'

/** What the sentence about a header needs. */
type HeaderContext = MessageContext & { readonly value: string }

type HeaderRule = Rule<HeaderContext>

/** Why a body on a tape is not as long as it was. */
function whyMasked(body: string): string {
  return body.includes(masked) ? ', because values in it are masked' : ''
}

/** A sentence about the value of a header. */
function about(
  says: (value: string, context: HeaderContext) => string,
): (text: string, context: HeaderContext) => string {
  return (_, context) => says(context.value, context)
}

const host: HeaderRule = {
  rule: 'Host',
  always:
    'HTTP/1.1 demands it in every request. A socket file has no host, so Docker’s client sends the name api.moby.localhost, and so do we.',
  says: about((value) =>
    value === 'api.moby.localhost'
      ? 'We reached the daemon through a Unix socket or a named pipe, which has no host name.'
      : `We reached the daemon at ${value}.`,
  ),
  source: docker.dummyHost,
}

const connection: HeaderRule = {
  rule: 'Connection',
  always:
    'It is meant for the next hop only. A proxy removes it and the header that it names, unless it takes part in the upgrade.',
  says: about((value, { event }) => {
    switch (value.toLowerCase()) {
      case 'keep-alive':
        return 'The connection stays open after the answer, for the next request.'
      case 'close':
        return event.kind === 'request'
          ? 'We ask to end the connection after the answer.'
          : 'The connection ends after this answer.'
      case 'upgrade':
        return event.kind === 'request'
          ? 'We ask to change the protocol of this connection to the one that Upgrade names.'
          : 'This connection changes to the protocol that Upgrade names.'
      default:
        return `The value ${value} is meant for the next hop only.`
    }
  }),
  source: rfc(9110, '7.6.1'),
}

const upgrade: HeaderRule = {
  rule: 'Upgrade',
  always:
    'It names the protocol after the switch. Docker’s tcp stands for a plain stream of bytes.',
  says: about((value, { event }) =>
    event.kind === 'request'
      ? `After the upgrade we want to speak ${value}: bytes in both directions, without HTTP around them.`
      : `After the blank line this connection carries ${value}: bytes in both directions.`,
  ),
  source: docker.upgrade,
}

const userAgent: HeaderRule = {
  rule: 'User-Agent',
  always: 'The client names itself. For an exec the daemon does not look at it.',
  says: about((value) => `The client calls itself ${value}.`),
  source: rfc(9110, '10.1.5'),
}

const types: Readonly<Record<string, string>> = {
  'application/json': 'The body is JSON.',
  'application/vnd.docker.raw-stream':
    'This daemon calls what follows a raw stream. Under a tty it is one; without a tty some daemons say this and send frames.',
  'application/vnd.docker.multiplexed-stream':
    'What follows is a multiplexed stream: a header before each piece of output.',
  'text/plain': 'The body is text.',
}

const contentType: HeaderRule = {
  rule: 'Content-Type',
  always:
    'The format of the body, or after an upgrade of the stream. Whether frames follow depends on the Tty that we asked for; dockerd tells it here only from API version 1.42 on, and Podman 4.3 never.',
  says: about((value) => types[value.replace(/;.*/, '')] ?? `The format is ${value}.`),
  source: docker.upgrade,
}

const contentLength: HeaderRule = {
  rule: 'Content-Length',
  always:
    'The number of bytes after the blank line. The next message on this connection begins behind them.',
  says: about((value, { event }) => {
    const onTape = Buffer.byteLength(event.body)
    if (Number(value) === 0) return `The body has ${value} bytes: there is none.`
    return Number(value) === onTape
      ? `The body has ${value} bytes.`
      : `The body had ${value} bytes. On this tape it has ${onTape}${whyMasked(event.body)}.`
  }),
  source: rfc(9110, '8.6'),
}

const transferEncoding: HeaderRule = {
  rule: 'Transfer-Encoding',
  always:
    'A server that begins to send before it knows the length uses it in place of Content-Length.',
  says: 'The body comes in chunks, each with its size in front.',
  source: rfc(9112, '6.1'),
}

const apiVersion: HeaderRule = {
  rule: 'Api-Version',
  always: 'The daemon’s newest version of the API.',
  says: about((value) => `The newest version of the API that this daemon speaks is ${value}.`),
  source: docker.versionHeaders,
}

const experimental: HeaderRule = {
  rule: 'Docker-Experimental',
  always: 'Whether dockerd runs with its experimental features. It does not change an exec.',
  says: about((value) =>
    value === 'true' ? 'Experimental features are on.' : `Experimental features: ${value}.`,
  ),
  source: docker.experimental,
}

const osType: HeaderRule = {
  rule: 'Ostype',
  always: 'The system on which the daemon runs, and with it the containers.',
  says: about((value) => `The daemon runs on ${value}.`),
  source: docker.versionHeaders,
}

const server: HeaderRule = {
  rule: 'Server',
  always: 'The name and version of the server. It is for people; use the API version to decide.',
  says: about((value) => {
    const [, product = value, version, system] = /^([^/]+)\/(\S+)(?: \((.*)\))?$/.exec(value) ?? []
    return `The server is ${[product, version].join(' ').trim()}${system ? ` on ${system}` : ''}.`
  }),
  source: docker.versionHeaders,
}

const date: HeaderRule = {
  rule: 'Date',
  always: 'When the answer was made, by the daemon’s clock, always in GMT.',
  says: about((value) => `The answer was made on ${value}.`),
  source: rfc(9110, '6.6.1'),
}

const libpodVersion: HeaderRule = {
  rule: 'Libpod-Api-Version',
  always: 'The version of Podman’s own API. We use the one that is compatible with Docker’s.',
  says: about((value) => `Podman’s own API has the version ${value}.`),
  source: podman.versionHeaders,
}

const reference: HeaderRule = {
  rule: 'X-Reference-Id',
  always: 'Podman’s name for the connection. It is in Podman’s log next to the request.',
  says: about((value) => `In its log Podman calls this connection ${value}.`),
  source: podman.reference,
}

const otherHeader: HeaderRule = {
  rule: 'header',
  always:
    'Docker’s client and the daemons that we tried do not send it for an exec. It comes from a proxy, or from HttpHeaders in your docker configuration.',
  says: about((value, { event }) =>
    value === masked
      ? 'The tape does not hold its value, which may be secret.'
      : `${event.kind === 'request' ? 'We send' : 'We receive'} the value ${value}.`,
  ),
  source: rfc(9110, '5.1'),
}

const blankLine: Rule = {
  rule: 'blank line',
  always: 'A line without anything on it ends the headers.',
  says: 'An empty line: the headers end here.',
  source: rfc(9112, '2.1'),
}

const known: readonly HeaderRule[] = [
  ...[host, connection, upgrade, userAgent, contentType, contentLength, transferEncoding],
  ...[apiVersion, experimental, osType, server, date, libpodVersion, reference],
]

/** The rules of the headers. */
export const headerRules: readonly AnyRule[] = [...known, otherHeader, blankLine]

/** Returns the fields of the headers and the blank line. */
export function headerFields(context: MessageContext): Field[] {
  const lines = context.event.headers.map(([name, value]) => {
    const rule = known.find((each) => each.rule.toLowerCase() === name.toLowerCase()) ?? otherHeader
    const bytes = headerBytes(`${name}: ${value}\r\n`)
    return fieldOf({ ...rule, name }, bytes, { ...context, value })
  })
  return [...lines, fieldOf(blankLine, '\r\n', undefined)]
}

const chunkSize: Rule<{ readonly data: number; readonly body: string }> = {
  rule: 'chunk size',
  always: 'The size of the next chunk in hexadecimal, on a line of its own.',
  says: (text, { data, body }) => {
    const size = Number.parseInt(text, 16)
    const sent = `${text.trim()} is hexadecimal for ${size}`
    return size === data
      ? `${sent}: so many bytes follow.`
      : `${sent}: so many bytes followed. On this tape ${data} follow${whyMasked(body)}.`
  },
  source: rfc(9112, '7.1'),
}

const lastChunk: Rule = {
  rule: 'last chunk',
  always: 'A chunk without data ends the body. Trailers could follow; no daemon sends any here.',
  says: 'The size zero: the body ends.',
  source: rfc(9112, '7.1'),
}

const chunkEnd: Rule = {
  rule: 'chunk end',
  always: 'Each chunk ends with a line end. It belongs to no body.',
  says: 'A line end ends the chunk.',
  source: rfc(9112, '7.1'),
}

/** The rules of the chunks. */
export const chunkRules: readonly AnyRule[] = [chunkSize, lastChunk, chunkEnd]

/**
 * Puts the chunk sizes between the fields of a body. A field that goes across
 * a chunk's end becomes two.
 */
export function withChunks(event: MessageContext['event'], body: readonly Field[]): Field[] {
  const left = [...body]
  const fields: Field[] = []
  const parts = bodyPartsOf(event)
  for (const [at, { kind, bytes }] of parts.entries()) {
    if (kind === 'data') fields.push(...takeBytes(left, bytes.length))
    else if (kind === 'end') fields.push(fieldOf(chunkEnd, bytes, undefined))
    else {
      const next = parts[at + 1]
      fields.push(
        next?.kind === 'data'
          ? fieldOf(chunkSize, bytes, { data: next.bytes.length, body: event.body })
          : fieldOf(lastChunk, bytes, undefined),
      )
    }
  }
  return fields
}

/** Removes this many bytes from the front of the fields and returns them. */
function takeBytes(fields: Field[], length: number): Field[] {
  const taken: Field[] = []
  for (let missing = length; missing > 0; ) {
    const next = fields.shift()
    if (!next) break
    taken.push({ ...next, bytes: next.bytes.subarray(0, missing) })
    const rest = next.bytes.subarray(missing)
    if (rest.length > 0) fields.unshift({ ...next, bytes: rest })
    missing -= next.bytes.length
  }
  return taken
}
