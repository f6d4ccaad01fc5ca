/**
 * A bare socket: reads the session with `data` events and throws it away.
 * Prints how many bytes came, with the head of the answer and the frames.
 */
const { hijack, readArguments, sendInput } = require('./hijack.cjs')

async function main() {
  const asked = readArguments()
  const { socket, exitCode } = await hijack(asked)
  let length = 0
  socket.on('data', (chunk) => {
    length += chunk.length
  })
  if (asked.input) sendInput(socket)
  else socket.end()
  await new Promise((resolve) => socket.once('end', resolve))
  socket.destroy()
  process.stdout.write(`${length}\n`)
  process.exitCode = await exitCode()
}

void main()
