/**
 * A daemon that does on purpose what a real one does seldom: the first output in the packet of
 * the 101, a resize that is refused, an exit code that is not there yet. It knows the five
 * requests of an exec and runs nothing.
 *
 * @module
 */

import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseHost } from '../engine/address.ts'
import { connectTo } from '../engine/engine.ts'
import type { Connect } from './probe.ts'

/** What it is to do. Without a word about something it does what a daemon does. */
export type Script = {
  /** Sent in one packet with the 101. */
  readonly early?: string
  /** 200: the connection is not upgraded, as behind a proxy that removes the header. */
  readonly startStatus?: 200 | 409
  /** What the 101 calls its stream; `application/vnd.docker.raw-stream` unless it says otherwise. */
  readonly contentType?: string
  /** The statuses of the resizes, in order; the last one counts for all that follow. */
  readonly resize?: readonly number[]
  /** What is answered to the question for the exit code, in order, the last one again and again. */
  readonly inspect?: readonly { readonly Running: boolean; readonly ExitCode: number | null }[]
  /** Listens on TCP instead of a socket file. */
  readonly overTcp?: boolean
  /** Ends the session only when the client has half-closed. Else it ends at once. */
  readonly waitsForInput?: boolean
}

/** One that is listening. */
export type ScriptedDaemon = {
  readonly connect: Connect
  /** Ends every connection and stops listening. */
  readonly close: () => Promise<void>
}

/** The exec ID that it hands out. */
const execId = 'e1'.repeat(32)

/** Starts one. */
export async function startScriptedDaemon(script: Script): Promise<ScriptedDaemon> {
  const folder = mkdtempSync(join(tmpdir(), 'wbsd-'))
  const open = new Set<Socket>()
  const resizes = [...(script.resize ?? [200])]
  const notes = [...(script.inspect ?? [{ Running: false, ExitCode: 0 }])]

  const server = createServer((request, response) => answer(request, response))
  server.on('connection', (socket: Socket) => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
    socket.on('error', () => socket.destroy())
  })
  server.on('upgrade', (request, socket: Socket) => {
    request.resume()
    const head = [
      'HTTP/1.1 101 UPGRADED',
      `Content-Type: ${script.contentType ?? 'application/vnd.docker.raw-stream'}`,
      'Connection: Upgrade',
      'Upgrade: tcp',
    ]
    if (script.startStatus) {
      const text = `{"message":"refused for the sake of the exercise"}\n`
      const length = script.startStatus === 200 ? '' : `Content-Length: ${text.length}\r\n`
      socket.write(`HTTP/1.1 ${script.startStatus} Not upgraded\r\n${length}\r\n`)
      socket.end(script.startStatus === 200 ? '' : text)
      return
    }
    socket.write(`${head.join('\r\n')}\r\n\r\n${script.early ?? ''}`)
    socket.resume()
    if (script.waitsForInput) socket.on('end', () => socket.end())
    else socket.end()
  })

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const path = (request.url ?? '').replace(/^\/v\d+\.\d+/, '')
    const send = (status: number, value?: object): void => {
      response.writeHead(status, { 'Api-Version': '1.41', 'Content-Type': 'application/json' })
      response.end(value && `${JSON.stringify(value)}\n`)
    }
    request.resume()
    if (path === '/_ping') send(200)
    else if (path.startsWith('/containers/') && path.endsWith('/exec')) send(201, { Id: execId })
    else if (path.startsWith('/containers/')) send(200, { Id: 'b0', State: { Running: true } })
    else if (path.endsWith('/start')) send(200)
    else if (path.includes('/resize?')) {
      const status = (resizes.length > 1 ? resizes.shift() : resizes[0]) ?? 200
      send(status, status < 300 ? undefined : { message: 'no such exec' })
    } else send(200, notes.length > 1 ? notes.shift() : notes[0])
  }

  const path = join(folder, 'docker.sock')
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    if (script.overTcp) server.listen(0, '127.0.0.1', resolve)
    else server.listen(path, resolve)
  })
  const host = script.overTcp
    ? `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`
    : `unix://${path}`
  const config = { folder, httpHeaders: {}, detachKeys: '', currentContext: '' }
  return {
    connect: (record) => connectTo(parseHost(host), config, { environment: {}, record }),
    async close() {
      for (const socket of open) socket.destroy()
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
      })
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
