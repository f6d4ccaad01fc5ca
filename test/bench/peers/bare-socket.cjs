/**
 * A bare socket: reads the session with `data` events and throws it away.
 * Prints how many bytes came, with the head of the answer and the frames.
 */
const { finish, hijack, readArguments } = require('./hijack.cjs')

async function main() {
  const asked = readArguments()
  const session = await hijack(asked)
  let length = 0
  session.socket.on('data', (chunk) => {
    length += chunk.length
  })
  await finish(asked, session, () => length)
}

void main()
