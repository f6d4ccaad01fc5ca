/**
 * The end of our input, and what the command does when the client doesn't
 * announce it.
 *
 * @module
 */

import {
  type ExecStatus,
  openExecRunner,
  statusText,
  waitBriefly,
} from '../../../src/exec/session.ts'
import type { Experiment } from '../../../src/experiments/experiment.ts'

/** The facts of a `cat` whose input stays open. */
type Open = {
  readonly shown: string
  readonly endedMeanwhile: boolean
  readonly meanwhile: ExecStatus
  readonly endedAfter: boolean
  readonly after: ExecStatus
}

const catThen = {
  ends: 'it exits: there is no input left',
  waits: 'it waits, and the output stays open',
  cut: 'it runs on, but the daemon ends the output',
}

/** `cat` without a half-close. */
export const noHalfClose: Experiment<Open> = {
  name: 'no-half-close',
  chapter: 5,
  title: 'Input that ends without a half-close',
  action:
    'You run cat with stdin attached and no tty, and send it 68 65 6c 6c 6f 0a, “hello” and a line feed. Then you send nothing else, and you don’t half-close.',
  question: 'cat has printed hello. What does it do next?',
  choices: Object.values(catThen),
  where: 'any daemon',
  async run(lab) {
    const runner = await openExecRunner(lab, lab.scope)
    const cat = await runner.runExec({ command: ['cat'], stdin: true })
    cat.send('hello\n')
    await cat.until(({ text }) => text() === 'hello\n')
    await waitBriefly()
    const endedMeanwhile = cat.hasEnded()
    const meanwhile = await runner.inspectExec(cat.id)
    cat.socket.end()
    await cat.until(() => false)
    const after = await runner.awaitExec(cat.id)
    return { shown: cat.text(), endedMeanwhile, meanwhile, endedAfter: cat.hasEnded(), after }
  },
  answer({ endedMeanwhile, meanwhile }) {
    if (!meanwhile.Running) return catThen.ends
    return endedMeanwhile ? catThen.cut : catThen.waits
  },
  evidence: ({ shown, endedMeanwhile, meanwhile, endedAfter, after }) => [
    '→ 68 65 6c 6c 6f 0a, and no half-close',
    `← ${JSON.stringify(shown)}`,
    `a moment later: ${statusText(meanwhile)}; the output ${endedMeanwhile ? 'has ended' : 'is open'}`,
    `→ half-close; the output ${endedAfter ? 'ends' : 'stays open'}`,
    `then: ${statusText(after)}`,
  ],
  why: () =>
    'cat reads until EOF, and its input is a pipe that the daemon keeps open for us. The daemon can’t know that we have finished: a client that is only pausing looks the same. It finds out when we close our half of the connection, and then it closes the pipe. The daemon’s half of the connection stays open, because the output still has to come through it.',
  report: {
    what: 'With docker-java, cat hung until the client shut down the output of its socket',
    url: 'https://github.com/docker-java/docker-java/issues/471',
  },
  docker:
    'beginInputStream in cli/command/container/hijack.go calls CloseWrite after it has copied all of stdin, and at once without -i.',
}

/** The facts of a session with a tty whose client half-closes. */
type TtyHalfClose = {
  readonly shown: string
  readonly late: boolean
  readonly status: ExecStatus
  readonly after: ExecStatus
}

const comes = {
  output: 'the output, late',
  nothing: 'nothing: the stream ends, and the command runs on',
}

