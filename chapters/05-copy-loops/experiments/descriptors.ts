/**
 * What the bytes come from and go to on the other side: the three descriptors
 * of the command.
 *
 * @module
 */

import { basename } from 'node:path'
import { type ExecRunner, openExecRunner } from '../../../src/exec/session.ts'
import { evidenceWidth } from '../../../src/experiments/evidence.ts'
import type { Experiment } from '../../../src/experiments/experiment.ts'
import { wrapText } from '../../../src/text/width.ts'

/** One of the command's descriptors: what it is, and its name in `/proc`. */
type Descriptor = { readonly kind: string; readonly name: string }

const kinds = {
  pipes: 'three pipes',
  twoPipes: 'a pipe for input, and one for both outputs',
  socket: 'a socket: the hijacked connection',
  sockets: 'three sockets',
} as const

// The shell looks at its own descriptors. `$(…)` would replace number 1, so
// it only wraps readlink, which looks at the shell's.
const look = `for n in 0 1 2; do
  kind=other
  if [ -t $n ]; then kind=terminal
  elif [ -p /dev/fd/$n ]; then kind=pipe
  elif [ -S /dev/fd/$n ]; then kind=socket
  fi
  echo "$n $kind $(readlink /proc/$$/fd/$n)"
done`

/** What the command's descriptors are. */
export const descriptors: Experiment<{
  readonly plain: readonly Descriptor[]
  readonly tty: readonly Descriptor[]
}> = {
  name: 'descriptors',
  chapter: 5,
  title: 'The command’s end of the streams',
  action:
    'You run a shell with -i that looks at its own descriptors 0, 1 and 2 in /proc/PID/fd: first without a tty, then with one.',
  question: 'What are the three descriptors without a tty?',
  choices: Object.values(kinds),
  where: 'any daemon',
  async run(lab) {
    const runner = await openExecRunner(lab, lab.scope)
    return { plain: await lookAt(runner, false), tty: await lookAt(runner, true) }
  },
  answer({ plain }) {
    const [input, output, errors] = plain
    if (plain.length !== 3) return undefined
    if (plain.every(({ kind }) => kind === 'pipe')) {
      return output?.name === errors?.name && output?.name !== '' ? kinds.twoPipes : kinds.pipes
    }
    if (plain.some(({ kind }) => kind !== 'socket')) return undefined
    return input?.name === output?.name ? kinds.socket : kinds.sockets
  },
  evidence: ({ plain, tty }) =>
    [`without a tty:  ${descriptorText(plain)}`, `with a tty:     ${descriptorText(tty)}`].flatMap(
      (line) => wrapText(line, evidenceWidth),
    ),
  why: () =>
    'The hijacked connection ends at the daemon. Between the daemon and the command there is a pipe for each stream, so the daemon knows which bytes are errors and can put the number into the frame’s header. With a tty all three descriptors are the same device, the container’s end of a pseudo-terminal. What reaches the other end is one stream of bytes: nothing is left to tell apart, so there are no frames.',
  report: {
    what: 'With --tty, errors came on standard output. It was closed, because a terminal has only one stream.',
    url: 'https://github.com/moby/moby/issues/42157',
  },
  docker:
    'It only sends Tty. Behind the daemon, containerd’s shim makes the pipes, or runc the pseudo-terminal: createIO in pkg/process/io.go, setupConsole in libcontainer/init_linux.go.',
}

/** Runs the shell and reads what it found. */
async function lookAt(runner: ExecRunner, tty: boolean): Promise<Descriptor[]> {
  const stream = await runner.runToEnd({ command: ['sh', '-c', look], tty, stdin: true })
  return [...stream.text().matchAll(/^[012] (\w+) ?(\S*)\r?$/gm)].map(
    ([, kind = '', name = '']) => ({ kind, name }),
  )
}

/** `0 pipe:[18814]`, with the last part of a long path. */
function descriptorText(found: readonly Descriptor[]): string {
  return found
    .map(({ kind, name }, number) => {
      if (!name.startsWith('/')) return `${number} ${name || kind}`
      return `${number} ${name.startsWith('/dev/') ? name : `${kind} …/${basename(name)}`}`
    })
    .join('   ')
}
