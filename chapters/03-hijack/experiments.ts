/**
 * The experiments of chapter 3: a connection that only one side still takes
 * for HTTP, and bytes that are parsed as something they are not.
 *
 * @module
 */

import {
  allStreams,
  awaitExec,
  createExec,
  inspectExec,
  outputOnly,
  plainStart,
  runExec,
  startExec,
  ttyStart,
} from '../../src/exec/exec.ts'
import { choiceFor, evidenceWidth, hexLines, hexOf } from '../../src/experiments/evidence.ts'
import type { AnyExperiment, Experiment } from '../../src/experiments/experiment.ts'
import { Failure } from '../../src/process/failure.ts'
import { createDemultiplexer, headerLength } from '../../src/stream/frames.ts'
import { wrapText } from '../../src/text/width.ts'

const shownOutput = {
  all: 'all of it',
  nothing: 'nothing',
  late: 'only what the command writes later',
  garbage: 'the HTTP head, and then the output',
} as const

/**
 * Output that arrives with the 101, and a client that drops the parser's
 * buffer.
 */
export const earlyOutput: Experiment<{
  /** The length of each packet, in bytes. */
  readonly packets: readonly number[]
  /** What followed the head in its packet, in hexadecimal digits. */
  readonly early: string
  /** The rest, in hexadecimal digits. */
  readonly later: string
}> = {
  name: 'early-output',
  chapter: 3,
  title: 'Output in the same packet as the 101',
  action:
    'A client reads the head with an HTTP parser, and then reads on from the socket. The daemon sends the first output in the same packet as the head. (Real daemons do that now and then. A practice daemon with the fault early-output does it every time.) The command writes "one", and half a second later "two".',
  question: 'How much of the output does this client show?',
  choices: Object.values(shownOutput),
  where: 'practice daemon',
  async run(lab) {
    const world = await lab.startPracticeDaemon('early-output')
    const { packets, body } = await runExec(world, {
      Cmd: ['sh', '-c', 'echo one; sleep 0.5; echo two'],
    })
    const [first] = packets
    const early = first ? first.subarray(first.indexOf('\r\n\r\n') + 4) : Buffer.alloc(0)
    return {
      packets: packets.map(({ length }) => length),
      early: hexOf(early),
      later: hexOf(body.subarray(early.length)),
    }
  },
  answer({ early, later }) {
    if (early === '') return shownOutput.all
    return later === '' ? shownOutput.nothing : shownOutput.late
  },
  evidence: ({ packets, early, later }) => [
    `packets of ${packets.join(', ')} bytes`,
    'after the head, in the HTTP parser’s buffer:',
    ...hexLines(early),
    'from the socket, later:',
    ...hexLines(later),
  ],
  why: () =>
    'A connection is a stream of bytes and does not keep the boundaries between the daemon’s writes. The parser read everything that had arrived, so what followed the blank line is in its buffer and no longer in the socket. If you take the socket, take the buffer too.',
  report: {
    what: 'The beginning of the output was missing, sometimes, and often in a virtual machine. The library had read the response through a buffer and then dropped the buffer.',
    url: 'https://github.com/docker/docker-py/pull/1770',
  },
  docker:
    'If anything is left in the parser’s buffer, it wraps the connection so that a read empties the buffer first: setupHijackConn in moby’s client/hijack.go.',
}

const echoedLines = {
  both: 'both lines',
  late: 'only the second line: the first is lost',
  early: 'only the first line',
  neither: 'neither',
} as const

/**
 * The same in the other direction: input in the same write as the request.
 */
export const earlyInput: Experiment<{ readonly hex: string; readonly text: string }> = {
  name: 'early-input',
  chapter: 3,
  title: 'Input in the same write as the start',
  action:
    'You start cat, and in the same write, right after the body of the request, you send a line: "early". When the response arrives, you send "late" and half-close.',
  question: 'Which lines does cat return?',
  choices: Object.values(echoedLines),
  where: 'any daemon',
  async run(lab) {
    const id = await createExec(lab, { ...allStreams, Cmd: ['cat'] })
    const { body } = await startExec(lab, id, {
      early: 'early\n',
      input: 'late\n',
      halfClose: true,
    })
    return { hex: hexOf(body), text: body.toString('latin1') }
  },
  answer({ text }) {
    const [early, late] = [text.includes('early\n'), text.includes('late\n')]
    if (early) return late ? echoedLines.both : echoedLines.early
    return late ? echoedLines.late : echoedLines.neither
  },
  evidence: ({ hex }) => [
    '→ POST /exec/…/start … {"Detach":false,"Tty":false}early',
    '← 101',
    '→ late',
    'from cat, with an 8-byte header before each piece:',
    ...hexLines(hex),
  ],
  why: ({ text }) =>
    text.includes('early')
      ? 'This daemon empties the buffer of its own HTTP parser before it reads from the socket. Not every daemon does. Wait for the 101 before you send any input.'
      : 'The daemon makes the mistake that the client makes in early-output. Its HTTP server had read the line along with the request, and the code that takes over the connection starts with the socket. The line is lost, and neither side reports an error. Wait for the 101 before you send any input.',
  report: {
    what: 'A user recommended a delay of about 100 ms before the first write to an exec. It had helped, but the cause was unknown. Lost early input could be one.',
    url: 'https://github.com/apocas/dockerode/issues/184',
  },
  docker:
    'It copies no input before it has the response: beginInputStream in cli/command/container/hijack.go. On the daemon’s side, HijackConnection in moby’s httputils keeps the connection and drops the buffer.',
}

