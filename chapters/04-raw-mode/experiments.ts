/**
 * What can be broken in chapter 4: the terminal, in one that is not yours.
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
import { root } from '../commands/paths.ts'

/**
 * Runs a script of the shell. The shell stays behind the programs that it starts, so it can look at
 * the terminal when they are gone.
 *
 * @param words - what the script knows as `$0`, `$1` and so on
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
    // Which daemon it is has been settled: a context of the learner's must not say otherwise.
    env: { ...env, DOCKER_HOST: lab.address.host },
    limit: lab.limit,
  })
}

/** The words that run our stand-in for `docker exec`. */
function execWords(...args: readonly string[]): string[] {
  return nodeWords('-r', 'tsx/cjs', '--', join(root, 'chapters', 'commands', 'exec.ts'), ...args)
}

/** The words that run Node. */
function nodeWords(...args: readonly string[]): string[] {
  return [process.execPath, ...args]
}

/** How often a word stands in a text. */
function count(text: string, word: string): number {
  return text.split(word).length - 1
}

const times = { once: 'once', twice: 'twice', thrice: 'three times', four: 'four times' } as const

/** Two terminals that both echo. */
export const doubledEcho: Experiment<{ readonly raw: number; readonly cooked: number }> = {
  name: 'doubled-echo',
  chapter: 4,
  title: 'A terminal that is not raw: the doubled echo',
  action:
    'In a terminal you run docker exec -it with a command that reads a line and writes it, type hello and press Enter. The word stands on the screen twice: as the echo of what you type, and as the answer. Then you do the same with NORAW=1, and your terminal stays as it is.',
  question: 'How often is it there without raw mode?',
  choices: Object.values(times),
  where: 'any daemon',
  run: async (lab) => ({
    raw: await typeHello(lab, {}),
    cooked: await typeHello(lab, { NORAW: '1' }),
  }),
  answer: ({ cooked }) => Object.values(times)[cooked - 1],
  evidence: ({ raw, cooked }) => [
    `raw mode:  "hello" ${raw} times on the screen`,
    `NORAW=1:   "hello" ${cooked} times on the screen`,
  ],
  why: () =>
    'Your own terminal shows the letters as you type them. At Enter the line goes over the wire, and the terminal in the container shows it once more. Then the command writes it. Two terminals that do the same work: one of them has to stop, and only the one in the container knows which program is in front of it.',
  report: {
    what: 'A client that asked for a terminal in the container and left its own one as it was: each line came back before its answer.',
    url: 'https://github.com/fsouza/go-dockerclient/issues/729',
  },
  docker:
    'It sets raw mode if input is attached, a terminal was asked for and NORAW is not set: setRawTerminal in cli/command/container/hijack.go.',
}

/** Types a word to a command that answers with it, and counts how often it is on the screen. */
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
  client: 'the client ends, and the command runs on',
  command: 'the command ends, and with it the client',
  both: 'both end, each by its own',
  neither: 'neither of them',
} as const

/** Who gets a Ctrl-C. */
export const cookedInterrupt: Experiment<{
  readonly client: number
  readonly commandRuns: boolean
  readonly raw: number
}> = {
  name: 'cooked-ctrl-c',
  chapter: 4,
  title: 'Ctrl-C in a terminal that is not raw',
  action:
    'With NORAW=1 you run docker exec -it box sleep 60, and press Ctrl-C. Then you do the same in raw mode.',
  question: 'Whom does Ctrl-C end without raw mode?',
  choices: Object.values(interrupted),
  where: 'any daemon',
  async run(lab) {
    const before = await listedExecs(lab)
    const cooked = await pressInterrupt(lab, { NORAW: '1' })
    const left = (await listedExecs(lab)).filter((id) => !before.includes(id))
    const states = await Promise.all(left.map((id) => inspectExec(lab, id)))
    const commandRuns = states.some(({ Running }) => Running)
    // Nobody else will end it.
    if (commandRuns) await runExec(lab, { Cmd: ['sh', '-c', `kill ${cooked.pid}`] })
    const raw = await pressInterrupt(lab, {})
    return { client: cooked.exitCode, commandRuns, raw: raw.exitCode }
  },
  answer({ client, commandRuns }) {
    // 130 is 128 and the number of SIGINT, whichever of the two it was that got it.
    if (client !== 130) return interrupted.neither
    return commandRuns ? interrupted.client : interrupted.both
  },
  evidence: ({ client, commandRuns, raw }) => [
    `NORAW=1:   the client ends with ${client}, the command is ${commandRuns ? 'still running' : 'over'}`,
    `raw mode:  the client ends with ${raw}, which is the command’s own exit code`,
  ],
  why: () =>
    'A terminal that is not raw makes a signal of the key, and sends it to the program in front of it: the client. The daemon hears nothing of that. In raw mode the key is the byte 03, it goes over the wire, and the terminal in the container makes the signal there, for the command.',
  report: {
    what: 'A client without raw mode, beside docker exec: Ctrl-C threw its user out of the shell in the container, and every line was there twice.',
    url: 'https://github.com/kubernetes-sigs/cri-tools/issues/288',
  },
  docker:
    'In raw mode it never sees the key. Without a terminal it catches SIGINT, ends with 0 and leaves the command running.',
}

