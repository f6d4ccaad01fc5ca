/**
 * What can be broken in chapter 3: a connection that is HTTP for one side and not for the other, and
 * bytes that are read for what they are not.
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

const careless = {
  all: 'all of it',
  nothing: 'nothing',
  late: 'only what the command writes later',
  garbage: 'the head of the answer, and then the output',
} as const

/** The first output in the packet of the 101, and a client that throws the rest of it away. */
export const earlyOutput: Experiment<{
  /** What each packet brought, in bytes. */
  readonly packets: readonly number[]
  /** What stood behind the head in its own packet. */
  readonly behindHead: string
  /** What came later. */
  readonly later: string
}> = {
  name: 'early-output',
  chapter: 3,
  title: 'Output in the packet of the 101',
  action:
    'A client reads the answer with an HTTP parser, takes the head, and then reads from the socket. The daemon sends the first output in one packet with the head. (Real daemons do it now and then; a practice daemon with the fault early-output does it each time.) The command writes "one", and half a second later "two".',
  question: 'What does this client show?',
  choices: Object.values(careless),
  where: 'practice daemon',
  async run(lab) {
    const world = await lab.startPracticeDaemon('early-output')
    const { packets, body } = await runExec(world, {
      Cmd: ['sh', '-c', 'echo one; sleep 0.5; echo two'],
    })
    const [first] = packets
    const behind = first ? first.subarray(first.indexOf('\r\n\r\n') + 4) : Buffer.alloc(0)
    return {
      packets: packets.map(({ length }) => length),
      behindHead: hexOf(behind),
      later: hexOf(body.subarray(behind.length)),
    }
  },
  answer({ behindHead, later }) {
    if (behindHead === '') return careless.all
    return later === '' ? careless.nothing : careless.late
  },
  evidence: ({ packets, behindHead, later }) => [
    `packets of ${packets.join(', ')} bytes`,
    'behind the head, in the hand of the HTTP parser:',
    ...hexLines(behindHead),
    'from the socket, afterwards:',
    ...hexLines(later),
  ],
  why: () =>
    'TCP carries bytes and knows no packets: where one write ends and the next begins is nothing that a reader may rely on. The parser has read all that was there. What stands behind the empty line is in its buffer and not in the socket, and whoever takes the socket has to take the buffer as well.',
  report: {
    what: 'Output was cut off at the beginning, sometimes, and often in a virtual machine: a library read the answer through a buffer, and then threw the buffer away.',
    url: 'https://github.com/docker/docker-py/pull/1770',
  },
  docker:
    'The connection that it hands on reads from the parser’s buffer first: HijackedResponse.Reader in moby’s client/hijack.go. Whoever uses HijackedResponse.Conn instead loses the same bytes.',
}

const tooEarly = {
  both: 'both lines',
  late: 'only the second line: the first is lost',
  early: 'only the first line',
  neither: 'neither',
} as const

/** The same in the other direction: input in the packet of the request. */
export const earlyInput: Experiment<{ readonly hex: string; readonly text: string }> = {
  name: 'early-input',
  chapter: 3,
  title: 'Input in the packet of the start',
  action:
    'You start cat, and send a line in the same write, right behind the body of the request: "early". When the answer is there you send "late", and half-close.',
  question: 'What does cat give back?',
  choices: Object.values(tooEarly),
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
    if (early) return late ? tooEarly.both : tooEarly.early
    return late ? tooEarly.late : tooEarly.neither
  },
  evidence: ({ hex }) => [
    '→ POST /exec/…/start … {"Detach":false,"Tty":false}early',
    '← 101',
    '→ late',
    ...hexLines(hex),
  ],
  why: ({ text }) =>
    text.includes('early')
      ? 'This daemon looks into the buffer of its own HTTP parser before it reads from the socket. Not every one does: a client that wants its first line to arrive waits for the head of the answer.'
      : 'It is the mistake of the careless client, made by the daemon: its HTTP server had read the line together with the request, and the code that takes the connection over begins with the socket. Nothing is reported anywhere. So nobody may write before the 101 is there.',
  report: {
    what: 'Somebody found that 100 ms of waiting before the first write to an exec make a huge difference, and did not know why. This would be a reason.',
    url: 'https://github.com/apocas/dockerode/issues/184',
  },
  docker:
    'It begins to copy its input when it has the answer: beginInputStream in cli/command/container/hijack.go. The daemon’s side is HijackConnection in moby’s httputils, which keeps the connection and drops the buffer.',
}

