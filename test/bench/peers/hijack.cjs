/**
 * The least that an exec can be: raw requests on raw sockets. It is the part
 * that the two bare sockets share.
 */
const net = require('node:net')

/** Parses `CONTAINER [--tty] [--input] COMMAND…`, which every peer takes. */
exports.readArguments = () => {
  const [container, ...words] = process.argv.slice(2)
  const options = words.filter((word) => word.startsWith('--'))
  return {
    container,
    tty: options.includes('--tty'),
    input: options.includes('--input'),
    command: words.slice(options.length),
  }
}

/** Where DOCKER_HOST points. */
function address() {
  const { DOCKER_HOST = 'unix:///var/run/docker.sock' } = process.env
  const url = new URL(DOCKER_HOST)
  return url.protocol === 'unix:'
    ? { path: url.pathname }
    : { host: url.hostname, port: Number(url.port) }
}

function head(method, path, headers, body) {
  const lines = [`${method} /v1.41${path} HTTP/1.1`, 'Host: docker', ...headers]
  return `${lines.join('\r\n')}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`
}

/** Sends one request on its own connection and returns the JSON of its body. */
function call(method, path, body = '') {
  return new Promise((resolve, reject) => {
    const socket = net.connect(address())
    let answer = ''
    socket.setEncoding('latin1')
    socket.on('data', (text) => {
      answer += text
    })
    socket.on('error', reject)
    socket.on('end', () => {
      resolve(JSON.parse(answer.slice(answer.indexOf('{'), answer.lastIndexOf('}') + 1)))
    })
    socket.write(head(method, path, ['Connection: close'], body))
  })
}

/**
 * Creates an exec and starts it.
 *
 * @param onread - a buffer to read into and a callback, instead of `data`
 * events. It also gets the 101 and its headers.
 * @returns the socket, right after the request
 */
exports.hijack = async ({ container, tty, input, command }, onread) => {
  const created = JSON.stringify({
    ...{ AttachStdin: input, AttachStdout: true, AttachStderr: true },
    ...{ Tty: tty, Cmd: command },
  })
  const { Id } = await call('POST', `/containers/${container}/exec`, created)
  let answer
  // dockerd drops input that arrives together with the start.
  const answered = new Promise((resolve) => {
    answer = resolve
  })
  const reader = onread && {
    buffer: onread.buffer,
    callback: (length) => {
      answer()
      return onread.callback(length)
    },
  }
  const socket = net.connect({
    ...address(),
    allowHalfOpen: true,
    ...(reader && { onread: reader }),
  })
  if (!reader) socket.once('data', answer)
  const upgrade = ['Connection: Upgrade', 'Upgrade: tcp']
  const body = JSON.stringify({ Detach: false, Tty: tty })
  socket.write(head('POST', `/exec/${Id}/start`, upgrade, body))
  const exitCode = async () => (await call('GET', `/exec/${Id}/json`)).ExitCode
  return { socket, answered, exitCode }
}

/**
 * Copies standard input and half-closes, waits for the end, and prints how
 * many bytes came, if asked. The process exits with the command's code.
 */
exports.finish = async ({ input }, { socket, answered, exitCode }, length) => {
  const { createReadStream } = require('node:fs')
  const { isatty } = require('node:tty')
  await answered
  // A terminal gives a key at a time, anything else large pieces. Not
  // process.stdin.isTTY, which would begin to read a pipe.
  const source = () =>
    isatty(0) ? process.stdin : createReadStream('', { fd: 0, highWaterMark: 1024 * 1024 })
  if (input) source().pipe(socket)
  else socket.end()
  await new Promise((resolve) => socket.once('end', resolve))
  socket.destroy()
  if (length) process.stdout.write(`${length()}\n`)
  process.exitCode = await exitCode()
}
