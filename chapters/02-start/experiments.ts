/**
 * The experiments of chapter 2: the request that wants more than an answer.
 *
 * @module
 */

import { containerPath, readAnswer } from '../../src/engine/answer.ts'
import {
  type AnswerSummary,
  allStreams,
  awaitExec,
  createExec,
  inspectExec,
  runExec,
  startExec,
  summarizeAnswer,
  upgradeHeaders,
  withEngine,
} from '../../src/exec/exec.ts'
import { openExecRunner } from '../../src/exec/session.ts'
import {
  answerLines,
  choiceFor,
  evidenceWidth,
  hexLines,
  hexOf,
} from '../../src/experiments/evidence.ts'
import type { AnyExperiment, Experiment, ExperimentLab } from '../../src/experiments/experiment.ts'
import {
  findHostProcess,
  namespacesOf,
  startWaitingShell,
} from '../../src/experiments/host-process.ts'
import { Failure } from '../../src/process/failure.ts'
import { headerLength, stream } from '../../src/stream/frames.ts'
import { wrapText } from '../../src/text/width.ts'

const twice = {
  again: '101: the command runs again',
  stream: '101, and a message in place of the output',
  refused: '409: it has already been started',
  broken: '500, with a message',
} as const

/** A second start of the same exec. */
export const startedTwice: Experiment<
  AnswerSummary & { readonly hex: string; readonly ran: boolean }
> = {
  name: 'started-twice',
  chapter: 2,
  title: 'Starting an exec twice',
  action:
    'You create an exec of echo hi, start it, read its output to the end, and send the same start again.',
  question: 'How does the daemon answer the second start?',
  choices: Object.values(twice),
  where: 'any daemon',
  async run(lab) {
    const { id } = await runExec(lab, { Cmd: ['echo', 'hi'] })
    await awaitExec(lab, id)
    const second = await startExec(lab, id)
    const ran = second.body.includes('hi\n')
    return { ...summarizeAnswer(second), hex: second.status === 101 ? hexOf(second.body) : '', ran }
  },
  answer({ status, ran }) {
    if (status === 101) return ran ? twice.again : twice.stream
    return status === 409 ? twice.refused : status === 500 ? twice.broken : undefined
  },
  evidence: (facts) => [
    '→ POST /exec/…/start, the second time',
    ...answerLines(facts),
    ...(facts.hex ? hexLines(facts.hex) : []),
  ],
  why: ({ status }) =>
    status === 101
      ? 'The daemon first looks up the exec, but doesn’t check whether it has already run. It takes over the connection, answers 101, and only then finds that it has. It’s too late for an error status, so it writes its message into the stream, in a stdout frame, as if the command had printed it.'
      : 'This daemon looks at the exec before it takes over the connection, while it can still refuse with a status.',
  report: {
    what: 'A tool that started each exec twice, once to run it and once to read its output. Usually the right start came first.',
    url: 'https://github.com/nektos/act/issues/627',
  },
  docker:
    'It starts an exec once, and the start attaches too: interactiveExec in cli/command/container/exec.go. A detached exec takes a different call, which reads nothing.',
}

/** The answer to a start, and whether `cat` echoed our line. */
type Echo = { readonly status: number; readonly upgrade: string; readonly cameBack: boolean }

/**
 * Starts `cat` with these headers, sends it a line, and waits for the line.
 */
async function echoWith(
  lab: ExperimentLab,
  headers: Readonly<Record<string, string>>,
): Promise<Echo> {
  const id = await createExec(lab, { ...allStreams, Cmd: ['cat'] })
  const {
    status,
    headers: answered,
    body,
  } = await startExec(lab, id, {
    headers,
    input: 'hello\n',
    halfClose: true,
  })
  return { status, upgrade: answered.upgrade ?? 'none', cameBack: body.includes('hello\n') }
}

function echoLines(shown: string, { status, upgrade, cameBack }: Echo): string[] {
  const line = cameBack ? 'cat echoes "hello"' : 'no echo'
  return [`→ POST /exec/…/start, ${shown}`, `← ${status}, Upgrade: ${upgrade}; ${line}`]
}