/** A half-close under a tty: moby#38457. */
export const ttyHalfClose: Experiment<TtyHalfClose> = {
  name: 'tty-half-close',
  chapter: 5,
  title: 'A half-close under a tty',
  action:
    "You run sh -c 'read line; sleep 1; echo late $line' with a tty and stdin attached, send a line, and half-close at once, as a client does when its input ends.",
  question: 'Without a tty the output would still arrive. What arrives now?',
  choices: Object.values(comes),
  where: 'any daemon',
  async run(lab) {
    const runner = await openExecRunner(lab, lab.scope)
    const command = ['sh', '-c', 'read line; sleep 1; echo late $line']
    const shell = await runner.runExec({ command, tty: true, stdin: true })
    shell.send('go\n')
    shell.socket.end()
    await shell.until(() => false)
    const status = await runner.inspectExec(shell.id)
    const shown = shell.text()
    return {
      shown,
      late: shown.includes('late go'),
      status,
      after: await runner.awaitExec(shell.id),
    }
  },
  answer({ late, status }) {
    if (late) return comes.output
    return status.Running ? comes.nothing : undefined
  },
  evidence: ({ shown, status, after }) => [
    '→ 67 6f 0a, and the half-close',
    `← ${JSON.stringify(shown)}, and the end of the stream`,
    `at the end of the stream: ${statusText(status)}`,
    `after the command exited: ${statusText(after)}`,
  ],
  why: ({ late }) =>
    late
      ? 'This daemon goes on copying the output after the input ends. A Docker daemon doesn’t: when the input ends it ends the stream as well, and anything the command writes later is lost.'
      : 'A terminal can’t be half-closed. The only way to tell a program reading from it that the input is over is to send the Ctrl-D character. So the daemon takes the end of the input for the end of the session. The command keeps running, and what it writes is lost.',
  report: {
    what: 'CloseWrite ends the reading side too; open since 2018',
    url: 'https://github.com/moby/moby/issues/38457',
  },
  docker:
    'docker does the same: when the input of docker exec -it ends, it half-closes, and then exits while the command keeps running. A pipe never gets that far: docker rejects -it without a terminal before the create, with “the input device is not a TTY”.',
}

/** The facts of commands whose client is gone. */
type Gone = {
  readonly sleeping: ExecStatus
  readonly reading: ExecStatus
  readonly killed: ExecStatus
}

const sleepThen = {
  ends: 'the daemon kills it',
  runsOn: 'it keeps running',
}

/** A client whose socket is destroyed. */
export const clientGone: Experiment<Gone> = {
  name: 'socket-destroyed',
  chapter: 5,
  title: 'A client that dies mid-session',
  action:
    'You run sleep 1000000 without stdin and cat with it. Then you destroy both connections without warning, as the kernel does when a client is killed.',
  question: 'What happens to the sleep?',
  choices: Object.values(sleepThen),
  where: 'any daemon',
  async run(lab) {
    const runner = await openExecRunner(lab, lab.scope)
    const sleep = await runner.runExec({ command: ['sleep', '1000000'] })
    const cat = await runner.runExec({ command: ['cat'], stdin: true })
    cat.send('here\n')
    await cat.until(({ text }) => text() === 'here\n')
    for (const { socket } of [sleep, cat]) socket.destroy()
    const reading = await runner.awaitExec(cat.id)
    await waitBriefly()
    const sleeping = await runner.inspectExec(sleep.id)
    await runner.endAll()
    return { sleeping, reading, killed: await runner.awaitExec(sleep.id) }
  },
  answer({ sleeping }) {
    return sleeping.Running ? sleepThen.runsOn : sleepThen.ends
  },
  evidence: ({ sleeping, reading, killed }) => [
    'both connections destroyed',
    `cat, whose input has ended: ${statusText(reading)}`,
    `sleep, a moment later: ${statusText(sleeping)}`,
    `sleep, found and killed by another exec: ${statusText(killed)}`,
  ],
  why: () =>
    'The exec belongs to the daemon; the connection is only attached to it. Without a tty, losing the connection ends the command’s input, so cat gets EOF and exits. But no process gets a signal, so a command that doesn’t read its input never notices. The API has no request to end an exec, either: you have to find the process and kill it.',
  report: {
    what: 'A script and its docker exec were killed, and the sleep in the container kept running',
    url: 'https://github.com/docker/cli/issues/5309',
  },
  docker:
    'docker doesn’t handle this: RunExec in cli/command/container/exec.go forwards no signals, so killing the client leaves the command running. With -it the same happens when the terminal hangs up.',
}