/** The execs in the container’s list. */
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
 * @returns the exit code of the client, and the number of the command's process in the container
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

const byte = {
  ended: 'cat ends, by SIGINT',
  back: 'the byte comes back from cat',
  dropped: 'nothing: the daemon drops it',
} as const

/** Ctrl-C as a byte, where there is no terminal to make a signal of it. */
export const interruptWithoutTty: Experiment<{
  readonly hex: string
  readonly exitCode: number | null
}> = {
  name: 'ctrl-c-without-tty',
  chapter: 4,
  title: 'The byte of Ctrl-C, and no terminal behind it',
  action:
    'You start cat with its input attached and without a terminal, send the byte 03, which is what Ctrl-C is in raw mode, and half-close.',
  question: 'What happens?',
  choices: Object.values(byte),
  where: 'any daemon',
  async run(lab) {
    const id = await createExec(lab, { ...allStreams, Cmd: ['cat'] })
    const { body } = await startExec(lab, id, { input: '\x03', halfClose: true })
    const { ExitCode } = await awaitExec(lab, id)
    return { hex: hexOf(body), exitCode: ExitCode }
  },
  answer({ hex, exitCode }) {
    if (exitCode === 130) return byte.ended
    return hex.endsWith('03') ? byte.back : byte.dropped
  },
  evidence: ({ hex, exitCode }) => [
    ...hexLines('03', 'sent'),
    ...hexLines(hex),
    `exit code ${exitCode}`,
  ],
  why: () =>
    'Neither the client nor the daemon knows keys. A signal is made by a terminal that has isig set, and here is none: cat gets one byte and writes one byte. So raw mode without a terminal in the container would be a trap, with no key left that ends anything.',
  report: {
    what: 'A client that set raw mode for -i alone: the terminal hung, and neither Ctrl-C nor Ctrl-D did anything.',
    url: 'https://github.com/kontena/kontena/issues/2498',
  },
  docker: 'It sets raw mode only if both are asked for, -i and -t.',
}

const after = {
  sane: 'echo and icanon: as before',
  noEcho: '-echo icanon: only the letters are not shown',
  raw: '-echo -icanon: still raw',
} as const

type Flags = { readonly echo: boolean; readonly icanon: boolean }