const unasked = {
  same: '101, and input reaches the command',
  hijacked: '200, and input still reaches the command',
  deaf: '200, and the input is lost',
  refused: '400: the start needs an upgrade',
} as const

/** A start without the upgrade headers. */
export const withoutUpgrade: Experiment<Echo> = {
  name: 'without-upgrade',
  chapter: 2,
  title: 'A start without the two headers',
  action:
    'You start cat without Connection: Upgrade and Upgrade: tcp, as every client did before 2015, and send it a line.',
  question: 'What does the daemon do?',
  choices: Object.values(unasked),
  where: 'any daemon',
  run: (lab) => echoWith(lab, {}),
  answer({ status, cameBack }) {
    if (status === 101) return unasked.same
    if (status === 200) return cameBack ? unasked.hijacked : unasked.deaf
    return status === 400 ? unasked.refused : undefined
  },
  evidence: (echo) => echoLines('no upgrade headers', echo),
  why: () =>
    'The daemon takes over the connection either way; the headers change only the head of its answer. They exist for proxies in between: a proxy that reads a 200 without a length expects a body, which flows in one direction only.',
  report: {
    what: 'attach and exec failed through a reverse proxy such as nginx, which expected plain HTTP. The fix added the headers in a way that old clients and daemons can ignore.',
    url: 'https://github.com/moby/moby/pull/9652',
  },
  docker:
    'For a session it always sends the headers and accepts only a 101: setupHijackConn in moby’s client/hijack.go. Otherwise it prints "unable to upgrade to tcp, received 200".',
}

const half = {
  upgrade: 'Upgrade: tcp alone is enough',
  connection: 'Connection: Upgrade alone is enough',
  both: 'it needs both',
  neither: 'either one is enough',
} as const

/** One of the two headers without the other. */
export const halfAsked: Experiment<{ readonly upgrade: Echo; readonly connection: Echo }> = {
  name: 'half-asked',
  chapter: 2,
  title: 'One of the two headers',
  action:
    'In HTTP, Upgrade counts only if Connection names it. You start cat twice: once with Upgrade: tcp alone, and once with Connection: Upgrade alone.',
  question: 'Which headers does the daemon need to answer 101?',
  choices: Object.values(half),
  where: 'any daemon',
  run: async (lab) => ({
    upgrade: await echoWith(lab, { Upgrade: 'tcp' }),
    connection: await echoWith(lab, { Connection: 'Upgrade' }),
  }),
  answer({ upgrade, connection }) {
    const [one, other] = [upgrade.status === 101, connection.status === 101]
    if (one) return other ? half.neither : half.upgrade
    return other ? half.connection : half.both
  },
  evidence: ({ upgrade, connection }) => [
    ...echoLines('Upgrade: tcp', upgrade),
    ...echoLines('Connection: Upgrade', connection),
  ],
  why: ({ upgrade }) =>
    `${
      upgrade.status === 101
        ? 'Docker’s daemon only checks that an Upgrade header exists. '
        : 'This daemon reads the two headers as HTTP defines them. '
    }Proxies need the pair: Connection lists the headers meant for this hop only, and a correct proxy removes those before it forwards a request. A proxy that doesn’t know upgrades removes both, and the daemon never sees them.`,
  report: {
    what: 'After an update of HAProxy, on which it is built, a proxy for the docker socket no longer passed on the upgrade: every docker exec through it failed with “received 200”.',
    url: 'https://github.com/Tecnativa/docker-socket-proxy/issues/132',
  },
  docker: 'It sends both: setupHijackConn in moby’s client/hijack.go.',
}

const proxied = {
  passed: '101: the proxy forwards the headers',
  plain: '200, as if you had sent no headers',
  gateway: '502: the proxy rejects the request',
} as const

