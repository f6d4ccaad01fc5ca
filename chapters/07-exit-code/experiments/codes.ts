/**
 * Exit codes and where they come from: the command, the kernel, the runtime
 * or the daemon.
 *
 * @module
 */

import { type ExecRunner, openExecRunner } from '../../../src/exec/session.ts'
import { evidenceWidth } from '../../../src/experiments/evidence.ts'
import type { Experiment } from '../../../src/experiments/experiment.ts'
import { wrapText } from '../../../src/text/width.ts'

/** A command's exit code and its output. */
type Result = { readonly code: number | null; readonly shown: string }

/** Runs a command without a tty and waits for its exit code. */
async function resultOf(runner: ExecRunner, command: readonly string[]): Promise<Result> {
  const stream = await runner.runToEnd({ command })
  const { ExitCode } = await runner.awaitExec(stream.id)
  return { code: ExitCode, shown: stream.text().trim() }
}

/** The results of commands that could not be started. */
type NotStarted = {
  readonly missing: Result
  readonly notExecutable: Result
  readonly byShell: Result
}

const missingCode = {
  one: '1, like any other error',
  cannot: '126, “cannot be executed”',
  missing: '127, “not found”',
}

/** 126 and 127. */
export const notFound: Experiment<NotStarted> = {
  name: 'not-found',
  chapter: 7,
  title: 'A command that does not exist',
  action:
    'You run nosuchcommand, then /etc/passwd, which isn’t a program, and then sh -c nosuchcommand.',
  question: 'What is the exit code of nosuchcommand?',
  choices: Object.values(missingCode),
  where: 'any daemon',
  async run(lab) {
    const runner = await openExecRunner(lab, lab.scope)
    return {
      missing: await resultOf(runner, ['nosuchcommand']),
      notExecutable: await resultOf(runner, ['/etc/passwd']),
      byShell: await resultOf(runner, ['sh', '-c', 'nosuchcommand']),
    }
  },
  answer({ missing: { code } }) {
    const found = { 1: missingCode.one, 126: missingCode.cannot, 127: missingCode.missing }
    return found[code as keyof typeof found]
  },
  evidence: ({ missing, notExecutable, byShell }) =>
    Object.entries({ nosuchcommand: missing, '/etc/passwd': notExecutable, 'sh -c': byShell })
      .flatMap(([name, { code, shown }]) => [
        `${name}: exit code ${code}, and the stream has:`,
        shown,
      ])
      .flatMap((line, at) => (at % 2 === 0 ? [line] : indented(line))),
  why: ({ missing }) =>
    `The command never ran, so it has no exit code of its own. The runtime fails and the daemon chooses a code as a shell would: 127 for a command that doesn’t exist, 126 for one that can’t be executed. ${missing.code === 126 ? 'This daemon reports 126 for both: it reads the runtime’s error message, but then overwrites the code (moby#45795). Newer daemons keep the 127.' : 'It reads the runtime’s error message to decide. Docker 20.10 read it too, but then overwrote the code with 126 (moby#45795).'} With sh -c, a shell does run, and both the code and the message come from that shell. From the code alone you can’t tell whether the daemon or a shell chose it.`,
  report: {
    what: 'Podman had 126 and 127 the wrong way round',
    url: 'https://github.com/podman-container-tools/podman/pull/378',
  },
  docker:
    'docker takes the code from the inspect (getExecExitStatus in cli/command/container/exec.go). The daemon chooses it in ContainerExecStart (daemon/exec.go of moby). setExitCodeFromError has the words that it looks for.',
}

/** Wraps a text and indents its lines by two. */
function indented(text: string): string[] {
  return wrapText(text.replaceAll('\r', ''), evidenceWidth - 2).map((line) => `  ${line}`)
}

/** Commands that a signal ended, or that ended as if by a signal. */
type Signals = {
  /** Each command with its exit code. */
  readonly ends: readonly { readonly script: string; readonly code: number | null }[]
}

