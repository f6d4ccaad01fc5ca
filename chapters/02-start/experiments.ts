/**
 * What can be broken in chapter 2: the one request that wants more than an answer.
 *
 * @module
 */

import {
  allStreams,
  awaitExec,
  createExec,
  inspectExec,
  runExec,
  startExec,
  upgradeHeaders,
  type Verdict,
  verdictOf,
} from '../../src/exec/exec.ts'
import {
  choiceFor,
  evidenceWidth,
  hexLines,
  hexOf,
  verdictLines,
} from '../../src/experiments/evidence.ts'
import type { AnyExperiment, Experiment, ExperimentLab } from '../../src/experiments/experiment.ts'
import { headerLength, stream } from '../../src/stream/frames.ts'
import { wrapText } from '../../src/text/width.ts'

const twice = {
  again: '101: the command runs once more',
  stream: '101, and then a sentence where the output would be',
  refused: '409: it has been started already',
  broken: '500, with a sentence',
} as const

/** A second start of the same exec. */
export const startedTwice: Experiment<Verdict & { readonly hex: string; readonly ran: boolean }> = {
  name: 'started-twice',
  chapter: 2,
  title: 'An exec that is started twice',
  action:
    'You create an exec of echo hi, start it, read its output to the end, and send the same start once more.',
  question: 'What is the second start answered with?',
  choices: Object.values(twice),
  where: 'any daemon',
  async run(lab) {
    const { id } = await runExec(lab, { Cmd: ['echo', 'hi'] })
    await awaitExec(lab, id)
    const second = await startExec(lab, id)
    const ran = second.body.includes('hi\n')
    return { ...verdictOf(second), hex: second.status === 101 ? hexOf(second.body) : '', ran }
  },
  answer({ status, ran }) {
    if (status === 101) return ran ? twice.again : twice.stream
    return status === 409 ? twice.refused : status === 500 ? twice.broken : undefined
  },
  evidence: (facts) => [
    '→ POST /exec/…/start, the second time',
    ...verdictLines(facts),
    ...(facts.hex ? hexLines(facts.hex) : []),
  ],
  why: ({ status }) =>
    status === 101
      ? 'The daemon takes the connection over, says 101, and only then looks at the note. By now it has no status left to say no with, so it writes its sentence into the stream, in a frame of stdout, as if the command had printed it.'
      : 'This daemon looks at its note before it takes the connection over, while there is still a status to say no with.',
  report: {
    what: 'A tool that started each exec twice, once to run it and once to read it. Mostly the right one came first.',
    url: 'https://github.com/nektos/act/issues/627',
  },
  docker:
    'It starts an exec once, and starting is attaching: interactiveExec in cli/command/container/exec.go. For a detached one it has another call, which reads nothing.',
}

/** What became of a start, and whether a line from us came back. */
type Echo = { readonly status: number; readonly upgrade: string; readonly cameBack: boolean }

/** Starts `cat` with these headers, sends it a line, and waits for the line. */
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
  const line = cameBack ? '"hello" comes back from cat' : 'nothing comes back'
  return [`→ POST /exec/…/start, ${shown}`, `← ${status}, Upgrade: ${upgrade}; ${line}`]
}

const unasked = {
  same: '101, and input reaches the command',
  hijacked: '200, and input reaches the command all the same',
  deaf: '200, and input leads nowhere',
  refused: '400: there is nothing to answer with',
} as const

/** A start that does not ask for an upgrade. */
export const withoutUpgrade: Experiment<Echo> = {
  name: 'without-upgrade',
  chapter: 2,
  title: 'A start without the two headers',
  action:
    'You start cat without Connection: Upgrade and Upgrade: tcp, as every client did before 2015, and send it a line.',
  question: 'What comes back?',
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
    'The daemon takes the connection over in both cases; the headers change the first line of its answer and nothing else. They are there for whoever stands between: a proxy that reads 200 and no length expects a body to pass on, in one direction.',
  report: {
    what: 'attach and exec through a reverse proxy hung: it waited for the end of a request whose body never ended. So the headers were added, in a way that old clients and daemons need not know.',
    url: 'https://github.com/moby/moby/pull/9652',
  },
  docker:
    'It always asks, and takes nothing but a 101: setupHijackConn in moby’s client/hijack.go. "unable to upgrade to tcp, received 200" is its sentence.',
}

