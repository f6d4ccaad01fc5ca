/**
 * Plain HTTP requests to an engine. The tests must not need a `docker`
 * command, nor rely on the code that they test.
 *
 * @module
 */

import { type RequestOptions, request } from 'node:http'

/** An engine's answer to one request. */
export type ApiAnswer = { readonly status: number; readonly body: string }

/** The body of a request. An object is sent as JSON, bytes unchanged. */
export type ApiBody = Uint8Array | object

/**
 * Parses `unix:///path` and `tcp://host:port`, the two forms that the tests
 * support.
 */
export function connectionOptions(
  host: string,
): { readonly path: string } | { readonly host: string; readonly port: number } {
  const path = /^unix:\/\/(.+)$/.exec(host)?.[1]
  if (path !== undefined) return { path }
  const [, name, port] = /^tcp:\/\/(.+?)(?::(\d+))?\/?$/.exec(host) ?? []
  if (name !== undefined) return { host: name, port: Number(port ?? 2375) }
  throw new Error(`The tests connect to an engine through unix:// or tcp://, not ${host}.`)
}

/** Sends one request to the engine at `host` and reads the whole answer. */
export function call(
  host: string,
  method: string,
  path: string,
  body?: ApiBody,
): Promise<ApiAnswer> {
  const isBytes = body instanceof Uint8Array
  const bytes = isBytes ? body : body && Buffer.from(JSON.stringify(body))
  const engine = connectionOptions(host)
  const options: RequestOptions = {
    ...('path' in engine ? { socketPath: engine.path } : engine),
    method,
    path,
    agent: false,
    headers: {
      Host: 'docker',
      'Content-Type': isBytes ? 'application/x-tar' : 'application/json',
      'Content-Length': bytes?.length ?? 0,
    },
  }
  return new Promise((resolve, reject) => {
    const sent = request(options, (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.on('error', reject)
      answer.on('end', () => {
        resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(chunks).toString() })
      })
    })
    sent.on('error', reject)
    sent.end(bytes)
  })
}

/** Like {@link call}, but throws if the status is 400 or above. */
export async function callOrThrow(
  host: string,
  method: string,
  path: string,
  body?: ApiBody,
): Promise<string> {
  const answer = await call(host, method, path, body)
  if (answer.status >= 400) throw new Error(`${method} ${path}: ${answer.status} ${answer.body}`)
  return answer.body
}

/**
 * Returns the name of an engine and the first two numbers of its version, as the record of the
 * conformance suite has it: `dockerd 20.10`, `Podman 4.3`, or `practice daemon`.
 */
export async function engineName(host: string): Promise<string> {
  const { Version, Platform, Components } = JSON.parse(
    await callOrThrow(host, 'GET', '/version'),
  ) as {
    Version: string
    Platform?: { Name?: string }
    Components?: { Name: string }[]
  }
  if (Platform?.Name?.startsWith('Practice daemon')) return 'practice daemon'
  const isPodman = Components?.some(({ Name }) => Name.startsWith('Podman'))
  return `${isPodman ? 'Podman' : 'dockerd'} ${/^\d+\.\d+/.exec(Version)?.[0] ?? Version}`
}
