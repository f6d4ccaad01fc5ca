/**
 * The socket to a daemon: connects it, reads it with one buffer, and logs it.
 *
 * While a connection speaks HTTP, undici reads its socket like any stream.
 * After the hijack the output loop takes over. Node then fills the same
 * buffer for every read and hands us a view of it, without allocating memory.
 * That is most of what makes large outputs cheap.
 *
 * @module
 */

import net from 'node:net'
import type { Consumer } from '../stream/source.ts'
import type { Address } from './parse-host.ts'
import { dialSsh } from './ssh.ts'

/** In bytes. Large enough that one read empties a Unix socket. */
const readBufferLength = 256 * 1024

/** Observes a socket. A chunk is valid only during the call. */
export type SocketLog = {
  /** We wrote bytes. */
  readonly sent: (bytes: Uint8Array) => void
  /** The daemon sent bytes. */
  readonly received: (bytes: Uint8Array) => void
  /** We sent a FIN and write nothing after it. */
  readonly halfClosed: () => void
  /** The daemon sent a FIN. */
  readonly ended: () => void
  /** We destroyed the socket before the daemon ended its side. */
  readonly cut: () => void
  /**
   * TCP keep-alive was enabled, with the idle time before the first probe in
   * milliseconds.
   */
  readonly keepAlive: (milliseconds: number) => void
}

/**
 * For each socket without TLS: a function that starts reading it without
 * allocating memory.
 */
const directReaders = new WeakMap<net.Socket, (take: Consumer) => void>()

/**
 * Starts to connect. The socket emits `connect` (over TLS `secureConnect`) or
 * `error`.
 */
export function dial(address: Address, log: SocketLog | undefined): net.Socket {
  if (address.kind === 'tcp' && address.tls) return logReads(dialTls(address), log)
  // No socket, but it has the methods that a session needs.
  if (address.kind === 'ssh') return logReads(dialSsh(address.sshArguments) as net.Socket, log)

  let take: Consumer | undefined
  const socket = new net.Socket({
    onread: {
      buffer: Buffer.allocUnsafe(readBufferLength),
      callback(length: number, buffer: Uint8Array): boolean {
        const chunk = buffer.subarray(0, length)
        log?.received(chunk)
        if (take) return take(chunk)
        // Still HTTP: copy, because the parser may keep the chunk and the
        // buffer is reused.
        return socket.push(Buffer.from(chunk))
      },
    },
  } as net.SocketConstructorOpts)
  if (log) watchSocket(socket, log)
  directReaders.set(socket, (next) => {
    take = next
  })
  socket.setNoDelay(true)
  return address.kind === 'socket'
    ? socket.connect(address.path)
    : socket.connect({ host: address.hostname, port: address.port })
}

/**
 * Connects over TLS, which decrypts into its own memory. Such a socket is
 * read as a plain stream.
 */
function dialTls(address: Address & { kind: 'tcp' }): net.Socket {
  // Loaded on demand, because most daemons listen on a socket file.
  const tls = process.getBuiltinModule('node:tls')
  const { ca, cert, key, verify } = address.tls ?? { verify: true }
  return tls.connect({
    host: address.hostname,
    port: address.port,
    rejectUnauthorized: verify,
    ...(net.isIP(address.hostname) === 0 && { servername: address.hostname }),
    ...(ca && { ca }),
    ...(cert && { cert }),
    ...(key && { key }),
  })
}

/** Logs the traffic of a connection that is read as a plain stream. */
function logReads(socket: net.Socket, log: SocketLog | undefined): net.Socket {
  if (!log) return socket
  watchSocket(socket, log)
  const { push } = socket
  socket.push = (chunk: Uint8Array | null, encoding) => {
    if (chunk) log.received(chunk)
    return push.call(socket, chunk, encoding)
  }
  return socket
}

/**
 * Passes every chunk that the daemon sends to `take`, in order. A chunk may
 * be a view of memory that the next read overwrites. If `take` still needs
 * it, it returns false, and reading pauses until `resume()` is called on the
 * socket. From here on a failed write is no error of the socket.
 *
 * @returns a promise that resolves at the end of the input, with the error if
 * there was one. It never rejects.
 */
export function readSocket(socket: net.Socket, take: Consumer): Promise<Error | undefined> {
  ignoreFailedWrites(socket)
  const end = endOf(socket)
  const readDirectly = directReaders.get(socket)
  if (!readDirectly) {
    socket.on('data', (chunk: Buffer) => {
      if (!take(chunk)) socket.pause()
    })
    return end
  }
  const buffered = takeBufferedBytes(socket)
  readDirectly(take)
  if (buffered.length === 0 || take(buffered)) socket.resume()
  return end
}

/**
 * Keeps a failed write from destroying the socket: what the daemon sent
 * before it closed can still be read, and then the read reports the end.
 */
function ignoreFailedWrites(socket: net.Socket): void {
  const { _write, _writev } = socket
  socket._write = (chunk, encoding, done) => _write.call(socket, chunk, encoding, () => done())
  if (_writev) socket._writev = (chunks, done) => _writev.call(socket, chunks, () => done())
}

/** Takes the bytes that were read before, or that a parser put back. */
function takeBufferedBytes(socket: net.Socket): Uint8Array {
  const pieces: Buffer[] = []
  for (let piece = socket.read(); piece !== null; piece = socket.read()) pieces.push(piece)
  return Buffer.concat(pieces)
}

function endOf(socket: net.Socket): Promise<Error | undefined> {
  return new Promise((resolve) => {
    if (socket.readableEnded || socket.destroyed) resolve(socket.errored ?? undefined)
    socket.once('end', () => resolve(undefined))
    socket.once('error', resolve)
    socket.once('close', () => resolve(undefined))
  })
}

/**
 * Reports a socket's traffic and its end to a log. A socket without a log is
 * not touched.
 */
function watchSocket(socket: net.Socket, log: SocketLog): void {
  const show = (chunk: Uint8Array | string, encoding: BufferEncoding): void =>
    log.sent(typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk)
  const { _write, _writev, _final, _destroy, setKeepAlive } = socket
  socket._write = (chunk, encoding, done) => {
    show(chunk, encoding)
    _write.call(socket, chunk, encoding, done)
  }
  // Chunks that queued up while the socket was busy are written together,
  // unless the stream is ssh.
  if (_writev) {
    socket._writev = (chunks, done) => {
      for (const { chunk, encoding } of chunks) show(chunk, encoding)
      _writev.call(socket, chunks, done)
    }
  }
  socket._final = (done) => {
    // After the daemon's FIN, ours closes the connection. It isn't a
    // half-close.
    if (!socket.readableEnded) log.halfClosed()
    _final.call(socket, done)
  }
  socket._destroy = (error, done) => {
    if (!socket.readableEnded) log.cut()
    _destroy.call(socket, error, done)
  }
  socket.setKeepAlive = (enable, milliseconds) => {
    if (enable) log.keepAlive(milliseconds ?? 0)
    return setKeepAlive.call(socket, enable, milliseconds)
  }
  socket.on('end', log.ended)
}
