/**
 * The members of the JSON bodies of an exec, one rule for each key.
 *
 * @module
 */

import { countOf } from '../../text/count.ts'
import { short } from './first-line.ts'
import type { JsonMember } from './json-members.ts'
import type { Rule } from './rule.ts'
import { api, type Source } from './sources.ts'

/** A rule for a member. */
export type MemberRule = Rule<JsonMember>

/** The rules for the members of one kind of body, by key. */
export type BodyRules = Readonly<Record<string, MemberRule>>

/** A row of a table below: what is always true, and what a value means. */
type Row = readonly [always: string, says: (value: never, whole: JsonMember['whole']) => string]

function rulesOf(kind: string, source: Source, rows: Readonly<Record<string, Row>>): BodyRules {
  return Object.fromEntries(
    Object.entries(rows).map(([key, [always, says]]): [string, MemberRule] => [
      key,
      {
        rule: `${kind} ${key}`,
        name: key,
        always,
        says: (_, { value, whole }) => says(value as never, whole),
        source,
      },
    ]),
  )
}

/** Chooses between two sentences. */
const either =
  (yes: string, no: string) =>
  (value: boolean): string =>
    value ? yes : no

const quoted = (words: readonly string[] | null): string =>
  (words ?? []).map((word) => `“${word}”`).join(', ')

/** `ctrl-x x`, from base64 or from words. */
const detachKeysText = (keys: string): string => {
  if (keys.includes('-')) return keys
  const names = [...Buffer.from(keys, 'base64').toString('latin1')].map((key) =>
    key < ' ' ? `ctrl-${String.fromCharCode(key.charCodeAt(0) + 0x60)}` : key,
  )
  return names.join(' ')
}

const sizeText = ([rows, columns]: readonly number[]): string =>
  `Our window has ${countOf(rows ?? 0, 'row')} and ${countOf(columns ?? 0, 'column')}.`

const consoleSize: Row = [
  'The size with which the terminal begins: rows, then columns. dockerd reads it from API version 1.42 on. Without it the terminal has no size until the first resize.',
  sizeText,
]

const ttyOfCreate = (tty: boolean, { Detach }: JsonMember['whole']): string => {
  const [kind, format] = tty ? ['a terminal', 'raw'] : ['pipes', 'in frames']
  return `The command gets ${kind}${Detach === true ? '' : `, so its output comes ${format}`}.`
}

const ttyOfStart = (tty: boolean, { Detach }: JsonMember['whole']): string => {
  const [kind, format] = tty ? ['a terminal', 'raw output'] : ['no terminal', 'frames']
  return `We say that there is ${kind}${Detach === true ? '' : `, so we expect ${format}`}.`
}

/** The request that creates an exec. */
const create = rulesOf('create', api.create, {
  User: [
    'The user, or user and group, that the command runs as.',
    (user: string) =>
      user === '' ? 'The command runs as the container’s user.' : `We ask for the user ${user}.`,
  ],
  Privileged: [
    'Whether the command gets all capabilities.',
    either(
      'The command gets all capabilities.',
      'The command gets no more capabilities than the container has.',
    ),
  ],
  Tty: ['Whether the command gets a terminal. The start has to say the same.', ttyOfCreate],
  ConsoleSize: consoleSize,
  AttachStdin: [
    'Whether our connection leads to the command’s standard input.',
    either('What we send is the command’s input.', 'The command gets no input from us.'),
  ],
  AttachStderr: [
    'Whether we get the command’s standard error. Under a tty it is the same as standard output.',
    either('We get the command’s standard error.', 'We do not get standard error.'),
  ],
  AttachStdout: [
    'Whether we get the command’s standard output.',
    either('We get the command’s standard output.', 'We do not get standard output.'),
  ],
  Detach: [
    'Whether the command runs in the background. The daemon only looks at Detach in the start.',
    either('The command will run in the background.', 'We stay connected to the command.'),
  ],
  DetachKeys: [
    'The keys that leave the session while the command goes on. They work only under a tty.',
    (keys: string, { Tty }: JsonMember['whole']) => {
      const named = keys === '' ? 'Docker’s usual keys' : keys
      return Tty === true
        ? `To leave the session you press ${named}.`
        : `To leave the session: ${named}. Without a tty they do nothing.`
    },
  ],
  Env: [
    'Environment variables on top of the container’s. A tape has only their names.',
    (values: readonly string[] | null) =>
      values === null || values.length === 0
        ? 'We add no variables.'
        : `${values.map((each) => each.replace(/=.*/s, '')).join(', ')}: added to the container’s variables.`,
  ],
  WorkingDir: [
    'The directory in which the command starts.',
    (directory: string) =>
      directory === ''
        ? 'The command starts in the container’s working directory.'
        : `It starts in ${directory}.`,
  ],
  Cmd: [
    'The command and its arguments, each as a string. No shell looks at them.',
    (words: readonly string[] | null) => `The daemon will run ${quoted(words)}.`,
  ],
})