const asked = {
  ok: '200 OK, from the daemon',
  bad: '400 Bad Request, from the daemon',
  echo: 'the request itself, from cat',
  nothing: 'nothing',
} as const

/** A second request on a connection that is none any more. */
export const httpAgain: Experiment<{ readonly hex: string; readonly text: string }> = {
  name: 'http-again',
  chapter: 3,
  title: 'A request on the hijacked connection',
  action:
    'You start cat and, when the 101 is there, send GET /_ping HTTP/1.1 on the same connection, as a client does that keeps its connections for later requests.',
  question: 'What comes back?',
  choices: Object.values(asked),
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
    if (text.includes('200 OK')) return asked.ok
    if (text.includes('400 Bad')) return asked.bad
    return text.includes('GET /_ping') ? asked.echo : asked.nothing
  },
  evidence: ({ hex }) => ['→ GET /_ping HTTP/1.1, behind the 101', ...hexLines(hex)],
  why: () =>
    'Behind the 101 there is no HTTP on this connection any more, on either side: whatever we write is the input of the command. A client must take such a connection out of its pool for good, and needs another one for resize and for the exit code.',
  report: {
    what: 'A scheduler hijacked connections without being asked, and the client went on using them: its next requests went to the wrong machine.',
    url: 'https://github.com/samalba/dockerclient/pull/163',
  },
  docker:
    'It dials a connection of its own for each hijack: setupHijackConn in moby’s client/hijack.go.',
}

const sizes = { 3: '3', 4: '4', 11: '11', 22: '22' } as const

/** Frames, read as if they were text. */
export const framesAsText: Experiment<{ readonly hex: string; readonly length: number }> = {
  name: 'frames-as-text',
  chapter: 3,
  title: 'Frames that are read as text',
  action:
    'Without a terminal you run echo hi, which writes 3 bytes, and print whatever comes behind the 101.',
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
    `${length - headerLength} bytes of output, and ${headerLength} of a header that says which stream it is and how long. On a screen the header looks like almost nothing: seven control characters, and one that is the length. A line of 65 bytes seems to begin with an A.`,
  report: {
    what: 'A strange letter before each piece of output, another one each time: here a d, because the output had 100 bytes.',
    url: 'https://github.com/fsouza/go-dockerclient/issues/494',
  },
  docker:
    'Without --tty it reads through stdcopy.StdCopy, which takes the frames apart: beginOutputStream in cli/command/container/hijack.go.',
}

const misread = {
  shown: 'the text as it is',
  refused: 'an error: the first byte is no stream',
  waits: 'nothing, and it waits for more',
  cut: 'the text without its first 8 bytes',
} as const

