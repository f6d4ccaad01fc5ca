import { once } from 'node:events'
import net from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { dial, readSocket } from '../../src/engine/socket.ts'
import { removeFolder, temporaryFolder } from '../support/folder.ts'

test('a failed write loses no output that has already arrived', async () => {
  const folder = temporaryFolder('wbsock')
  const path = join(folder, 'socket')
  const server = net.createServer().listen(path)
  onTestFinished(() => {
    server.close()
    removeFolder(folder)
  })
  await once(server, 'listening')
  const socket = dial({ kind: 'socket', host: `unix://${path}`, path }, undefined)
  onTestFinished(() => void socket.destroy())
  const [daemon] = (await once(server, 'connection')) as [net.Socket]

  let output = ''
  const ended = readSocket(socket, (chunk) => {
    output += Buffer.from(chunk).toString()
    // Like a terminal that is still busy with the first piece.
    return output !== 'first '
  })
  daemon.write('first ')
  await expect.poll(() => output).toBe('first ')
  daemon.end('second')
  await once(daemon, 'finish')
  daemon.destroy()
  await once(daemon, 'close')
  await new Promise((resolve) => socket.write('a key', resolve))
  socket.resume()
  await ended
  expect(output).toBe('first second')
})
