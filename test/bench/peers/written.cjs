/**
 * The limit with the output written: reads into one buffer, and writes it
 * with one call. At a terminal it passes on the keys. It knows nothing of
 * errors, stderr, detach keys or a window size.
 */
const { writeSync, writevSync } = require('node:fs')
const { isatty } = require('node:tty')
const { finish, hijack, readArguments } = require('./hijack.cjs')

const headEnd = '\r\n\r\n'
const headerLength = 8

async function main() {
  const asked = readArguments()
  const buffer = Buffer.allocUnsafe(256 * 1024)
  const write = asked.tty ? (bytes) => writeSync(1, bytes) : unpackFrames()
  let head = ''
  const session = await hijack(asked, {
    buffer,
    callback: (length) => {
      let bytes = buffer.subarray(0, length)
      if (!head.endsWith(headEnd)) {
        // dockerd 20.10 sends it in several pieces.
        const text = head + bytes.toString('latin1')
        const at = text.indexOf(headEnd)
        bytes = at === -1 ? bytes.subarray(length) : bytes.subarray(at + 4 - head.length)
        head = at === -1 ? text : headEnd
      }
      if (bytes.length > 0) write(bytes)
      return true
    },
  })
  if (isatty(0)) process.stdin.setRawMode(true)
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
