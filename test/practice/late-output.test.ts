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
async function readLate(target: Target, command: string): Promise<number> {
  const id = await create(target, { AttachStdout: true, Tty: false, Cmd: ['sh', '-c', command] })
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

test('keeps the last output for a client that reads it late', async () => {
  // The buffers on the way hold a part of the output. For some of these
  // sizes the command exits while the rest waits in its pipe.
  const sizes = [160, 200, 240, 280, 320, 360, 400].map((kilobytes) => kilobytes * 1000)
  await withPractice([], async ({ host, container }) => {
    const target = { host, container }
    const read = await Promise.all(
      sizes.map((size) => readLate(target, `head -c ${size} /dev/zero`)),
    )
    expect(read).toEqual(sizes)
  })
})
