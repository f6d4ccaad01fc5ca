/**
 * The parent of the command, which learns how it ended.
 *
 * @module
 */

import { openExecRunner } from '../../../src/exec/session.ts'
import { evidenceWidth } from '../../../src/experiments/evidence.ts'
import type { Experiment } from '../../../src/experiments/experiment.ts'
import {
  findHostProcess,
  type HostProcess,
  startWaitingShell,
} from '../../../src/experiments/host-process.ts'
import { wrapText } from '../../../src/text/width.ts'

/** The parent, seen from the command and from this machine. */
type Parent = {
  /** The command's process ID and its parent's, as the command sees them. */
  readonly inside: { readonly pid: number; readonly parent: number }
  /** As this machine sees them, or the reason why it can't. */
  readonly outside: HostProcess | string
}

const parents = {
  zero: '0: no process that it can see',
  first: '1: the container’s first process',
  machine: 'the process ID of its parent on the machine',
} as const

/** Who the command's parent is. */
export const parent: Experiment<Parent> = {
  name: 'parent',
  chapter: 7,
  title: 'The parent of the command',
  action:
    'The kernel reports the end of a process to its parent, and only the parent gets the exit code. You start a shell that prints the process ID of its parent and waits. Then you look at the same process from this machine, if it can be seen from here.',
  question: 'Which parent does the command see?',
  choices: Object.values(parents),
  where: 'any daemon',
  async run(lab) {
    const runner = await openExecRunner(lab, lab.scope)
    const { output, pid } = await startWaitingShell(lab, runner, 'echo "$$ $PPID"')
    const [, own, above] = /^(\d+) (\d+)$/m.exec(output) ?? []
    return {
      inside: { pid: Number(own), parent: Number(above) },
      outside: findHostProcess(pid, runner.marker),
    }
  },
  answer({ inside }) {
    if (inside.parent === 0) return parents.zero
    return inside.parent === 1 ? parents.first : parents.machine
  },
  evidence: ({ inside, outside }) => [
    `in the container:   process ${inside.pid}, parent ${inside.parent}`,
    ...wrapText(
      `on this machine:    ${
        typeof outside === 'string'
          ? `not visible. ${outside}`
          : `process ${outside.pid}, parent ${outside.parent} (${outside.parentProgram})`
      }`,
      evidenceWidth,
    ),
  ],
  why: ({ inside }) =>
    inside.parent === 0
      ? 'The command is not a child of the container’s first process. The runtime starts it from outside and exits, and the kernel gives the orphan to a process on the host that has asked for such orphans: the shim, or conmon with Podman. That parent is in another PID namespace, where the command can’t see it, so the kernel says 0. It collects the exit code with wait and reports it to the daemon.'
      : 'This command runs in the same PID namespace as its parent, so it sees the parent’s real number. In a container with a PID namespace of its own it would see 0, because the parent is outside.',
  report: {
    what: 'Every exec and every health check has parent 0. Their own orphans go to the container’s first process, and if that never waits for children, zombies pile up.',
    url: 'https://github.com/moby/moby/issues/47583',
  },
  docker:
    'It never sees the parent: it asks the daemon for the code (getExecExitStatus in cli/command/container/exec.go). The daemon learns it from an event of containerd (ProcessEvent in moby’s daemon/monitor.go).',
}
