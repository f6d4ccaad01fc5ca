/**
 * The trials and verdicts of the exercises of chapter 3.
 *
 * @module
 */

import type { Socket } from 'node:net'
import type { Held } from '../../../src/course/scope.ts'
import type { AnyStage } from '../../../src/course/stage.ts'
import type { ExecPlace } from '../../../src/exec/exec-place.ts'
import { inCourse } from '../../../src/judging/in-course.ts'
import type { Trials } from '../../../src/judging/judge.ts'
import { indexOf } from '../../../src/judging/recorded-events.ts'
import { table } from '../../../src/judging/table.ts'
import { bytesText } from '../../../src/judging/timeline.ts'
import type { Trial, TrialResult } from '../../../src/judging/trial.ts'
import { Failure } from '../../../src/process/failure.ts'
import { bytesIn } from '../../../src/tape/event.ts'
import { asked } from '../../01-create/asked.ts'
import { dockerExec } from '../../index.ts'
import { hijack } from '../stage.ts'
import { splitPacket } from './hijack-split.solution.ts'
import type { SplitPacket } from './hijack-split.ts'

const inStory = inCourse(dockerExec, 3)

/** A complaint about the framing that the stage passed on. */
function aboutFraming({ passedOn }: TrialResult): string | undefined {
  if (!passedOn) return undefined
  const { tty, framing } = passedOn
  if (framing === (tty ? 'raw' : 'stdcopy')) return undefined
  const fault = `you passed on framing ${JSON.stringify(framing)} for a session`
  return tty
    ? `${fault} with a tty: a terminal's output has no frames. Derive the framing from the tty you asked for`
    : `${fault} without a tty, so the frame headers end up in stdout. Before API 1.42 the Content-Type is raw-stream with and without a tty: derive the framing from the tty you asked for`
}

/** A complaint about a session without a tty in which stdout stayed empty. */
function aboutLostFrames(seen: TrialResult): string | undefined {
  if (!seen.passedOn || bytesIn(seen.events, 'stdout').length > 0) return undefined
  return 'the daemon sent frames, but nothing reached stdout: you lost early bytes. Without a tty they begin with the header of the first frame'
}

/** A complaint about the wire that the stage passed on. */
function aboutWire({ passedOn }: TrialResult): string | undefined {
  if (!passedOn) return undefined
  const wire = passedOn.wire as Partial<Held<Socket>> | null | undefined
  if (!wire) return 'you passed on no wire: chapter 5 needs it to read and write'
  if (wire.label !== undefined && wire.label !== 'wire' && wire !== passedOn.connection) {
    return `you hold the wire as "${wire.label}", but its label has to be "wire"`
  }
  return wire.value?.allowHalfOpen === false
    ? 'allowHalfOpen is off: when the daemon ends its direction, Node ends ours too, and a key pressed at that moment fails with EPIPE. The two directions have to end separately'
    : undefined
}

/** The first output of the command: `#`, a space, and half of an é. */
const firstOutput = Buffer.from([0x23, 0x20, 0xc3])

/**
 * A session that is silent until something is typed. `flows` is true if the
 * socket was flowing when the stage returned: its bytes would be lost until
 * chapter 5 listens.
 */
function silentSession(stage: AnyStage, world: ExecPlace): Promise<TrialResult> {
  const watched: AnyStage = {
    ...stage,
    async run(state, kit) {
      const out: { readonly wire?: Held<Socket> } | undefined = await stage.run(state, kit)
      return out && { ...out, flows: out.wire?.value?.readableFlowing === true }
    },
  }
  return inStory(() => ({
    first: asked('practice', { tty: true, interactive: true, command: ['sh'] }),
    terminal: { isTerminal: true, size: { rows: 24, columns: 80 }, open: true },
    script: { waitsForInput: true },
    async user({ type }, { until }) {
      await until((events) => events.some(({ kind }) => kind === 'reads input'))
      type('\x04')
    },
  }))(watched, world)
}