/** A proxy in between that doesn't know upgrades. */
export const proxyDropsUpgrade: Experiment<{
  readonly status: number
  readonly via: string
  readonly transfer: string
}> = {
  name: 'proxy-drops-upgrade',
  chapter: 2,
  title: 'A proxy that removes the Upgrade header',
  action:
    'You send both headers through a proxy that removes Upgrade and sends bodies in chunks. (A practice daemon with the fault proxy-drops-upgrade plays the proxy.)',
  question: 'What does the client get?',
  choices: Object.values(proxied),
  where: 'practice daemon',
  async run(lab) {
    const world = await lab.startPracticeDaemon('proxy-drops-upgrade')
    const { status, headers } = await runExec(world, { Cmd: ['echo', 'hi'] })
    const { via = 'none', 'transfer-encoding': transfer = 'none' } = headers
    return { status, via, transfer }
  },
  answer: ({ status }) =>
    choiceFor(status, {
      101: proxied.passed,
      200: proxied.plain,
      502: proxied.gateway,
    }),
  evidence: ({ status, via, transfer }) => [
    `→ POST /exec/…/start, ${Object.entries(upgradeHeaders)
      .map((pair) => pair.join(': '))
      .join(', ')}`,
    `← ${status}`,
    `  Via: ${via}`,
    `  Transfer-Encoding: ${transfer}`,
  ],
  why: () =>
    'The daemon never saw the header, so it answered 200, and the command runs. To continue would be a gamble: the proxy may not forward our bytes before the request ends, and it may put chunk lengths between the daemon’s bytes. The only sign of this is the status.',
  report: {
    what: 'HAProxy since 2.4: every docker exec through it failed with "received 200".',
    url: 'https://github.com/haproxy/haproxy/issues/2684',
  },
  docker:
    'It rejects any status other than 101, and the command that the daemon started keeps running without a client.',
}

/** What a start of a missing command shows. */
type NotFound = {
  readonly status: number
  /** `stdout` or `stderr`. Undefined if no frame came. */
  readonly on: string | undefined
  readonly text: string
  readonly exitCode: number | null
}

const found = {
  start: 'the start fails with 400 or 404',
  stdout: '101, and the error comes on stdout',
  stderr: '101, and the error comes on stderr',
  silent: '101, no output, only an exit code',
} as const

/** A command that does not exist, with its output attached. */
export const commandNotFound: Experiment<NotFound> = {
  name: 'command-not-found',
  chapter: 2,
  title: 'A command that does not exist',
  action: 'You create an exec of nosuchcommand. The create succeeds, and you start it.',
  question: 'How do you learn that the command doesn’t exist?',
  choices: Object.values(found),
  where: 'any daemon',
  async run(lab) {
    const { id, status, body } = await runExec(lab, { Cmd: ['nosuchcommand'] })
    const { ExitCode } = await awaitExec(lab, id)
    const names: Readonly<Record<number, string>> = {
      [stream.stdout]: 'stdout',
      [stream.stderr]: 'stderr',
    }
    return {
      status,
      on: names[body[0] ?? -1],
      text: body.subarray(headerLength).toString('latin1'),
      exitCode: ExitCode,
    }
  },
  answer({ status, on }) {
    if (status !== 101) return found.start
    return on === 'stdout' ? found.stdout : on === 'stderr' ? found.stderr : found.silent
  },
  evidence: ({ status, on, text, exitCode }) => [
    '→ POST /exec/…/start',
    `← ${status}`,
    ...wrapText(`← on ${on ?? 'no stream'}: ${oneLine(text)}`, evidenceWidth),
    `exit code ${exitCode}`,
  ],
  why: ({ on }) =>
    `The daemon finds out only when it tries to run the file inside the container, and it sends the 101 before it tries. ${
      on === 'stdout'
        ? 'dockerd writes its error to stdout, as if the command had printed it: docker exec box nosuchcommand >file puts the error into the file.'
        : 'This daemon writes its error to stderr.'
    } Only the exit code hints at it: 126 or 127.`,
  report: {
    what: 'If you redirect stdout, the only error message goes with it. The user sent it to /dev/null and saw nothing.',
    url: 'https://github.com/docker/cli/issues/2025',
  },
  docker:
    'It copies the stream and exits with the exit code: 127 from dockerd 28, 126 from 20.10. It can’t tell the error from output.',
}

function oneLine(text: string): string {
  return text.trim().replaceAll(/[^\x20-\x7e]+/g, ' ')
}

const alone = {
  started: '200: the error is never reported',
  refused: '400, with a message',
  missing: '404, with a message',
  broken: '500, with a message',
} as const

