/**
 * The limit with the output written: reads into one buffer, and writes it
 * with one call. At a terminal it passes on the keys. It knows nothing of
 * errors, stderr, detach keys or a window size.
 */
const { writeSync, writevSync } = require('node:fs')
const { finish, hijack, readArguments } = require('./hijack.cjs')

const headerLength = 8

async function main() {
  const asked = readArguments()
  const buffer = Buffer.allocUnsafe(256 * 1024)
  const write = asked.tty ? (bytes) => writeSync(1, bytes) : unpackFrames()
  let isAnswered = false
  const session = await hijack(asked, {
    buffer,
    callback: (length) => {
      const begin = isAnswered ? 0 : buffer.indexOf('\r\n\r\n') + 4
      isAnswered = true
      if (begin < length) write(buffer.subarray(begin, length))
      return true
    },
  })
  if (process.stdin.isTTY) process.stdin.setRawMode(true)
  await finish(asked, session)
}

function unpackFrames() {
  const header = Buffer.alloc(headerLength)
  let filled = 0
  let remaining = 0
  return (bytes) => {
    const payloads = []
    for (let at = 0; at < bytes.length; ) {
      if (remaining === 0) {
        const copied = bytes.copy(header, filled, at, at + headerLength - filled)
        filled += copied
        at += copied
        if (filled < headerLength) break
        filled = 0
        remaining = header.readUInt32BE(4)
      } else {
        const end = Math.min(at + remaining, bytes.length)
        payloads.push(bytes.subarray(at, end))
        remaining -= end - at
        at = end
      }
    }
    if (payloads.length > 0) writevSync(1, payloads)
  }
}

void main()
