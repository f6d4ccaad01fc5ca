/**
 * Codes, and who makes them: the command, the kernel, the runtime, the daemon.
 *
 * @module
 */

import { type ExecRunner, openExecRunner } from '../../../src/exec/session.ts'
import { evidenceWidth } from '../../../src/experiments/evidence.ts'
import type { Experiment } from '../../../src/experiments/experiment.ts'
import { wrapText } from '../../../src/text/width.ts'

/** How a command ended, and what it wrote. */
type End = { readonly code: number | null; readonly shown: string }

async function endOf(bench: ExecRunner, command: readonly string[]): Promise<End> {
  const stream = await bench.runToEnd({ command })
  const { ExitCode } = await bench.awaitExec(stream.id)
  return { code: ExitCode, shown: stream.text().trim() }
}

/** What was seen of commands that could not be started. */
type NotStarted = { readonly missing: End; readonly notExecutable: End; readonly byShell: End }

const missingCode = {
  one: '1, an error like any other',
  cannot: '126, “cannot be executed”',
  missing: '127, “not found”',
}

/** 126 and 127. */
export const notFound: Experiment<NotStarted> = {
  name: 'not-found',
  chapter: 7,
  title: 'A command that does not exist',
  action:
    'You run nosuchcommand, then /etc/passwd, which is no program, and then sh -c nosuchcommand. None of them can be started.',
  question: 'What is the exit code of nosuchcommand?',
  choices: Object.values(missingCode),
  where: 'any daemon',
  async run(lab) {
    const bench = await openExecRunner(lab, lab.scope)
    return {
      missing: await endOf(bench, ['nosuchcommand']),
      notExecutable: await endOf(bench, ['/etc/passwd']),
      byShell: await endOf(bench, ['sh', '-c', 'nosuchcommand']),
    }
  },
  answer({ missing: { code } }) {
    const found = { 1: missingCode.one, 126: missingCode.cannot, 127: missingCode.missing }
    return found[code as keyof typeof found]
  },
  evidence: ({ missing, notExecutable, byShell }) =>
    Object.entries({ nosuchcommand: missing, '/etc/passwd': notExecutable, 'sh -c': byShell })
      .flatMap(([name, { code, shown }]) => [
        `${name}: exit code ${code}, and in the stream:`,
        shown,
      ])
      .flatMap((line, at) => (at % 2 === 0 ? [line] : indented(line))),
  why: ({ missing }) =>
    `Nothing has run, so there is nobody who could have an exit code: it is made up. The runtime fails, and the daemon chooses a code, as a shell would: 127 for what is not there, 126 for what cannot be executed. ${missing.code === 126 ? 'This daemon says 126 to whatever could not be started; newer ones read the runtime’s sentence and tell the two apart.' : 'It reads the runtime’s sentence for that. Docker 20.10 did not, and said 126 to both.'} With sh -c a shell has run, and both the code and the sentence are its own. From the code alone nobody can tell these apart.`,
  report: {
    what: '126 and 127 the wrong way round, in Podman',
    url: 'https://github.com/podman-container-tools/podman/pull/378',
  },
  docker:
    'It takes the code from the inspect (getExecExitStatus in cli/command/container/exec.go). The daemon chooses it in ContainerExecStart (daemon/exec.go of moby); the words it looks for are in setExitCodeFromError.',
}

/** A text in lines that fit, moved in by two. */
function indented(text: string): string[] {
  return wrapText(text.replaceAll('\r', ''), evidenceWidth - 2).map((line) => `  ${line}`)
}

/** What was seen of commands that ended by a signal, or as if. */
type Signals = {
  /** Each command and its code. */
  readonly ends: readonly { readonly script: string; readonly code: number | null }[]
}

const scripts = {
  killed: 'kill -TERM $$; sleep 9',
  said: 'exit 143',
  interrupted: 'kill -INT $$; sleep 9',
  killedHard: 'kill -KILL $$; sleep 9',
  caught: "trap 'exit 0' TERM; kill -TERM $$; sleep 9",
}

const tellable = {
  yes: 'yes: a signal is marked',
  no: 'no: both are 143',
  differs: 'no code comes for the one that was killed',
}

/** 130, 137, 143. */
export const signalOrExit: Experiment<Signals> = {
  name: 'signal-or-exit',
  chapter: 7,
  title: 'Killed, or only said so',
  action:
    'One shell kills itself with SIGTERM, another one says exit 143. Then the same with SIGINT and SIGKILL, and with a shell that catches SIGTERM and says exit 0.',
  question: 'Can you tell the first two apart by what the daemon says?',
  choices: Object.values(tellable),
  where: 'any daemon',
  async run(lab) {
    const bench = await openExecRunner(lab, lab.scope)
    const ends: { script: string; code: number | null }[] = []
    for (const script of Object.values(scripts)) {
      ends.push({ script, code: (await endOf(bench, ['sh', '-c', script])).code })
    }
    return { ends }
  },
  answer({ ends }) {
    const [killed, said] = ends
    if (killed?.code === null) return tellable.differs
    return killed?.code === said?.code ? tellable.no : tellable.yes
  },
  evidence: ({ ends }) =>
    ends.map(({ script, code }) => `${String(code).padStart(4)}  sh -c ${JSON.stringify(script)}`),
  why: () =>
    'The kernel does tell them apart: whoever waits for a process gets either a code or a signal. The runtime’s shim makes one number of the two, 128 and the signal’s number, as shells have always done, and the API has only that: 130 is 2, SIGINT; 137 is 9, SIGKILL; 143 is 15, SIGTERM. A 137 may be the kernel that had no memory left, somebody with kill -9, or a program that says so. And a program that catches the signal ends with what it likes.',
  report: {
    what: '“What is exit code 137?”, and no list to look it up in',
    url: 'https://github.com/moby/moby/issues/21083',
  },
  docker:
    'It exits with the number that it gets (getExecExitStatus in cli/command/container/exec.go).',
}

/** What was seen of codes that are too large for a byte. */
type Large = { readonly ends: readonly { readonly said: string; readonly code: number | null }[] }

const wraps = { zero: '0: success', many: '256, as it said', most: '255: as much as there is' }

/** Codes above 255. */
export const exit256: Experiment<Large> = {
  name: 'exit-256',
  chapter: 7,
  title: 'A command that says exit 256',
  action: 'You run sh -c ‘exit 256’, and then 300 and 511.',
  question: 'What is the exit code of the first one?',
  choices: Object.values(wraps),
  where: 'any daemon',
  async run(lab) {
    const bench = await openExecRunner(lab, lab.scope)
    const ends: { said: string; code: number | null }[] = []
    for (const said of ['256', '300', '511']) {
      ends.push({ said, code: (await endOf(bench, ['sh', '-c', `exit ${said}`])).code })
    }
    return { ends }
  },
  answer({ ends }) {
    const found = { 0: wraps.zero, 256: wraps.many, 255: wraps.most }
    return found[ends[0]?.code as keyof typeof found]
  },
  evidence: ({ ends }) => ends.map(({ said, code }) => `exit ${said}: ExitCode ${code}`),
  why: () =>
    'An exit status is one byte, and the kernel keeps the lowest eight bits of what a process says. A program that ends with the number of its errors is a success at 256. The -1 of a daemon that is gone becomes 255 in the same way.',
  report: {
    what: 'docker exec that ended with 255, and a long search for what the number means',
    url: 'https://github.com/moby/moby/issues/15713',
  },
  docker:
    'It hands the number on to os.Exit. Its own -1 for a daemon that does not answer (getExecExitStatus in cli/command/container/exec.go) is a 255 for the shell.',
}
