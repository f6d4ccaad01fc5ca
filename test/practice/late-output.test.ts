/**
 * Output that is still on its way when the command has exited.
 *
 * @module
 */

import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { requestText } from '../../src/exec/request.ts'
import { create, dial, type Target } from '../conformance/raw.ts'
import { withPractice } from './daemon.ts'

/** How long the client reads nothing, in milliseconds. */
const pause = 3000

/** Runs a command, reads nothing for a while, and counts the bytes after it. */
async function readLate(target: Target, command: string, tty: boolean): Promise<number> {
  const id = await create(target, { AttachStdout: true, Tty: tty, Cmd: ['sh', '-c', command] })
  const socket = await dial(target)
  const headers = { Connection: 'Upgrade', Upgrade: 'tcp' }
  const body = { Detach: false, Tty: true }
  socket.write(requestText('POST', `/v1.41/exec/${id}/start`, { headers, body }))
  await wait(pause)
  const chunks: Buffer[] = []
  for await (const chunk of socket) chunks.push(chunk as Buffer)
  const bytes = Buffer.concat(chunks)
  return bytes.length - bytes.indexOf('\r\n\r\n') - 4
}

test.concurrent.each([
  ['a pipe', false],
  ['a terminal', true],
])('keeps the last output in %s for a client that reads it late', async (_, tty) => {
  // The buffers on the way hold a part of the output. For some of these
  // sizes the command exits while the rest waits in its pipe or terminal.
  const sizes = Array.from({ length: 30 }, (_, index) => 150_000 + index * 10_000)
  await withPractice([], async ({ host, container }) => {
    const target = { host, container }
    const read = await Promise.all(
      sizes.map((size) => readLate(target, `head -c ${size} /dev/zero`, tty)),
    )
    expect(read).toEqual(sizes)
  })
})