/** The request that starts it. */
const start = rulesOf('start', api.start, {
  Detach: [
    'Whether the daemon answers as soon as the command has started, and keeps the connection for HTTP.',
    either('The daemon starts the command and answers.', 'The connection becomes the session.'),
  ],
  Tty: [
    'The create decides whether there is a terminal, and this has to say the same. dockerd decides by this one whether it sends frames, Podman by the create’s.',
    ttyOfStart,
  ],
  ConsoleSize: consoleSize,
})

/** The answer to the create. */
const created = rulesOf('created', api.id, {
  Id: [
    'The name of the exec from now on. The daemon keeps no shorter one.',
    (id: string) => `The exec ID is ${short(id)}. Every later request uses it.`,
  ],
})

/** An error. */
const error = rulesOf('error', api.error, {
  message: [
    'The reason in the daemon’s words. Where docker prints it, “Error response from daemon:” comes first.',
    (text: string) => `The daemon says: ${text}`,
  ],
  cause: ['Only Podman has it: the first error in the chain.', (text: string) => `Cause: ${text}`],
  response: [
    'Only Podman has it: the status once more.',
    (status: number) => `The status once more: ${status}.`,
  ],
})

type ProcessConfig = {
  readonly tty?: boolean
  readonly entrypoint?: string
  readonly arguments?: readonly string[] | null
  readonly privileged?: boolean
  readonly user?: string
}

/** The daemon's record of the exec. */
const exec = rulesOf('inspect', api.inspect, {
  ID: ['The ID that we asked for.', (id: string) => `The exec ID is ${short(id)}.`],
  Running: [
    'Whether the command still runs.',
    either('The command is still running.', 'The command is not running.'),
  ],
  ExitCode: [
    'The exit code of the command, or the daemon’s choice if it could not be started. While it runs dockerd says null and Podman says 0.',
    (code: number | null, { Running }: JsonMember['whole']) => {
      if (code === null) return 'There is no exit code yet.'
      return Running === true
        ? `While the command runs, ${code} means nothing.`
        : `The exit code is ${code}.`
    },
  ],
  ProcessConfig: [
    'What was started, as the create asked for it.',
    (config: ProcessConfig) =>
      [
        `The command is ${quoted([config.entrypoint ?? '', ...(config.arguments ?? [])])},`,
        config.tty ? 'with a terminal' : 'without a terminal',
        config.privileged ? 'and with all capabilities' : 'and without extra capabilities',
      ].join(' ') + (config.user ? `, as ${config.user}.` : '.'),
  ],
  OpenStdin: [
    'Whether the create asked for standard input.',
    either('Standard input was attached.', 'Standard input was not attached.'),
  ],
  OpenStderr: [
    'Whether the create asked for standard error.',
    either('Standard error was attached.', 'Standard error was not attached.'),
  ],
  OpenStdout: [
    'Whether the create asked for standard output.',
    either('Standard output was attached.', 'Standard output was not attached.'),
  ],
  CanRemove: [
    'Whether the daemon may forget this exec at its next clean-up.',
    either('The daemon may forget this exec.', 'The daemon keeps this exec for now.'),
  ],
  ContainerID: [
    'The full ID of the container, whatever name we used.',
    (id: string) => `The exec belongs to the container ${short(id)}.`,
  ],
  DetachKeys: [
    'The detach keys of the create. dockerd writes the bytes of the keys in base64, Podman the words.',
    (keys: string) =>
      keys === '' ? 'No keys were set.' : `${keys} stands for ${detachKeysText(keys)}.`,
  ],
  Pid: [
    'The number of the process on the daemon’s machine, not in the container. After the end dockerd keeps it, and Podman says 0.',
    (pid: number, { Running }: JsonMember['whole']) =>
      pid === 0
        ? `No process: the number is ${pid}.`
        : `On the daemon’s machine it ${Running === true ? 'is' : 'was'} process ${pid}.`,
  ],
})

/** The answer about the container. An exec needs almost nothing of it. */
const container = rulesOf('container', api.container, {
  Id: [
    'The container’s full ID.',
    (id: string) => `The container ${short(id)} exists. We discard the rest of the answer.`,
  ],
  Name: ['Its name, with a slash in front.', (name: string) => `It is called ${name}.`],
  State: [
    'What the container does at this moment.',
    ({ Status, Pid }: { readonly Status?: string; readonly Pid?: number }) =>
      Pid ? `It is ${Status}. Its first process is ${Pid} on the host.` : `It is ${Status}.`,
  ],
})

/** The rules for the members of each kind of body. */
export const bodies = { create, start, created, error, exec, container } as const