/** A missing command, started in the background. */
export const detachedNotFound: Experiment<AnswerSummary & { readonly exitCode: number | null }> = {
  name: 'detached-not-found',
  chapter: 2,
  title: 'A missing command, detached',
  action:
    'You start an exec of nosuchcommand with {"Detach":true}, so the start gets an ordinary answer.',
  question: 'How does the daemon answer the start?',
  choices: Object.values(alone),
  where: 'any daemon',
  async run(lab) {
    const id = await createExec(lab, { Cmd: ['nosuchcommand'] })
    const answer = await startExec(lab, id, { headers: {}, body: { Detach: true, Tty: false } })
    const { ExitCode } = await inspectExec(lab, id)
    return { ...summarizeAnswer(answer), exitCode: ExitCode }
  },
  answer: ({ status }) =>
    choiceFor(status, {
      200: alone.started,
      400: alone.refused,
      404: alone.missing,
      500: alone.broken,
    }),
  evidence: (facts) => [
    '→ POST /exec/…/start {"Detach":true,"Tty":false}',
    ...answerLines(facts),
    `exit code ${facts.exitCode}`,
  ],
  why: () =>
    'No client waits for a stream, so the daemon can delay its answer until the process exists. The same error gets a status here, but not in an attached start, where the connection has already become a pipe.',
  report: {
    what: 'Monitoring scripts that sent a command that couldn’t start, every minute: each try leaked an exec that the daemon never cleaned up.',
    url: 'https://github.com/moby/moby/issues/30311',
  },
  docker:
    'docker exec -d prints the message and always exits 1. On success it prints nothing, not even the ID.',
}

const typed = {
  always: 'yes, in every version of the API',
  lately: 'yes, from API 1.42 on',
  never: 'no: it’s the same with and without a terminal',
} as const

/** The content type of the answer to a start, in two versions of the API. */
export const contentType: Experiment<{
  readonly tty: string
  readonly old: string
  readonly new: string
}> = {
  name: 'content-type',
  chapter: 2,
  title: 'The content type of a stream',
  action:
    'You start echo hi with a terminal, which sends raw output, and without one, which sends frames. You use paths of API 1.41 and, if the daemon knows it, 1.42.',
  question: 'Does the content type announce the frames?',
  choices: Object.values(typed),
  where: 'any daemon',
  async run(lab) {
    const ask = async (version: string, Tty: boolean): Promise<string> => {
      const { status, headers, body } = await runExec(
        lab,
        { Tty, Cmd: ['echo', 'hi'] },
        { version },
      )
      if (status >= 400) return summarizeAnswer({ status, body }).message
      return headers['content-type'] ?? 'none'
    }
    return {
      tty: await ask('1.41', true),
      old: await ask('1.41', false),
      new: await ask('1.42', false),
    }
  },
  answer({ tty, old, new: next }) {
    if (old !== tty) return typed.always
    return next.includes('multiplexed') ? typed.lately : typed.never
  },
  evidence: ({ tty, old, new: next }) =>
    [
      `1.41, terminal:     ${tty}`,
      `1.41, no terminal:  ${old}`,
      `1.42, no terminal:  ${next}`,
    ].flatMap((line) => wrapText(line, evidenceWidth)),
  why: () =>
    'Before API 1.42 the daemon called both raw-stream, and it still does in older paths. So a client has to remember what it asked for: the Tty in its own start decides how to read. A client that relies on the new name reads garbage from every older daemon.',
  report: {
    what: 'A request for a distinct content type, from a user who had tried to guess the format from the first bytes.',
    url: 'https://github.com/moby/moby/issues/35761',
  },
  docker:
    'It ignores the type: in beginOutputStream, --tty on the command line decides between a plain copy and stdcopy.',
}

/**
 * A namespace of this machine, of the container's first process, and of the
 * command. Equal numbers mean that they share it.
 */
type NamespaceRow = {
  readonly name: string
  readonly machine: string
  readonly first: string
  readonly command: string
}

/** The namespaces of this machine, of the container, and of the command. */
type Namespaces = {
  readonly firstPid: number
  readonly pid: number
  readonly rows: readonly NamespaceRow[]
}

