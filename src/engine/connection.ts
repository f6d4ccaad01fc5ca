/**
 * One connection to a daemon, from the dial to the last byte.
 *
 * While it speaks HTTP, undici reads from it as from any stream. Once it is hijacked, the copy
 * loop reads from it directly: Node fills one buffer again and again and calls us with what is
 * in it, instead of allocating memory for every read. That is most of what makes a large output
 * cheap.
 *
 * @module
 */

import net from 'node:net'
import type { Source, Take } from '../stream/source.ts'
import type { Address } from './parse-host.ts'

/** Large enough for all that a unix socket holds, so that one read empties it. */
const readBufferLength = 256 * 1024

/** Sees the bytes of a connection as they pass. A chunk is valid during the call only. */
export type ByteLog = {
  /** Sees what we write. */
  readonly sent: (bytes: Uint8Array) => void
  /** Sees what the daemon writes. */
  readonly received: (bytes: Uint8Array) => void
  /** Sees the end of either direction. */
  readonly ended: (side: 'ours' | 'theirs') => void
}

/** A dialled connection. */
export type Connection = Source & {
  readonly socket: net.Socket
  /** True for TCP, where a silent connection may be dropped on the way; a unix socket has no way. */
  readonly overTcp: boolean
  /**
   * Takes the bytes that came in the same packet as the daemon's answer. The HTTP parser had
   * read them already and put them back; whoever forgets them loses the first output.
   */
  readonly takeEarlyBytes: () => Uint8Array
  /** Says that we will write no more, and goes on reading. */
  readonly halfClose: () => void
}

/** Sockets, while they are ours: undici knows the socket, the stages know the connection. */
const connections = new WeakMap<net.Socket, Connection>()

/** The connection that a socket belongs to. */
export function connectionOf(socket: net.Socket): Connection | undefined {
  return connections.get(socket)
}

/** Begins to dial. The socket emits `connect` (over TLS `secureConnect`) or `error`. */
export function dial(address: Address, log: ByteLog | undefined): net.Socket {
  if (address.kind === 'tcp' && address.tls) return dialTls(address, log)

  let take: Take | undefined
  const socket = new net.Socket({
    // Half-close: the daemon's end must not end our side by itself, nor ours the daemon's.
    allowHalfOpen: true,
    onread: {
      buffer: Buffer.allocUnsafe(readBufferLength),
      callback(length: number, buffer: Uint8Array): boolean {
        const chunk = buffer.subarray(0, length)
        log?.received(chunk)
        if (take) return take(chunk)
        // Still HTTP: the parser may keep what it reads, and the buffer is used again.
        return socket.push(Buffer.from(chunk))
      },
    },
  } as net.SocketConstructorOpts)
  showSent(socket, log)
  connections.set(socket, {
    socket,
    overTcp: address.kind === 'tcp',
    takeEarlyBytes: () => takeBuffered(socket),
    halfClose: () => halfClose(socket, log),
    resume: () => socket.resume(),
    read: (next) => {
      const ended = endOf(socket, log)
      const buffered = takeBuffered(socket)
      take = next
      if (buffered.length === 0 || next(buffered)) socket.resume()
      return ended
    },
  })
  socket.setNoDelay(true)
  return address.kind === 'socket'
    ? socket.connect(address.path)
    : socket.connect({ host: address.hostname, port: address.port })
}

/** TLS decrypts into memory of its own, so this one is read as an ordinary stream. */
function dialTls(address: Address & { kind: 'tcp' }, log: ByteLog | undefined): net.Socket {
  // Loaded only here, because most daemons are reached through a socket file.
  const tls = process.getBuiltinModule('node:tls')
  const { ca, cert, key, verify } = address.tls ?? { verify: true }
  const socket = tls.connect({
    host: address.hostname,
    port: address.port,
    allowHalfOpen: true,
    rejectUnauthorized: verify,
    ...(net.isIP(address.hostname) === 0 && { servername: address.hostname }),
    ...(ca && { ca }),
    ...(cert && { cert }),
    ...(key && { key }),
  } as import('node:tls').ConnectionOptions)
  showSent(socket, log)
  showReceived(socket, log)
  connections.set(socket, {
    socket,
    overTcp: true,
    takeEarlyBytes: () => takeBuffered(socket),
    halfClose: () => halfClose(socket, log),
    resume: () => socket.resume(),
    read: (next) => {
      const ended = endOf(socket, log)
      socket.on('data', (chunk: Buffer) => {
        if (!next(chunk)) socket.pause()
      })
      return ended
    },
  })
  return socket
}

function halfClose(socket: net.Socket, log: ByteLog | undefined): void {
  if (socket.writableEnded || socket.destroyed) return
  log?.ended('ours')
  socket.end()
}

function takeBuffered(socket: net.Socket): Uint8Array {
  const parts: Buffer[] = []
  for (let part = socket.read() as Buffer | null; part !== null; part = socket.read()) {
    parts.push(part)
  }
  return Buffer.concat(parts)
}

/** Resolves when nothing more can come, with the error if it was one. */
function endOf(socket: net.Socket, log: ByteLog | undefined): Promise<Error | undefined> {
  return new Promise((resolve) => {
    if (socket.readableEnded || socket.destroyed) resolve(socket.errored ?? undefined)
    socket.once('end', () => {
      log?.ended('theirs')
      resolve(undefined)
    })
    socket.once('error', resolve)
    socket.once('close', () => resolve(undefined))
  })
}

/** Shows what a socket sends. Where nobody looks it stays as it is. */
function showSent(socket: net.Socket, log: ByteLog | undefined): void {
  if (!log) return
  const show = (chunk: Uint8Array | string, encoding: BufferEncoding): void =>
    log.sent(typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk)
  const { _write, _writev } = socket
  socket._write = (chunk, encoding, done) => {
    show(chunk, encoding)
    _write.call(socket, chunk, encoding, done)
  }
  // What was written while the socket was busy goes out at once.
  socket._writev = (chunks, done) => {
    for (const { chunk, encoding } of chunks) show(chunk, encoding)
    _writev?.call(socket, chunks, done)
  }
}

/** The same for what comes, where the socket itself makes the chunks. */
function showReceived(socket: net.Socket, log: ByteLog | undefined): void {
  if (!log) return
  const { push } = socket
  socket.push = (chunk: Uint8Array | null, encoding) => {
    if (chunk) log.received(chunk)
    return push.call(socket, chunk, encoding)
  }
}
