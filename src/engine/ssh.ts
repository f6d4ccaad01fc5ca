/**
 * Connects to a daemon through the user's own ssh.
 *
 * @module
 */

import { Duplex } from 'node:stream'
import { codeOf } from '../process/failure.ts'

/** The host in the requests, as in docker. ssh has the real one. */
export const sshOrigin = 'http://docker.example.com'

/** How many characters of ssh's own messages we keep for the error. */
const longestMessage = 4096

/**
 * Starts ssh, which runs `docker system dial-stdio` on the remote host. That
 * command connects to the daemon, and passes on what it reads and what the
 * daemon sends. So ssh's standard input and output are a connection: this
 * stream joins them. As in a socket, `connect` says that it can be used.
 *
 * ssh ends with the stream, and at the latest with this process.
 */
export function dialSsh(args: readonly string[]): Duplex {
  // Loaded on demand, because most daemons listen on a socket file.
  const { spawn } = process.getBuiltinModule('node:child_process')
  // As in docker, ssh runs in a session of its own. Ctrl-C doesn't reach it,
  // and it can't ask for a password on our terminal.
  const ssh = spawn('ssh', args, { detached: process.platform !== 'win32', windowsHide: true })
  const stop = (): void => void ssh.kill()
  process.once('exit', stop)

  const stream = new Duplex({
    allowHalfOpen: false,
    read: () => void ssh.stdout.resume(),
    // A write fails if ssh has exited. Its exit tells us why.
    write: (chunk, _, done) => void ssh.stdin.write(chunk, () => done()),
    final: (done) => void ssh.stdin.end(() => done()),
    destroy(error, done) {
      stop()
      done(error)
    },
  })
  ssh.stdin.on('error', () => {})
  ssh.stdout.on('data', (chunk) => {
    if (!stream.push(chunk)) ssh.stdout.pause()
  })
  let message = ''
  ssh.stderr.setEncoding('utf8').on('data', (text: string) => {
    message = (message.length > longestMessage ? '' : message) + text.replaceAll('\r\n', '\n')
  })

  ssh.once('spawn', () => stream.emit('connect'))
  ssh.once('error', (error) => {
    process.off('exit', stop)
    const isMissing = codeOf(error) === 'ENOENT'
    stream.destroy(isMissing ? new Error('exec: "ssh": executable file not found in $PATH') : error)
  })
  ssh.once('close', (code, signal) => {
    process.off('exit', stop)
    if (code === 0) {
      stream.push(null)
      return
    }
    const status = signal ? `signal: ${signal}` : `exit status ${code}`
    const error = `command [ssh ${args.join(' ')}] has exited with ${status}, make sure the URL is valid, and Docker 18.09 or later is installed on the remote host: stderr=${message}`
    stream.destroy(new Error(error))
  })
  return stream
}