const half = {
  upgrade: 'Upgrade: tcp alone is enough',
  connection: 'Connection: Upgrade alone is enough',
  both: 'it wants both',
  neither: 'it upgrades whatever the headers are',
} as const

/** One of the two headers, without the other. */
export const halfAsked: Experiment<{ readonly upgrade: Echo; readonly connection: Echo }> = {
  name: 'half-asked',
  chapter: 2,
  title: 'One of the two headers',
  action:
    'HTTP says that Upgrade counts only if Connection names it. You start cat twice: once with Upgrade: tcp alone, and once with Connection: Upgrade alone.',
  question: 'Which of them does the daemon need to answer 101?',
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
        ? 'Docker’s daemon asks only whether there is an Upgrade header, whatever it says. '
        : 'This daemon reads the two headers as HTTP has them. '
    }The pair matters on the way: Connection lists the headers that belong to this one hop, and a proxy that follows the rules removes those before it passes a request on. One that does not know what an upgrade is removes both, and the daemon never hears of it.`,
  report: {
    what: 'A proxy before the docker socket that passed only one kind of upgrade on, after an update of the program underneath.',
    url: 'https://github.com/Tecnativa/docker-socket-proxy/issues/132',
  },
  docker: 'It sends both: postHijacked in moby’s client/hijack.go.',
}

const proxied = {
  passed: '101: the proxy passes it on',
  plain: '200, as if nobody had asked',
  gateway: '502: the proxy does not know this',
} as const

/** A proxy on the way that does not know the upgrade. */
export const proxyDropsUpgrade: Experiment<{
  readonly status: number
  readonly via: string
  readonly transfer: string
}> = {
  name: 'proxy-drops-upgrade',
  chapter: 2,
  title: 'A proxy that removes the Upgrade header',
  action:
    'You send both headers. On the way stands a proxy that removes Upgrade and passes bodies in chunks. (It is played by a practice daemon with the fault proxy-drops-upgrade.)',
  question: 'What does the client get that asked for the connection?',
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
    'The daemon was asked without the header, so it said 200, and the command runs. To go on would be a guess: nobody knows whether the proxy passes our bytes on before the request is over, and it may put the lengths of chunks between the daemon’s. The only sign is the status.',
  report: {
    what: 'HAProxy from 2.4 on: every docker exec through it ended with "received 200".',
    url: 'https://github.com/haproxy/haproxy/issues/2684',
  },
  docker:
    'It refuses whatever is not a 101, and the command that has been started stays behind without a client.',
}

/** What became of a command that does not exist. */
type NotFound = {
  readonly status: number
  /** `stdout`, `stderr`, or nothing where there was no frame. */
  readonly on: string | undefined
  readonly text: string
  readonly exitCode: number | null
}

const found = {
  start: 'the start, with 400 or 404',
  stdout: 'none: 101, and the sentence comes on stdout',
  stderr: 'none: 101, and the sentence comes on stderr',
  nobody: 'none: 101, no output, and only the exit code tells',
} as const

/** A command that does not exist, with its output attached. */
export const commandNotFound: Experiment<NotFound> = {
  name: 'command-not-found',
  chapter: 2,
  title: 'A command that does not exist',
  action: 'You create an exec of nosuchcommand, which works, and start it.',
  question: 'Which status says that there is no such command?',
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
    return on === 'stdout' ? found.stdout : on === 'stderr' ? found.stderr : found.nobody
  },
  evidence: ({ status, on, text, exitCode }) => [
    '→ POST /exec/…/start',
    `← ${status}`,
    ...wrapText(`← on ${on ?? 'no stream'}: ${oneLine(text)}`, evidenceWidth),
    `exit code ${exitCode}`,
  ],
  why: ({ on }) =>
    `Whether a file can be run is found out by trying to run it, inside the container, and by then the connection is a pipe. ${
      on === 'stdout'
        ? 'The daemon has no stream of its own for such words that every client would show, so it uses the one for the output: docker exec box nosuchcommand >file puts the error into the file.'
        : 'This daemon puts its words where error messages go.'
    } The exit code is the only sure sign.`,
  report: {
    what: 'People who redirect stdout lose the only message there is.',
    url: 'https://github.com/docker/cli/issues/2025',
  },
  docker:
    'It shows the stream as it comes and ends with the exit code: 127 from dockerd 28, 126 from 20.10. It cannot tell the sentence from output.',
}

function oneLine(text: string): string {
  return text.trim().replaceAll(/[^\x20-\x7e]+/g, ' ')
}

const alone = {
  started: '200: it is started, and nobody hears of it',
  refused: '400, with a sentence',
  missing: '404, with a sentence',
  broken: '500, with a sentence',
} as const

/** The same in the background. */
export const detachedNotFound: Experiment<Verdict & { readonly exitCode: number | null }> = {
  name: 'detached-not-found',
  chapter: 2,
  title: 'The same in the background',
  action:
    'You start an exec of nosuchcommand with {"Detach":true}: the start is answered and over.',
  question: 'What is it answered with?',
  choices: Object.values(alone),
  where: 'any daemon',
  async run(lab) {
    const id = await createExec(lab, { Cmd: ['nosuchcommand'] })
    const answer = await startExec(lab, id, { headers: {}, body: { Detach: true, Tty: false } })
    const { ExitCode } = await inspectExec(lab, id)
    return { ...verdictOf(answer), exitCode: ExitCode }
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
    ...verdictLines(facts),
    `exit code ${facts.exitCode}`,
  ],
  why: () =>
    'Nobody waits for a stream, so the daemon can wait itself until the process is there, and answer then. The same mistake has a status here and none with somebody attached: what an answer can say depends on what the connection becomes.',
  report: {
    what: 'Commands that cannot be started, sent by monitors every minute: each left an exec behind that was never cleared away.',
    url: 'https://github.com/moby/moby/issues/30311',
  },
  docker:
    'docker exec -d prints the sentence and ends with 1, whatever the exit code is. Without an error it prints nothing at all, not even the ID.',
}

const typed = {
  always: 'yes, in every version of the API',
  lately: 'from API 1.42 on',
  never: 'no: it is the same with a terminal and without',
} as const

/** The content type of the answer, in two versions of the API. */
export const contentType: Experiment<{
  readonly tty: string
  readonly old: string
  readonly new: string
}> = {
  name: 'content-type',
  chapter: 2,
  title: 'The content type of a stream',
  action:
    'You start echo hi under a terminal, whose output comes raw, and without one, whose output comes in frames: in the paths of API 1.41 and, if the daemon knows it, of 1.42.',
  question: 'Does the content type say that frames are coming?',
  choices: Object.values(typed),
  where: 'any daemon',
  async run(lab) {
    const ask = async (version: string, Tty: boolean): Promise<string> => {
      const { status, headers, body } = await runExec(
        lab,
        { Tty, Cmd: ['echo', 'hi'] },
        { version },
      )
      if (status >= 400) return verdictOf({ status, body }).message
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
      `1.41, a terminal:   ${tty}`,
      `1.41, no terminal:  ${old}`,
      `1.42, no terminal:  ${next}`,
    ].flatMap((line) => wrapText(line, evidenceWidth)),
  why: () =>
    'For nine years raw-stream was the name of both. A client has to remember what it asked for: the Tty in its own start decides how it reads. The new name came with API 1.42, in paths of that version only, and a client that relies on it reads garbage from every older daemon.',
  report: {
    what: 'The wish for a name that tells, from somebody who had tried to guess it from the first bytes.',
    url: 'https://github.com/moby/moby/issues/35761',
  },
  docker:
    'It does not look at the type at all: in interactiveExec the --tty of the command line decides between a copy and stdcopy.',
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
]
