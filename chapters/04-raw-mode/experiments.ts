/**
 * The experiments of chapter 4. They break a terminal, but each opens one of
 * its own.
 *
 * @module
 */

import { join } from 'node:path'
import { containerPath, readAnswer } from '../../src/engine/answer.ts'
import {
  allStreams,
  awaitExec,
  createExec,
  inspectExec,
  runExec,
  startExec,
  withEngine,
} from '../../src/exec/exec.ts'
import { hexLines, hexOf } from '../../src/experiments/evidence.ts'
import type { AnyExperiment, Experiment, ExperimentLab } from '../../src/experiments/experiment.ts'
import { openOwnTerminal, type ProgramInTerminal } from '../../src/experiments/own-terminal.ts'
import { nodeArguments } from '../../src/process/node-arguments.ts'
import { hexText } from '../../src/text/hex.ts'
import { root } from '../commands/paths.ts'

/**
 * Runs a shell script in a terminal of its own. The shell outlives the
 * programs it starts, so the script can inspect the terminal after they have
 * exited.
 *
 * @param words - the script's `$0`, `$1` and so on
 */
function shellInTerminal(
  lab: ExperimentLab,
  script: string,
  words: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<ProgramInTerminal> {
  return openOwnTerminal(['/bin/sh', '-c', script, ...words], {
    scope: lab.scope,
    directory: root,
    // The lab has chosen the daemon: the learner's Docker context must not
    // override it.
    env: { ...env, DOCKER_HOST: lab.address.host },
    limit: lab.limit,
  })
}

/** The command line of our stand-in for `docker exec`. */
function execWords(...args: readonly string[]): string[] {
  return nodeWords(...nodeArguments, '--', join(root, 'chapters', 'commands', 'exec.ts'), ...args)
}

/** The command line of Node. */
function nodeWords(...args: readonly string[]): string[] {
  return [process.execPath, ...args]
}

/** Returns how often a word occurs in a text. */
function count(text: string, word: string): number {
  return text.split(word).length - 1
}

const times = { once: 'once', twice: 'twice', thrice: 'three times', four: 'four times' } as const

/** Two terminals, and both echo. */
export const doubledEcho: Experiment<{ readonly raw: number; readonly cooked: number }> = {
  name: 'doubled-echo',
  chapter: 4,
  title: 'A session without raw mode',
  action:
    'You run docker exec -it with a command that reads a line and prints it. You type hello and press Enter. In raw mode the word is on the screen twice: the echo and the output. Then you run the same with NORAW=1, and your terminal stays in cooked mode.',
  question: 'How often is the word on the screen without raw mode?',
  choices: Object.values(times),
  where: 'any daemon',
  run: async (lab) => ({
    raw: await typeHello(lab, {}),
    cooked: await typeHello(lab, { NORAW: '1' }),
  }),
  answer: ({ cooked }) => Object.values(times)[cooked - 1],
  evidence: ({ raw, cooked }) => [
    `raw mode:  "hello" is on the screen ${raw} times`,
    `NORAW=1:   "hello" is on the screen ${cooked} times`,
  ],
  why: () =>
    'Your own terminal echoes each letter. On Enter the client sends the line, and the terminal in the container echoes it again. Then the command prints it. Both terminals do the same work, so one has to stop. It is yours, because only the one in the container knows which program is in the foreground there.',
  report: {
    what: 'A client asked for a tty in the container and left its own terminal in cooked mode. Each line came back before its output.',
    url: 'https://github.com/fsouza/go-dockerclient/issues/729',
  },
  docker:
    'It sets raw mode if input is attached, a tty was asked for and NORAW is not set: setRawTerminal in cli/command/container/hijack.go.',
}

/** Types a word to a command that prints it, and counts it on the screen. */
async function typeHello(
  lab: ExperimentLab,
  env: Readonly<Record<string, string>>,
): Promise<number> {
  const command = ['sh', '-c', 'echo ready; read -r word; echo "$word"']
  const words = execWords('-it', lab.container, ...command)
  const terminal = await shellInTerminal(lab, 'exec "$0" "$@"', words, env)
  await terminal.until((screen) => screen.includes('ready'))
  terminal.type('hello\r')
  await terminal.ended
  return count(terminal.screen(), 'hello')
}

const interrupted = {
  client: 'the client, and the command keeps running',
  command: 'the command, and then the client exits',
  both: 'both, each by its own signal',
  neither: 'neither of them',
} as const

/** Which program a Ctrl-C interrupts. */
export const cookedInterrupt: Experiment<{
  readonly client: number
  readonly commandRuns: boolean
  readonly raw: number
}> = {
  name: 'cooked-ctrl-c',
  chapter: 4,
  title: 'Ctrl-C without raw mode',
  action:
    'You run sleep 60 in our own docker exec -it with NORAW=1, and press Ctrl-C. Then you do the same in raw mode.',
  question: 'What does Ctrl-C end without raw mode?',
  choices: Object.values(interrupted),
  where: 'any daemon',
  async run(lab) {
    const before = await listedExecs(lab)
    const cooked = await pressInterrupt(lab, { NORAW: '1' })
    const left = (await listedExecs(lab)).filter((id) => !before.includes(id))
    const states = await Promise.all(left.map((id) => inspectExec(lab, id)))
    const commandRuns = states.some(({ Running }) => Running)
    // Nothing else ends the command.
    if (commandRuns) await runExec(lab, { Cmd: ['sh', '-c', `kill ${cooked.pid}`] })
    const raw = await pressInterrupt(lab, {})
    return { client: cooked.exitCode, commandRuns, raw: raw.exitCode }
  },
  answer({ client, commandRuns }) {
    // 130 is 128 + SIGINT, whether the client or the command received it.
    if (client !== 130) return interrupted.neither
    return commandRuns ? interrupted.client : interrupted.both
  },
  evidence: ({ client, commandRuns, raw }) => [
    `NORAW=1:   our client exits ${client}, the command ${commandRuns ? 'is still running' : 'has ended'}`,
    `raw mode:  our client exits ${raw}, the command’s own exit code`,
  ],
  why: () =>
    'A cooked terminal turns the key into a signal and sends it to its foreground program, the client. The daemon sees none of that. In raw mode the key is the byte 03. It travels to the terminal in the container, and that terminal signals the command. Both exit codes are 128 + SIGINT: first the client’s own, then the command’s.',
  report: {
    what: 'With a client that set no raw mode, Ctrl-C dropped the user out of the shell in the container, and every line appeared twice. With docker exec neither happened.',
    url: 'https://github.com/kubernetes-sigs/cri-tools/issues/288',
  },
  docker:
    'In raw mode it gets no signal, only the byte 03, and passes it on. With NORAW=1, or without a tty, it catches SIGINT, exits 0 and leaves the command running.',
}

/** The exec IDs that the container lists. */
async function listedExecs(lab: ExperimentLab): Promise<readonly string[]> {
  return withEngine(lab, async (engine) => {
    const path = `${containerPath(lab.container)}/json`
    const reply = await engine.request('GET', path)
    return readAnswer<{ ExecIDs: readonly string[] | null }>(reply, engine).ExecIDs ?? []
  })
}

/**
 * Runs a command that takes a while, and presses Ctrl-C.
 *
 * @returns the exit code of the client, and the process ID of the command in
 * the container
 */
async function pressInterrupt(
  lab: ExperimentLab,
  env: Readonly<Record<string, string>>,
): Promise<{ readonly exitCode: number; readonly pid: number }> {
  const words = execWords('-it', lab.container, 'sh', '-c', 'echo "ready $$;"; exec sleep 60')
  const terminal = await shellInTerminal(lab, 'exec "$0" "$@"', words, env)
  await terminal.until((screen) => /ready \d+;/.test(screen))
  terminal.type('\x03')
  const exitCode = await terminal.ended
  return { exitCode, pid: Number(/ready (\d+);/.exec(terminal.screen())?.[1]) }
}

const byteOutcomes = {
  ended: 'SIGINT ends cat',
  back: 'cat sends the byte back',
  dropped: 'the daemon drops the byte',
} as const

/** Ctrl-C as a byte, without a terminal that could turn it into a signal. */
export const interruptWithoutTty: Experiment<{
  readonly hex: string
  readonly exitCode: number | null
}> = {
  name: 'ctrl-c-without-tty',
  chapter: 4,
  title: 'The byte of Ctrl-C without a tty',
  action:
    'You start cat with -i and without a tty. You send the byte 03, which is Ctrl-C in raw mode, and half-close.',
  question: 'What happens?',
  choices: Object.values(byteOutcomes),
  where: 'any daemon',
  async run(lab) {
    const id = await createExec(lab, { ...allStreams, Cmd: ['cat'] })
    const { body } = await startExec(lab, id, { input: '\x03', halfClose: true })
    const { ExitCode } = await awaitExec(lab, id)
    return { hex: hexOf(body), exitCode: ExitCode }
  },
  answer({ hex, exitCode }) {
    if (exitCode === 130) return byteOutcomes.ended
    return hex.endsWith('03') ? byteOutcomes.back : byteOutcomes.dropped
  },
  evidence: ({ hex, exitCode }) => [
    ...hexLines('03', 'sent'),
    ...hexLines(hex),
    `exit code ${exitCode}`,
  ],
  why: () =>
    'Neither the client nor the daemon interprets keys. Only a terminal with isig turns 03 into a signal, and this session has no terminal: cat reads one byte and writes one byte. So raw mode without a tty in the container would be a trap: no key could end the command.',
  report: {
    what: 'A client set raw mode for -i alone. The terminal hung, and neither Ctrl-C nor Ctrl-D did anything.',
    url: 'https://github.com/kontena/kontena/issues/2498',
  },
  docker: 'It sets raw mode only with both -i and -t.',
}

const after = {
  sane: 'echo icanon: as before',
  noEcho: '-echo icanon: only the echo is off',
  raw: '-echo -icanon: still raw',
} as const

type Flags = { readonly echo: boolean; readonly icanon: boolean }

/** Raw mode, and a program that cannot restore it. */
export const withoutRestore: Experiment<{ readonly bare: Flags; readonly guarded: Flags }> = {
  name: 'no-restore',
  chapter: 4,
  title: 'Raw mode and SIGKILL',
  action:
    'In a terminal of its own, a program sets raw mode and is killed with SIGKILL, which no program can catch. Then the shell runs stty -a. After that you do the same with our own docker exec.',
  question: 'Which flags does the terminal have after the first program?',
  choices: Object.values(after),
  where: 'any daemon',
  async run(lab) {
    const raw = "process.stdin.setRawMode(true); process.kill(process.pid, 'SIGKILL')"
    const bare = await shellInTerminal(lab, '"$0" "$@"; echo; stty -a', nodeWords('-e', raw))
    await bare.ended

    // The shell starts the client in the background and prints its process
    // ID. After it has exited, the shell polls stty until the guard has
    // restored the modes, for at most 50 tries.
    const script = `exec 3<&0; "$0" "$@" <&3 & echo "client $!;"; wait
      for try in $(seq 50); do stty -a | grep -q -e -icanon || break; sleep 0.1; done; stty -a`
    const command = ['sh', '-c', 'echo ready; exec sleep 5']
    const words = execWords('-it', lab.container, ...command)
    const guarded = await shellInTerminal(lab, script, words)
    // The command's output appears only after the client has set raw mode.
    await guarded.until((screen) => screen.includes('ready'))
    const client = Number(/client (\d+);/.exec(guarded.screen())?.[1])
    if (client > 0) process.kill(client, 'SIGKILL')
    await guarded.ended
    return { bare: flagsIn(bare.screen()), guarded: flagsIn(guarded.screen()) }
  },
  answer({ bare }) {
    if (bare.echo) return after.sane
    return bare.icanon ? after.noEcho : after.raw
  },
  evidence: ({ bare, guarded }) => [
    `a program that sets raw mode:  ${flagText(bare)}`,
    `our docker exec:               ${flagText(guarded)}`,
  ],
  why: () =>
    'The modes belong to the terminal, not to the program that set them, and the kernel does not restore them when the program dies. A signal handler or a finally block could, but SIGKILL runs neither. Ours has a guard: a small shell that waits on a pipe and restores the modes when the pipe closes. Without a guard, press Ctrl-J, type stty sane, and press Ctrl-J again: Enter may not work.',
  report: {
    what: 'After three signals docker itself exited at once and skipped the code that restores the terminal.',
    url: 'https://github.com/docker/cli/pull/6058',
  },
  docker:
    'It restores once, as early as it can: restoreTerminal in cli/command/container/hijack.go. SIGKILL and SIGHUP leave the terminal raw.',
}

/** Reads two flags from the output of `stty -a`. */
function flagsIn(screen: string): Flags {
  const on = (flag: string): boolean => !new RegExp(`-${flag}\\b`).test(screen)
  return { echo: on('echo'), icanon: on('icanon') }
}

function flagText({ echo, icanon }: Flags): string {
  return `${echo ? 'echo' : '-echo'} ${icanon ? 'icanon' : '-icanon'}`
}

const lineEnds = {
  '0a': '0a',
  '0d0a': '0d 0a',
  '0d0d0a': '0d 0d 0a',
} as const

/** Node's raw mode compared with docker's. */
export const nodeRawMode: Experiment<{ readonly node: string; readonly ours: string }> = {
  name: 'node-raw-mode',
  chapter: 4,
  title: 'Node’s raw mode',
  action:
    'The terminal in the container ends a line with 0d 0a. One client has called Node’s setRawMode(true) and writes these bytes to its own terminal. Another one has set the flags that docker sets and does the same.',
  question: 'Which bytes reach the screen in Node’s raw mode?',
  choices: Object.values(lineEnds),
  where: 'any daemon',
  async run(lab) {
    const write =
      "process.stdin.setRawMode(true); process.stdout.write('line\\r\\n', () => process.exit())"
    const node = await shellInTerminal(lab, 'exec "$0" "$@"', nodeWords('-e', write))
    await node.ended
    const words = execWords('-it', lab.container, 'echo', 'line')
    const ours = await shellInTerminal(lab, 'exec "$0" "$@"', words)
    await ours.ended
    return { node: endOfLine(node.screen()), ours: endOfLine(ours.screen()) }
  },
  answer: ({ node }) => lineEnds[node as keyof typeof lineEnds],
  evidence: ({ node, ours }) => [
    `after setRawMode(true):   ${hexText(Buffer.from(`6c696e65${node}`, 'hex'))}`,
    `with the flags of docker: ${hexText(Buffer.from(`6c696e65${ours}`, 'hex'))}`,
  ],
  why: () =>
    'Node leaves output processing on (opost, and with it onlcr, which turns 0a into 0d 0a). The container’s terminal has already turned 0a into 0d 0a, and ours adds another 0d. You can’t see it on the screen. But a recording contains the extra byte.',
  report: {
    what: 'Node’s manual said that all special processing of characters is disabled. Only the processing of input is.',
    url: 'https://github.com/nodejs/node/issues/63059',
  },
  docker:
    'It clears opost as well: MakeRaw in moby/term. We do it with stty: rawFlags in chapters/04-raw-mode/stage.ts.',
}

/** The line end after the word `line`, as hexadecimal digits. */
function endOfLine(screen: string): string {
  return hexOf(Buffer.from(/line([\r\n]+)/.exec(screen)?.[1] ?? '', 'latin1'))
}

const enter = {
  '0a': '0a, a line feed',
  '0d': '0d, a carriage return',
  '0d0a': '0d 0a, both',
} as const

/** The byte of the Enter key. */
export const enterKey: Experiment<{ readonly cooked: string; readonly raw: string }> = {
  name: 'enter-key',
  chapter: 4,
  title: 'The byte of the Enter key',
  action:
    'A program prints the bytes that it reads. You press Enter, first in cooked mode and then in raw mode.',
  question: 'Which byte is Enter in raw mode?',
  choices: Object.values(enter),
  where: 'any daemon',
  run: async (lab) => ({ cooked: await pressEnter(lab, false), raw: await pressEnter(lab, true) }),
  answer: ({ raw }) => enter[raw as keyof typeof enter],
  evidence: ({ cooked, raw }) => [
    `cooked mode: the program reads ${hexText(Buffer.from(cooked, 'hex'))}`,
    `raw mode:    the program reads ${hexText(Buffer.from(raw, 'hex'))}`,
  ],
  why: () =>
    'The key sends a carriage return, as the Return key of a teletype did. A cooked terminal turns it into a line feed (icrnl), because that is how a line ends in a file. In raw mode it stays 0d, and the terminal in the container, which has icrnl, turns it into 0a. If you send 0a instead, most programs accept it, but an editor sees a different key.',
  report: {
    what: 'In raw mode Enter arrived as a carriage return. The reporter had expected the line feed that a text file has, and asked if that was a bug.',
    url: 'https://github.com/nodejs/node/issues/5171',
  },
  docker: 'It passes the bytes on. icrnl is one of the flags it clears: MakeRaw in moby/term.',
}

/**
 * Presses Enter and returns what the program reads, as hexadecimal digits.
 */
async function pressEnter(lab: ExperimentLab, raw: boolean): Promise<string> {
  const program = `
    ${raw ? 'process.stdin.setRawMode(true)' : ''}
    process.stdin.once('data', (bytes) => {
      process.stdout.write('read:' + bytes.toString('hex') + ';', () => process.exit())
    })
    process.stdout.write('ready')`
  const terminal = await shellInTerminal(lab, 'exec "$0" "$@"', nodeWords('-e', program))
  await terminal.until((screen) => screen.includes('ready'))
  terminal.type('\r')
  await terminal.ended
  return /read:([0-9a-f]*);/.exec(terminal.screen())?.[1] ?? ''
}

/** The experiments of the chapter. */
export const experiments: readonly AnyExperiment[] = [
  doubledEcho,
  cookedInterrupt,
  interruptWithoutTty,
  withoutRestore,
  nodeRawMode,
  enterKey,
]