/** A terminal's output, read as if it came in frames. */
export const textAsFrames: Experiment<{
  readonly hex: string
  readonly shown: string
  readonly complaint: string
  readonly first: number
  /** What a reader would wait for that looks at the length only. */
  readonly announced: number
}> = {
  name: 'text-as-frames',
  chapter: 3,
  title: 'Text that is read as frames',
  action:
    'Under a terminal you run echo hello world, and take the output apart as if it came in stdcopy frames.',
  question: 'What does a careful reader of frames make of it?',
  choices: Object.values(misread),
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
    if (complaint) return misread.refused
    if (shown === '') return misread.waits
    return shown.includes('hello') ? misread.shown : misread.cut
  },
  evidence: ({ hex, complaint, announced }) => [
    ...hexLines(hex),
    `bytes 4 to 7 as a length: ${announced} bytes`,
    ...wrapText(complaint || 'no complaint', evidenceWidth),
  ],
  why: ({ first, announced }) =>
    `The first byte of a header says which stream: 0, 1, 2 or 3. Here it is ${first}, the letter ${String.fromCharCode(first)}. A reader that does not look at it takes the letters 5 to 8 for a length, and waits for ${Math.round(announced / 1e6)} megabytes that never come.`,
  report: {
    what: 'A library that reserved memory for the frame it believed in, and died of it.',
    url: 'https://github.com/Idein/dockworker/issues/97',
  },
  docker:
    'Under --tty it copies without looking. stdcopy.StdCopy has the check: "Unrecognized input header" with the number.',
}

const decides = {
  create: 'the create: the output comes as it is',
  start: 'the start: the output comes in frames',
  refused: 'neither: the start is refused',
} as const

/** A create with a terminal, and a start without one. */
export const otherTty: Experiment<{ readonly status: number; readonly hex: string }> = {
  name: 'other-tty',
  chapter: 3,
  title: 'A start whose Tty is not the create’s',
  action:
    'You create an exec of echo hi with "Tty":true, and start it with "Tty":false. Both requests have the field, and nobody says which one counts.',
  question: 'Who decides whether the output comes in frames?',
  choices: Object.values(decides),
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
    if (status !== 101) return decides.refused
    return hex.startsWith('01000000') ? decides.start : decides.create
  },
  evidence: ({ status, hex }) => [
    `→ POST /exec/…/start ${JSON.stringify(plainStart)}`,
    `← ${status}`,
    ...hexLines(hex),
  ],
  why: ({ hex }) =>
    `The create decided that there is a terminal: the line ends in 0d 0a, which only a terminal makes. ${
      hex.startsWith('01000000')
        ? 'The start decides how the daemon writes to the connection, and it was told that there is none.'
        : 'This daemon believes the create in both, and does not look at the start’s field.'
    } A client that says two different things gets terminal output in frames from one daemon and without any from the other.`,
  report: {
    what: 'One garbage character before the output: the fields of create and start differed.',
    url: 'https://github.com/apocas/dockerode/issues/736',
  },
  docker: `It sends the same ${JSON.stringify(ttyStart.Tty)} or false in both, from one option: --tty.`,
}

const orphan = {
  hungUp: 'it ends at once, as if its terminal had been hung up',
  killed: 'the daemon kills it',
  on: 'it runs on to its own end',
} as const

/** A client that is gone. */
export const clientGone: Experiment<{
  readonly running: boolean
  readonly exitCode: number | null
}> = {
  name: 'client-gone',
  chapter: 3,
  title: 'A client that is gone',
  action:
    'You start sh -c "sleep 1; exit 6", get the 101, and close the socket without a word, as a client does that is killed.',
  question: 'What becomes of the command?',
  choices: Object.values(orphan),
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
      6: orphan.on,
      129: orphan.hungUp,
      137: orphan.killed,
    }),
  evidence: ({ running, exitCode }) => [
    '← 101',
    '→ (the connection is cut)',
    `behind it: "Running":${running}`,
    `a second later: "ExitCode":${exitCode}`,
  ],
  why: () =>
    'The process belongs to the container and not to the connection. For the daemon a client that is gone is output that nobody reads. Nor can anybody come back: an exec is attached to by starting it, once.',
  report: {
    what: 'Ctrl-C or a kill ends docker exec, and the command in the container goes on, with whatever it holds.',
    url: 'https://github.com/docker/cli/issues/2607',
  },
  docker:
    'There is no request that ends an exec, so its client has none to send. Under a terminal Ctrl-C reaches the command as a byte: chapter 4.',
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