/**
 * A session whose first output comes early. `printed` is true if the stage
 * printed it.
 */
function earlyOutput(stage: AnyStage, world: ExecPlace): Promise<TrialResult> {
  const watched: AnyStage = {
    ...stage,
    async run(state, kit) {
      const { write } = process.stdout
      let printed = false
      process.stdout.write = ((chunk: string, ...rest: []) => {
        printed ||= Buffer.from(chunk).includes(firstOutput)
        return write.call(process.stdout, chunk, ...rest)
      }) as typeof write
      try {
        const out: object | undefined = await stage.run(state, kit)
        return out && { ...out, printed }
      } finally {
        process.stdout.write = write
      }
    },
  }
  return inStory(() => ({
    first: asked('practice', { tty: true, command: ['sh'] }),
    script: { faults: ['early-output'], output: firstOutput },
  }))(watched, world)
}

/** The trials of the whole stage. */
const stageTrials: readonly Trial<AnyStage>[] = [
  {
    title: 'a session without a tty',
    run: inStory(({ container }) => ({
      first: asked(container, { command: ['sh', '-c', 'echo out; echo err >&2'] }),
      // Our own terminal must not decide the framing: without -t the command
      // has none.
      terminal: { isTerminal: true },
    })),
    judge(seen) {
      const { early } = seen.passedOn ?? {}
      if (seen.passedOn && !(early instanceof Uint8Array)) {
        return 'you passed on no early bytes: if none arrived, pass on an empty Uint8Array'
      }
      return aboutWire(seen) ?? aboutFraming(seen) ?? aboutLostFrames(seen)
    },
  },
  {
    title: 'a shell that prints nothing until you type',
    run: silentSession,
    judge(seen) {
      const isHijacking = indexOf(seen, 'your stage begins') >= 0 && !seen.passedOn
      if (seen.timedOut && isHijacking) {
        return 'your stage waits for output, but this shell prints nothing until you type, and you cannot type until the stage returns. early is whatever has already arrived, perhaps nothing'
      }
      if (seen.passedOn && indexOf(seen, 'half-close') >= 0 && indexOf(seen, 'sent') < 0) {
        return 'you half-closed before anything was typed: under a tty Docker’s daemon takes that for the end of the session. The output ends, and the shell keeps running. Call socket.end() only in the release of the wire'
      }
      return seen.passedOn?.flows
        ? 'you left the socket flowing, but nothing listens until chapter 5, so bytes that arrive in between are lost. A data listener or resume() starts the flow; read() returns what has arrived and leaves the socket paused'
        : aboutFraming(seen)
    },
  },
  {
    title: 'first output in the same packet as the 101',
    run: earlyOutput,
    judge(seen) {
      if (!seen.passedOn) return undefined
      const sent = `the daemon sent ${bytesText(firstOutput)} in the same packet as the 101`
      const { early } = seen.passedOn
      if (early instanceof Uint8Array && early.length === 0) {
        return `${sent}, but your early has 0 bytes. The HTTP parser had read them and put them back: socket.read() returns them`
      }
      if (seen.passedOn.printed) {
        return `${sent}, and you printed them: in a session they would appear twice, because chapter 5 prints early`
      }
      const framed = aboutFraming(seen)
      if (framed) return framed
      const written = bytesIn(seen.events, 'stdout')
      if (written.equals(firstOutput)) return undefined
      if (written.equals(Buffer.concat([firstOutput, firstOutput]))) {
        return `${sent}, and stdout got them twice: pass them on as early, and don't put them back into the socket`
      }
      return written.length < firstOutput.length
        ? `${sent}, but stdout got ${written.length} bytes: you lost bytes that the HTTP parser had already read`
        : `${sent}, but stdout got ${bytesText(written)}: keep early as bytes. In a string, a byte that is not valid UTF-8 becomes three others`
    },
  },
  {
    title: 'a run that stops after this chapter',
    run: inStory(({ container }) => ({
      first: asked(container, { interactive: true, command: ['cat'] }),
      until: 3,
    })),
    judge: (seen) =>
      seen.passedOn && indexOf(seen, 'half-close') < 0
        ? 'you released the wire without a half-close: release it with socket.end(), which ends only our direction. Closing the socket is up to chapter 2, which opened it'
        : undefined,
  },
  {
    title: 'no tty, a Unix socket, and a daemon that says raw-stream',
    run: inStory(() => ({
      first: asked('practice', { command: ['sh'] }),
      script: {
        faults: ['early-output'],
        output: 'hi\n',
        contentType: 'application/vnd.docker.raw-stream',
      },
    })),
    judge: (seen) =>
      aboutFraming(seen) ??
      aboutLostFrames(seen) ??
      (seen.events.some(({ kind }) => kind === 'keep-alive')
        ? 'you set a keep-alive on a Unix socket: there is no router in between that could drop the connection. Only a TCP socket has a remoteAddress'
        : undefined),
  },
  {
    title: 'a proxy that turns the 101 into a 200',
    run: inStory(() => ({
      first: asked('practice', { tty: true, command: ['sh'] }),
      script: { faults: ['proxy-drops-upgrade'] },
    })),
    judge: (seen) =>
      seen.passedOn
        ? 'the answer was 200 instead of 101, and you went on without a connection to take over: throw notUpgraded(started)'
        : !(seen.error instanceof Failure) || !seen.error.message.startsWith('unable to upgrade')
          ? 'the answer was 200 instead of 101: throw notUpgraded(started), a Failure with the status and the reason'
          : undefined,
  },
  {
    title: 'a daemon on TCP',
    run: inStory(() => ({
      first: asked('practice', { command: ['sh'] }),
      script: { faults: ['early-output'], output: 'hi\n', overTcp: true },
    })),
    judge(seen) {
      const found = seen.events.find(({ kind }) => kind === 'keep-alive')
      if (!seen.passedOn) return undefined
      if (found?.kind !== 'keep-alive') {
        return 'you set no keep-alive on a TCP connection: if a router drops the silent connection, both sides wait forever'
      }
      return found.milliseconds === 30_000
        ? undefined
        : `the keep-alive is ${found.milliseconds} ms. Node counts in milliseconds: 30 seconds are 30000`
    },
  },
]