/** Raw mode, and nobody to give it back. */
export const withoutRestore: Experiment<{ readonly bare: Flags; readonly belted: Flags }> = {
  name: 'no-restore',
  chapter: 4,
  title: 'Raw mode, and a death by SIGKILL',
  action:
    'In a terminal of its own a program sets raw mode and is killed with SIGKILL, which no program can catch. Then the shell asks the terminal: stty -a. After that, the same with our own docker exec.',
  question: 'How is the terminal behind the first one?',
  choices: Object.values(after),
  where: 'any daemon',
  async run(lab) {
    const raw = "process.stdin.setRawMode(true); process.kill(process.pid, 'SIGKILL')"
    const bare = await shellInTerminal(lab, '"$0" "$@"; echo; stty -a', nodeWords('-e', raw))
    await bare.ended

    // The shell starts the client as a job, says which process that is, and looks behind its end
    // until the seat belt has done its work, or five seconds long.
    const script = `exec 3<&0; "$0" "$@" <&3 & echo "client $!;"; wait
      for try in $(seq 50); do stty -a | grep -q -e -icanon || break; sleep 0.1; done; stty -a`
    const command = ['sh', '-c', 'echo ready; exec sleep 5']
    const words = execWords('-it', lab.container, ...command)
    const belted = await shellInTerminal(lab, script, words)
    // Output of the command comes only when the client has set raw mode.
    await belted.until((screen) => screen.includes('ready'))
    const client = Number(/client (\d+);/.exec(belted.screen())?.[1])
    if (client > 0) process.kill(client, 'SIGKILL')
    await belted.ended
    return { bare: flagsIn(bare.screen()), belted: flagsIn(belted.screen()) }
  },
  answer({ bare }) {
    if (bare.echo) return after.sane
    return bare.icanon ? after.noEcho : after.raw
  },
  evidence: ({ bare, belted }) => [
    `a program that sets raw mode:  ${flagText(bare)}`,
    `our docker exec:               ${flagText(belted)}`,
  ],
  why: () =>
    'The modes belong to the terminal and not to the program that set them, and nobody gives them back for a program that is gone. What a handler of signals or a finally does, SIGKILL prevents. Ours has a seat belt: a small shell that waits on a pipe beside it, and gives the modes back when the pipe is closed, whatever of. Typed blindly, stty sane and Enter do the same.',
  report: {
    what: 'docker itself ended in a hurry after three signals, past everything that would have restored the terminal.',
    url: 'https://github.com/docker/cli/pull/6058',
  },
  docker:
    'It restores as early as it can, once: restoreTerminal in cli/command/container/hijack.go. SIGKILL and SIGHUP leave the terminal raw.',
}

/** Reads two flags in what `stty -a` has printed. */
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

/** What Node calls raw mode, and what docker does. */
export const nodeRawMode: Experiment<{ readonly node: string; readonly ours: string }> = {
  name: 'node-raw-mode',
  chapter: 4,
  title: 'What Node calls raw mode',
  action:
    'The terminal in the container ends a line with 0d 0a. A client that has called setRawMode(true) of Node writes the two bytes to its own terminal. So does one that has set what docker sets.',
  question: 'What arrives on the screen behind Node’s raw mode?',
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
    'behind setRawMode(true):',
    ...hexLines(`6c696e65${node}`),
    'behind what docker sets, and chapter 4:',
    ...hexLines(`6c696e65${ours}`),
  ],
  why: () =>
    'Node leaves output processing on (opost and onlcr), so our terminal makes 0d 0a of the 0a that had been made into 0d 0a already. On the screen nothing is to be seen of it. A recording has the byte, a comparison finds it, and a file that goes through such a session is not the same afterwards.',
  report: {
    what: 'The manual of Node said that all special processing of characters is off. It is the processing of input.',
    url: 'https://github.com/nodejs/node/issues/63059',
  },
  docker:
    'It clears opost as well: MakeRaw in moby/term. Here src/terminal/raw-mode.ts does it with stty.',
}

/** What stands behind the word `line`, as hexadecimal digits. */
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
    'A program prints the bytes that it reads. You press Enter: first as it is, then in raw mode.',
  question: 'Which byte is Enter in raw mode?',
  choices: Object.values(enter),
  where: 'any daemon',
  run: async (lab) => ({ cooked: await pressEnter(lab, false), raw: await pressEnter(lab, true) }),
  answer: ({ raw }) => enter[raw as keyof typeof enter],
  evidence: ({ cooked, raw }) => [
    'as it is:',
    ...hexLines(cooked, 'sent'),
    'in raw mode:',
    ...hexLines(raw, 'sent'),
  ],
  why: () =>
    'The key is a carriage return, as on a typewriter. A terminal that is not raw makes a line feed of it (icrnl), because that is how a line ends in a file. In raw mode it stays 0d, goes over the wire, and the terminal in the container, which has icrnl, makes the 0a there. A program that sends the 0a of a file to such a terminal is mostly lucky: editors see another key.',
  report: {
    what: 'Whoever reads keys in raw mode and waits for a line feed waits for ever.',
    url: 'https://github.com/nodejs/node/issues/5171',
  },
  docker:
    'It passes the bytes on. In the list of what it clears, icrnl is one: MakeRaw in moby/term.',
}

/** Presses Enter in front of a program that shows what it reads. */
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