const replies = {
  ok: '200 OK, from the daemon',
  bad: '400 Bad Request, from the daemon',
  echo: 'the request itself, from cat',
  nothing: 'nothing',
} as const

/** A second request on a connection that no longer speaks HTTP. */
export const httpAgain: Experiment<{ readonly hex: string; readonly text: string }> = {
  name: 'http-again',
  chapter: 3,
  title: 'A request on the hijacked connection',
  action:
    'You start cat. After the 101 you send GET /_ping HTTP/1.1 on the same connection, like a client that pools its connections.',
  question: 'What comes back?',
  choices: Object.values(replies),
  where: 'any daemon',
  async run(lab) {
    const id = await createExec(lab, { ...allStreams, Cmd: ['cat'] })
    const { body } = await startExec(lab, id, {
      input: 'GET /_ping HTTP/1.1\r\nHost: docker\r\n\r\n',
      halfClose: true,
    })
    return { hex: hexOf(body), text: body.toString('latin1') }
  },
  answer({ text }) {
    if (text.includes('200 OK')) return replies.ok
    if (text.includes('400 Bad')) return replies.bad
    return text.includes('GET /_ping') ? replies.echo : replies.nothing
  },
  evidence: ({ hex }) => ['→ GET /_ping HTTP/1.1, after the 101', ...hexLines(hex)],
  why: () =>
    'After the 101 neither side speaks HTTP on this connection: every byte we write is input for the command. A client has to remove the connection from its pool for good. Resize and exit code need another one.',
  report: {
    what: 'A scheduler hijacked connections unasked, and the client kept using them. Its next requests went to the wrong machine.',
    url: 'https://github.com/samalba/dockerclient/pull/163',
  },
  docker: 'It dials a new connection for each hijack: setupHijackConn in moby’s client/hijack.go.',
}

const sizes = { 3: '3', 4: '4', 11: '11', 22: '22' } as const

/** Frames, printed as if they were text. */
export const framesAsText: Experiment<{ readonly hex: string; readonly length: number }> = {
  name: 'frames-as-text',
  chapter: 3,
  title: 'Frames read as text',
  action:
    'You run echo hi without a tty. It writes 3 bytes, and you print everything that follows the 101.',
  question: 'How many bytes do you print?',
  choices: Object.values(sizes),
  where: 'any daemon',
  async run(lab) {
    const { body } = await runExec(lab, { Cmd: ['echo', 'hi'] })
    return { hex: hexOf(body), length: body.length }
  },
  answer: ({ length }) => Object.values(sizes).find((size) => Number(size) === length),
  evidence: ({ hex }) => hexLines(hex),
  why: ({ length }) =>
    `${length - headerLength} bytes are output, and ${headerLength} are a header with the stream and the length. On a screen you hardly notice it: seven control characters, and a last byte that holds the length. A line of 65 bytes seems to begin with an A.`,
  report: {
    what: 'Each chunk of output began with a strange letter that kept changing. Here it was a d, because the output had 100 bytes.',
    url: 'https://github.com/fsouza/go-dockerclient/issues/494',
  },
  docker:
    'Without --tty it demultiplexes the frames with stdcopy.StdCopy: beginOutputStream in cli/command/container/hijack.go.',
}

const parsed = {
  shown: 'it shows the text unchanged',
  refused: 'it fails: the first byte names no stream',
  waits: 'it shows nothing and waits for more',
  cut: 'it shows the text without its first 8 bytes',
} as const

/** A terminal's output, parsed as if it came in frames. */
export const textAsFrames: Experiment<{
  readonly hex: string
  readonly shown: string
  readonly complaint: string
  readonly first: number
  /** The length that bytes 4 to 7 would announce. */
  readonly announced: number
}> = {
  name: 'text-as-frames',
  chapter: 3,
  title: 'Text read as frames',
  action:
    'You run echo hello world with a tty, and parse the output as if it came in stdcopy frames.',
  question: 'What does a careful frame parser do with it?',
  choices: Object.values(parsed),
  where: 'any daemon',
  async run(lab) {
    const { body } = await runExec(lab, { Tty: true, Cmd: ['echo', 'hello world'] })
    let shown = ''
    let complaint = ''
    try {
      createDemultiplexer((_, payload) => {
        shown += Buffer.from(payload).toString('latin1')
      })(body)
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      complaint = error.message
    }
    const announced = body.length >= headerLength ? body.readUInt32BE(4) : 0
    return { hex: hexOf(body), shown, complaint, first: body[0] ?? 0, announced }
  },
  answer({ shown, complaint }) {
    if (complaint) return parsed.refused
    if (shown === '') return parsed.waits
    return shown.includes('hello') ? parsed.shown : parsed.cut
  },
  evidence: ({ hex, complaint, announced }) => [
    ...hexLines(hex),
    `bytes 4 to 7 as a length: ${announced} bytes`,
    ...wrapText(complaint || 'no error', evidenceWidth),
  ],
  why: ({ first, announced }) =>
    `The first byte of a header names the stream: 0, 1, 2 or 3. Here it is ${first}, the letter ${String.fromCharCode(first)}. A parser that skips this check takes letters 5 to 8 for a length, and waits for ${Math.round(announced / 1e6)} megabytes that never arrive.`,
  report: {
    what: 'A library allocated memory for the whole frame that it expected, and crashed.',
    url: 'https://github.com/Idein/dockworker/issues/97',
  },
  docker:
    'With --tty it copies the bytes unparsed. Without it, stdcopy.StdCopy makes the check: "Unrecognized input header", and the number.',
}