const head =
  'HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.raw-stream\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n'

const packet = (...parts: (string | readonly number[])[]): [Uint8Array] => [
  Buffer.concat(parts.map((part) => Buffer.from(part as string))),
]

/** The trials of the small exercise. */
const splitTrials: readonly Trial<(packet: Uint8Array) => SplitPacket>[] = [
  table('packets', [
    {
      asked: 'a 101 followed by "# "',
      args: packet(head, '# '),
      hint: 'the status is a number in the first line, and everything after the blank line is early',
    },
    {
      asked: 'a 101 followed by nothing',
      args: packet(head),
      hint: 'if nothing follows the head, early is empty',
    },
    {
      asked: 'a 409',
      args: packet('HTTP/1.1 409 Conflict\r\n\r\n'),
      hint: 'read the status from the first line',
    },
    {
      asked: 'a 101 followed by half of an é, c3',
      args: packet(head, [0xc3]),
      hint: 'keep early as bytes: in a string, a byte that is not valid UTF-8 becomes ef bf bd',
    },
    {
      asked: 'a 101 followed by "a", a blank line and "b"',
      args: packet(head, 'a\r\n\r\nb'),
      hint: 'only the first blank line ends the head; the next one belongs to the session',
    },
  ]),
]

/** The trials of each exercise of the chapter, by its name. */
export const trials: Readonly<Record<string, Trials>> = {
  '03-hijack': { reference: hijack, trials: stageTrials },
  '03-hijack-split': { reference: splitPacket, trials: splitTrials },
}
