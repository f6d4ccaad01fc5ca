/**
 * The limit: a bare socket that reads into one buffer and throws the bytes
 * away, so the only work left is the kernel's and Node's own. Prints how many
 * bytes came, with the head of the answer and the frames.
 */
const { hijack, readArguments, sendInput } = require('./hijack.cjs')

async function main() {
  const asked = readArguments()
  let length = 0
  const { socket, exitCode } = await hijack(asked, {
    buffer: Buffer.allocUnsafe(256 * 1024),
    callback: (read) => {
      length += read
      return true
    },
  })
  if (asked.input) sendInput(socket)
  else socket.end()
  await new Promise((resolve) => socket.once('end', resolve))
  socket.destroy()
  process.stdout.write(`${length}\n`)
  process.exitCode = await exitCode()
}

void main()