const scripts = {
  killed: 'kill -TERM $$; sleep 9',
  exited: 'exit 143',
  interrupted: 'kill -INT $$; sleep 9',
  killedHard: 'kill -KILL $$; sleep 9',
  caught: "trap 'exit 0' TERM; kill -TERM $$; sleep 9",
}

const comparison = {
  marked: 'yes: the answer also names the signal',
  same: 'no: both are 143',
  missing: 'yes: the killed one has no code',
}

/** 130, 137, 143. */
export const signalOrExit: Experiment<Signals> = {
  name: 'signal-or-exit',
  chapter: 7,
  title: 'Killed by SIGTERM, or exit 143',
  action:
    'One shell kills itself with SIGTERM, another runs exit 143. Then shells kill themselves with SIGINT and SIGKILL, and one catches SIGTERM and runs exit 0.',
  question: 'Does the daemon’s answer tell the first two apart?',
  choices: Object.values(comparison),
  where: 'any daemon',
  async run(lab) {
    const runner = await openExecRunner(lab, lab.scope)
    const ends: { script: string; code: number | null }[] = []
    for (const script of Object.values(scripts)) {
      ends.push({ script, code: (await resultOf(runner, ['sh', '-c', script])).code })
    }
    return { ends }
  },
  answer({ ends }) {
    const [killed, exited] = ends
    if (killed?.code === null) return comparison.missing
    return killed?.code === exited?.code ? comparison.same : comparison.marked
  },
  evidence: ({ ends }) =>
    ends.map(({ script, code }) => `${String(code).padStart(4)}  sh -c ${JSON.stringify(script)}`),
  why: () =>
    'The kernel does tell them apart: the parent of a process gets either an exit code or a signal. That parent is the shim, a small process outside the container. It turns both into one number, using 128 plus the signal number as shells do, and the API has only that. 130 means signal 2, SIGINT; 137 means 9, SIGKILL; 143 means 15, SIGTERM. A 137 can come from the kernel when memory runs out, from kill -9, or from a program that simply returns 137. And a program that catches the signal can exit with any code.',
  report: {
    what: '“What is exit code 137?”, and a missing list of exit codes',
    url: 'https://github.com/moby/moby/issues/21083',
  },
  docker:
    'docker exits with the code it gets (getExecExitStatus in cli/command/container/exec.go).',
}

/** Exit codes above 255, as given to exit and as reported. */
type Large = { readonly ends: readonly { readonly given: string; readonly code: number | null }[] }

const largeCode = {
  zero: '0, a success',
  unchanged: '256, unchanged',
  largest: '255, the largest code',
}

/** Codes above 255. */
export const exit256: Experiment<Large> = {
  name: 'exit-256',
  chapter: 7,
  title: 'A command that runs exit 256',
  action: 'You run sh -c ‘exit 256’, then the same with 300 and 511.',
  question: 'What is the exit code of the first one?',
  choices: Object.values(largeCode),
  where: 'any daemon',
  async run(lab) {
    const runner = await openExecRunner(lab, lab.scope)
    const ends: { given: string; code: number | null }[] = []
    for (const given of ['256', '300', '511']) {
      ends.push({ given, code: (await resultOf(runner, ['sh', '-c', `exit ${given}`])).code })
    }
    return { ends }
  },
  answer({ ends }) {
    const found = { 0: largeCode.zero, 256: largeCode.unchanged, 255: largeCode.largest }
    return found[ends[0]?.code as keyof typeof found]
  },
  evidence: ({ ends }) => ends.map(({ given, code }) => `exit ${given}: ExitCode ${code}`),
  why: () =>
    'An exit code is one byte: the kernel keeps only the lowest eight bits. A program that exits with its number of errors reports success at 256. In the same way, docker’s -1 for a daemon that is gone becomes 255.',
  report: {
    what: 'docker exec exited with 255, and it took a long time to find out what that means',
    url: 'https://github.com/moby/moby/issues/15713',
  },
  docker:
    'docker passes the code to os.Exit. If the daemon doesn’t answer, getExecExitStatus in cli/command/container/exec.go uses -1, and your shell sees 255.',
}
