/**
 * A half-close that meets a proxy.
 *
 * @module
 */

import type { AddressInfo } from 'node:net'
import { createConnection, createServer, type Socket } from 'node:net'
import type { Scope } from '../../../src/course/scope.ts'
import { connectTo } from '../../../src/engine/engine.ts'
import { parseHost } from '../../../src/engine/parse-host.ts'
import type { ExecPlace } from '../../../src/exec/exec-place.ts'
import { type ExecStatus, openExecRunner, statusText } from '../../../src/exec/session.ts'
import type { Experiment } from '../../../src/experiments/experiment.ts'

/** What came through the proxy, and what the daemon says then. */
type Proxied = {
  readonly shown: string
  /** Right after the end of the stream. */
  readonly status: ExecStatus
  readonly after: ExecStatus
}

const arrives = {
  all: 'hello and rest',
  hello: 'hello: the connection ends before rest',
  nothing: 'nothing: the connection ends at once',
}

/** A proxy that answers a half-close by closing both directions. */
export const proxyCloses: Experiment<Proxied> = {
  name: 'proxy-closes',
  chapter: 5,
  title: 'A proxy that closes at the half-close',
  action:
    'You run sh -c ‘cat; sleep 1; echo rest’ through a proxy that closes both directions as soon as the client closes one. You send “hello”, wait until it comes back, and half-close.',
  question: 'What do you receive?',
  choices: Object.values(arrives),
  where: 'practice daemon',
  async run(lab) {
    const place = await behindProxy(await lab.startPracticeDaemon(), lab.scope)
    const runner = await openExecRunner(place, lab.scope)
    const command = ['sh', '-c', 'cat; sleep 1; echo rest']
    const session = await runner.runExec({ command, stdin: true })
    session.send('hello\n')
    await session.until(({ text }) => text() === 'hello\n')
    session.socket.end()
    await session.until(() => false)
    const status = await runner.inspectExec(session.id)
    return { shown: session.text(), status, after: await runner.awaitExec(session.id) }
  },
  answer({ shown }) {
    if (shown.includes('rest')) return arrives.all
    return shown.includes('hello') ? arrives.hello : arrives.nothing
  },
  evidence: ({ shown, status, after }) => [
    '→ 68 65 6c 6c 6f 0a, then a half-close',
    `← ${JSON.stringify(shown)}, then the end of the connection`,
    `at that moment: ${statusText(status)}`,
    `a second later: ${statusText(after)}`,
  ],
  why: () =>
    'A half-close says “I have sent everything”, not “I am done”. The proxy reads it as the second and hangs up, and what the command writes afterwards has no way back. The client sees an orderly end, as if the command were over, and only the inspect gives it away. Without -i it is worse: the half-close is the first thing that the client sends, so there is no output at all.',
  report: {
    what: 'A proxy on Windows used Close where CloseWrite was needed, and the client missed what came after the end of its input',
    url: 'https://github.com/rancher-sandbox/rancher-desktop/pull/7896',
  },
  docker:
    'It asks for the exit code after the stream, gets null, and exits 0: getExecExitStatus in cli/command/container/exec.go. Ours says that the command is still running.',
}

/** Puts the proxy in front of a daemon that listens on a Unix socket. */
async function behindProxy(place: ExecPlace, scope: Scope): Promise<ExecPlace> {
  const path = place.address.host.replace('unix://', '')
  const open = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const daemon = createConnection({ path, allowHalfOpen: true })
    for (const socket of [client, daemon]) {
      open.add(socket)
      socket.on('error', () => {}).on('close', () => open.delete(socket))
    }
    client.pipe(daemon)
    daemon.pipe(client, { end: false })
    // The mistake: only the client's direction has ended.
    client.on('end', () => client.end())
    daemon.on('end', () => client.end())
  })
  scope.hold('proxy', server, () => {
    server.close()
    for (const socket of open) socket.destroy()
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve)
  })
  const address = parseHost(`tcp://127.0.0.1:${(server.address() as AddressInfo).port}`)
  const config = { folder: '', httpHeaders: {}, detachKeys: '', currentContext: '' }
  const connect: ExecPlace['connect'] = (log) =>
    connectTo(address, config, { environment: {}, record: log })
  return { ...place, address, connect }
}