const decidedBy = {
  create: 'the create: the output is raw',
  start: 'the start: the output is framed',
  refused: 'neither: the start is refused',
} as const

/** A create with a tty, and a start without one. */
export const otherTty: Experiment<{ readonly status: number; readonly hex: string }> = {
  name: 'other-tty',
  chapter: 3,
  title: 'Tty true in the create, false in the start',
  action:
    'You create an exec of echo hi with "Tty":true, and start it with "Tty":false. Both requests have the field, and only one can decide the framing.',
  question: 'Which request decides whether the output is framed?',
  choices: Object.values(decidedBy),
  where: 'any daemon',
  async run(lab) {
    const { status, body } = await runExec(
      lab,
      { Tty: true, Cmd: ['echo', 'hi'] },
      { body: plainStart },
    )
    return { status, hex: hexOf(body) }
  },
  answer({ status, hex }) {
    if (status !== 101) return decidedBy.refused
    return hex.startsWith('01000000') ? decidedBy.start : decidedBy.create
  },
  evidence: ({ status, hex }) => [
    '→ POST /containers/…/exec {"Tty":true,…}',
    `→ POST /exec/…/start ${JSON.stringify(plainStart)}`,
    `← ${status}`,
    ...hexLines(hex),
  ],
  why: ({ hex }) =>
    `The create decided that the command gets a terminal: the line ends in 0d 0a, and only a terminal adds the 0d. ${
      hex.startsWith('01000000')
        ? 'The start decides how the daemon writes to the connection, and ours said "Tty":false.'
        : 'This daemon takes the framing from the create too and ignores the start’s field.'
    } A client that sends two different values gets framed terminal output from one daemon and raw output from another.`,
  report: {
    what: 'One garbage character before the output. The fields in create and start differed.',
    url: 'https://github.com/apocas/dockerode/issues/736',
  },
  docker: `It sends the same value in both, ${JSON.stringify(ttyStart.Tty)} or false, from one option: --tty.`,
}

const endings = {
  hungUp: 'it ends at once, by a hangup',
  killed: 'the daemon kills it',
  on: 'it keeps running until it finishes',
} as const

/** A client that disconnects. */
export const clientGone: Experiment<{
  readonly running: boolean
  readonly exitCode: number | null
}> = {
  name: 'client-gone',
  chapter: 3,
  title: 'A client that disconnects',
  action:
    'You start sh -c "sleep 1; exit 6", get the 101, and cut the connection, as if your client had been killed.',
  question: 'What happens to the command?',
  choices: Object.values(endings),
  where: 'any daemon',
  async run(lab) {
    const id = await createExec(lab, { ...outputOnly, Cmd: ['sh', '-c', 'sleep 1; exit 6'] })
    await startExec(lab, id, { until: () => true })
    const { Running } = await inspectExec(lab, id)
    const { ExitCode } = await awaitExec(lab, id)
    return { running: Running, exitCode: ExitCode }
  },
  answer: ({ exitCode }) =>
    choiceFor(exitCode, {
      6: endings.on,
      129: endings.hungUp,
      137: endings.killed,
    }),
  evidence: ({ running, exitCode }) => [
    '← 101',
    '→ (the connection is cut)',
    `right after: "Running":${running}`,
    `a second later: "ExitCode":${exitCode}`,
  ],
  why: () =>
    'The process belongs to the container, not to the connection. When the client disappears, the daemon only loses the reader of the output. You cannot reattach either: the only way to attach to an exec is to start it, and it can be started once.',
  report: {
    what: 'Ctrl-C or kill ends docker exec, but the command in the container keeps running and keeps its resources.',
    url: 'https://github.com/docker/cli/issues/2607',
  },
  docker:
    'The API has no request that ends an exec, so the client cannot send one. With a tty Ctrl-C reaches the command as a byte: chapter 4.',
}

/** The experiments of the chapter. */
export const experiments: readonly AnyExperiment[] = [
  earlyOutput,
  earlyInput,
  httpAgain,
  framesAsText,
  textAsFrames,
  otherTty,
  clientGone,
]