const joined = {
  all: 'all of them',
  butPid: 'all but the process list (pid)',
  few: 'only the file system (mnt) and the network (net)',
  none: 'none, because the container has none',
} as const

/** The namespaces that a container has for itself. */
function ownRows(rows: readonly NamespaceRow[]): NamespaceRow[] {
  return rows.filter(({ machine, first }) => machine !== first)
}

/** The namespaces that the command shares with the container. */
export const namespaces: Experiment<Namespaces> = {
  name: 'namespaces',
  chapter: 2,
  title: 'The namespaces of the command',
  action:
    'A container is a set of namespaces: views of the system, such as its own file system (mnt), network (net) and process list (pid). You start a shell that waits. Then you read /proc/PID/ns on this machine, for the shell and for the container’s first process.',
  question: 'Which of the container’s own namespaces does the command join?',
  choices: Object.values(joined),
  where: 'local Linux daemon',
  async run(lab) {
    const runner = await openExecRunner(lab, lab.scope)
    const { pid } = await startWaitingShell(lab, runner, ':')
    const process = findHostProcess(pid, runner.marker)
    if (typeof process === 'string')
      throw new Failure(`cannot see the command’s process. ${process}`)
    const firstPid = await firstProcess(lab)
    const [machine, first, command] = [
      namespacesOf('self'),
      namespacesOf(firstPid),
      namespacesOf(pid),
    ]
    const rows = Object.entries(command).map(([name, number]) => ({
      name,
      machine: machine[name] ?? '',
      first: first[name] ?? '',
      command: number,
    }))
    return { firstPid, pid, rows }
  },
  answer({ rows }) {
    const own = ownRows(rows)
    const names = own.filter(({ first, command }) => first === command).map(({ name }) => name)
    if (own.length === 0) return joined.none
    if (names.length === own.length) return joined.all
    if (names.length === own.length - 1 && !names.includes('pid')) return joined.butPid
    return names.join() === 'mnt,net' ? joined.few : undefined
  },
  evidence: ({ firstPid, pid, rows }) => [
    `process IDs on this machine: first process ${firstPid}, command ${pid}`,
    namespaceLine('', 'this machine', 'first process', 'command'),
    ...rows.map(({ name, machine, first, command }) =>
      namespaceLine(name, machine, first, command),
    ),
  ],
  why({ rows }) {
    if (ownRows(rows).length === 0) {
      return 'The practice daemon starts the command as an ordinary process of this machine, so all three columns are equal. An engine creates namespaces for each container, and the command joins them.'
    }
    const shared = rows.filter((row) => !ownRows(rows).includes(row)).map(({ name }) => name)
    const rest =
      shared.length === 0
        ? ''
        : ` Both have this machine’s ${shared.join(', ')}, because the container has none of its own there.`
    return `The number identifies the namespace: processes with the same number share it. The runtime opens the files in /proc/PID/ns of the container’s first process and calls setns for each one. Then it forks, puts the new process into the container’s cgroups, drops privileges and runs the command. So the command is in the container without being a child of any process in there.${rest}`
  },
  report: {
    what: 'An exec that joined every namespace except the user namespace. Its root was the root of the host.',
    url: 'https://github.com/opencontainers/runc/pull/187',
  },
  docker:
    'The client knows nothing about it. The daemon passes the exec on to containerd, and runc joins the namespaces: join_namespaces in libcontainer/nsenter/nsexec.c.',
}

/** The process ID of the container's first process on its machine. */
async function firstProcess(lab: ExperimentLab): Promise<number> {
  return withEngine(lab, async (engine) => {
    const reply = await engine.request('GET', `${containerPath(lab.container)}/json`)
    return readAnswer<{ State?: { Pid: number } }>(reply, engine).State?.Pid ?? 0
  })
}

/** A line with four columns. */
function namespaceLine(name: string, machine: string, first: string, command: string): string {
  return `${name.padEnd(8)}${machine.padEnd(15)}${first.padEnd(15)}${command}`
}

/** The experiments of the chapter. */
export const experiments: readonly AnyExperiment[] = [
  startedTwice,
  withoutUpgrade,
  halfAsked,
  proxyDropsUpgrade,
  commandNotFound,
  detachedNotFound,
  contentType,
  namespaces,
]
