/**
 * The end of our input, and what becomes of the command when nobody says that it has come.
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

/** What was seen of a `cat` whose input stays open. */
type Open = {
  readonly shown: string
  readonly endedMeanwhile: boolean
  readonly meanwhile: ExecStatus
  readonly endedAfter: boolean
  readonly after: ExecStatus
}

const catThen = {
  ends: 'it ends: there is no more input',
  waits: 'it waits, and the stream stays open',
  cut: 'the daemon ends the stream, and cat runs on',
}

/** `cat` without a half-close. */
export const noHalfClose: Experiment<Open> = {
  name: 'no-half-close',
  chapter: 5,
  title: 'Input that ends, and nobody says so',
  action:
    'You run cat with stdin attached and no tty, and send it 68 65 6c 6c 6f 0a, “hello” and a line feed. Then nothing more comes from you, and no half-close.',
  question: 'cat has answered with hello. What does it do next?',
  choices: Object.values(catThen),
  where: 'any daemon',
  async run(lab) {
    const bench = await openExecRunner(lab, lab.scope)
    const cat = await bench.runExec({ command: ['cat'], stdin: true })
    cat.send('hello\n')
    await cat.until(({ text }) => text() === 'hello\n')
    await waitBriefly()
    const endedMeanwhile = cat.hasEnded()
    const meanwhile = await bench.inspectExec(cat.id)
    cat.socket.end()
    await cat.until(() => false)
    const after = await bench.awaitExec(cat.id)
    return { shown: cat.text(), endedMeanwhile, meanwhile, endedAfter: cat.hasEnded(), after }
  },
  answer({ endedMeanwhile, meanwhile }) {
    if (!meanwhile.Running) return catThen.ends
    return endedMeanwhile ? catThen.cut : catThen.waits
  },
  evidence: ({ shown, endedMeanwhile, meanwhile, endedAfter, after }) => [
    '→ 68 65 6c 6c 6f 0a, and no half-close',
    `← ${JSON.stringify(shown)}`,
    `a moment later: ${statusText(meanwhile)}; the stream ${endedMeanwhile ? 'has ended' : 'is open'}`,
    `→ half-close; the stream ${endedAfter ? 'ends' : 'stays open'}`,
    `then: ${statusText(after)}`,
  ],
  why: () =>
    'cat reads until its input ends, and its input is a pipe that the daemon holds open for us. The daemon cannot know that we are done: a client that thinks looks the same. Only the end of our half of the connection tells it, and the daemon then closes the pipe. The other half stays open, because the answer comes through it.',
  report: {
    what: 'In docker-java cat waited for ever, until somebody shut down the output of its socket',
    url: 'https://github.com/docker-java/docker-java/issues/471',
  },
  docker:
    'beginInputStream in cli/command/container/hijack.go calls CloseWrite when the copy of stdin is over; without -i it calls it at once.',
}

/** What was seen of a terminal whose client half-closes. */
type TtyHalfClose = {
  readonly shown: string
  readonly late: boolean
  readonly note: ExecStatus
  readonly after: ExecStatus
}

const comes = {
  output: 'the output, late',
  nothing: 'no output: the stream ends, and the command runs on',
}

/** A half-close under a tty: moby#38457. */
export const ttyHalfClose: Experiment<TtyHalfClose> = {
  name: 'tty-half-close',
  chapter: 5,
  title: 'A half-close under a tty',
  action:
    "You run sh -c 'read line; sleep 1; echo late $line' with a tty and stdin attached, send a line, and half-close at once, as a client does at the end of a pipe.",
  question: 'Without a tty the output would still come. What comes now?',
  choices: Object.values(comes),
  where: 'any daemon',
  async run(lab) {
    const bench = await openExecRunner(lab, lab.scope)
    const command = ['sh', '-c', 'read line; sleep 1; echo late $line']
    const shell = await bench.runExec({ command, tty: true, stdin: true })
    shell.send('go\n')
    shell.socket.end()
    await shell.until(() => false)
    const note = await bench.inspectExec(shell.id)
    const shown = shell.text()
    return { shown, late: shown.includes('late go'), note, after: await bench.awaitExec(shell.id) }
  },
  answer({ late, note }) {
    if (late) return comes.output
    return note.Running ? comes.nothing : undefined
  },
  evidence: ({ shown, note, after }) => [
    '→ 67 6f 0a, and the half-close',
    `← ${JSON.stringify(shown)}, and the end of the stream`,
    `at the end of the stream: ${statusText(note)}`,
    `when the command was over: ${statusText(after)}`,
  ],
  why: ({ late }) =>
    late
      ? 'This daemon goes on copying the output when the input has ended. A Docker daemon does not: it ends the stream with the input, and what the command writes later goes nowhere.'
      : 'A terminal is one thing with two directions, and cannot be half-closed: there is no way to tell a program that reads from it that no more keys will come, but the character Ctrl-D. The daemon takes the end of the input for the end of the session. The command runs on, and what it writes goes nowhere.',
  report: {
    what: 'CloseWrite causes the end of the reading side too, open since 2018',
    url: 'https://github.com/moby/moby/issues/38457',
  },
  docker:
    'The same: docker exec -it with an input that ends sends the half-close, and ends while the command runs on. With a pipe it does not come to that: -it without a terminal is refused before the create, “the input device is not a TTY”.',
}

/** What was seen of commands whose client is gone. */
type Gone = {
  readonly sleeping: ExecStatus
  readonly reading: ExecStatus
  readonly killed: ExecStatus
}

const sleepThen = {
  ends: 'the daemon ends it',
  runsOn: 'it runs on',
}

/** A client whose socket is destroyed. */
export const clientGone: Experiment<Gone> = {
  name: 'socket-destroyed',
  chapter: 5,
  title: 'A client that dies in the middle',
  action:
    'You run sleep 1000000 without stdin, and cat with it, and destroy both connections without a word, as the kernel does for a client that was killed.',
  question: 'What becomes of the sleep?',
  choices: Object.values(sleepThen),
  where: 'any daemon',
  async run(lab) {
    const bench = await openExecRunner(lab, lab.scope)
    const sleep = await bench.runExec({ command: ['sleep', '1000000'] })
    const cat = await bench.runExec({ command: ['cat'], stdin: true })
    cat.send('here\n')
    await cat.until(({ text }) => text() === 'here\n')
    for (const { socket } of [sleep, cat]) socket.destroy()
    const reading = await bench.awaitExec(cat.id)
    await waitBriefly()
    const sleeping = await bench.inspectExec(sleep.id)
    await bench.endAll()
    return { sleeping, reading, killed: await bench.awaitExec(sleep.id) }
  },
  answer({ sleeping }) {
    return sleeping.Running ? sleepThen.runsOn : sleepThen.ends
  },
  evidence: ({ sleeping, reading, killed }) => [
    'both connections destroyed',
    `cat, whose input has ended with it: ${statusText(reading)}`,
    `sleep, a moment later: ${statusText(sleeping)}`,
    `sleep, found and killed by another exec: ${statusText(killed)}`,
  ],
  why: () =>
    'An exec belongs to the daemon. The connection is only what is attached to it: its loss ends the input, which ends a cat, and it sends no signal to anybody. A command that reads nothing does not notice. There is no request to end an exec either; one has to find the process and kill it.',
  report: {
    what: 'A script was killed with its docker exec, and the sleep in the container was still there',
    url: 'https://github.com/docker/cli/issues/5309',
  },
  docker:
    'It does not handle it: RunExec in cli/command/container/exec.go forwards no signals, and a client that is killed leaves its command behind. With -it a terminal that hangs up does the same.',
}
