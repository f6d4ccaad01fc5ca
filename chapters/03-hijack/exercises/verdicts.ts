/**
 * Verdicts on exercise 3.
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

/** What there is to say about the framing that was passed on. */
function aboutFraming({ passedOn }: TrialResult): string | undefined {
  if (!passedOn) return undefined
  const { tty, framing } = passedOn
  if (framing === (tty ? 'raw' : 'stdcopy')) return undefined
  const is = `you passed on framing ${JSON.stringify(framing)} for a session`
  return tty
    ? `${is} with a tty: a terminal's output has no frames, its bytes are the bytes. What tells is the tty that was asked for`
    : `${is} without a tty, so the headers of the frames land in stdout: before API 1.42 the Content-Type is raw-stream in both cases, what tells is the tty that was asked for`
}

/** What there is to say of a session without a tty in which stdout got nothing. */
function aboutLostFrames(seen: TrialResult): string | undefined {
  if (!seen.passedOn || bytesIn(seen.events, 'stdout').length > 0) return undefined
  return 'the daemon sent frames, and stdout got nothing of them: early bytes come without a tty too, and they are the first of these frames'
}

/** What there is to say about the wire that was passed on. */
function aboutWire({ passedOn }: TrialResult): string | undefined {
  if (!passedOn) return undefined
  const wire = passedOn.wire as Partial<Held<Socket>> | null | undefined
  if (!wire) return 'you passed on no wire: chapter 5 reads and writes there'
  if (wire.label !== undefined && wire.label !== 'wire' && wire !== passedOn.connection) {
    return `you hold the wire as "${wire.label}", and its label has to be "wire"`
  }
  return wire.value?.allowHalfOpen === false
    ? 'allowHalfOpen is off: when the daemon ends its direction, Node ends ours as well, in the middle of what we send. The two directions end separately'
    : undefined
}

/** What the command says first: `#`, a blank, and half of an é. */
const firstOutput = Buffer.from([0x23, 0x20, 0xc3])

/**
 * A session that is silent until something is typed. What it passes on says whether the socket flowed
 * when the stage returned: from then on bytes would be lost that nobody listens to yet.
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

/** A session whose first output comes early. It passes on whether the stage itself has printed it. */
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

/** Trials of the stage. */
const stageTrials: readonly Trial<AnyStage>[] = [
  {
    title: 'two streams, from the daemon',
    run: inStory(({ container }) => ({
      first: asked(container, { command: ['sh', '-c', 'echo out; echo err >&2'] }),
      // Our own terminal decides nothing: without -t there is none at the other end.
      terminal: { isTerminal: true },
    })),
    judge(seen) {
      const { early } = seen.passedOn ?? {}
      if (seen.passedOn && !(early instanceof Uint8Array)) {
        return 'you passed on no early bytes: where none came, it is an empty Uint8Array'
      }
      return aboutWire(seen) ?? aboutFraming(seen) ?? aboutLostFrames(seen)
    },
  },
  {
    title: 'a shell that is silent until something is typed',
    run: silentSession,
    judge(seen) {
      const isHijacking = indexOf(seen, 'your stage begins') >= 0 && !seen.passedOn
      if (seen.timedOut && isHijacking) {
        return 'your stage waits for output, and the shell says nothing before something is typed, which happens only when you return: early is what has come already, and it may be nothing'
      }
      if (seen.passedOn && indexOf(seen, 'half-close') >= 0 && indexOf(seen, 'sent') < 0) {
        return 'you half-closed before anything was typed: the daemon takes that for the end of the input, and the shell ends. socket.end() is how the wire is released, when the session is over'
      }
      return seen.passedOn?.flows
        ? 'you left the socket flowing, and nobody listens until chapter 5: what comes in between is lost. A listener for data, or resume(), makes it flow; read() takes what is there and leaves it paused'
        : aboutFraming(seen)
    },
  },
  {
    title: 'the first output in one packet with the 101',
    run: earlyOutput,
    judge(seen) {
      if (!seen.passedOn) return undefined
      const sent = `the daemon sent ${bytesText(firstOutput)} in one packet with the 101`
      const { early } = seen.passedOn
      if (early instanceof Uint8Array && early.length === 0) {
        return `${sent}, and your early has 0 bytes: the HTTP parser had read them already and put them back, and socket.read() returns them`
      }
      if (seen.passedOn.printed) {
        return `${sent}, and you printed them: in a session they would appear twice, because chapter 5 writes what you pass on as early`
      }
      const framed = aboutFraming(seen)
      if (framed) return framed
      const written = bytesIn(seen.events, 'stdout')
      if (written.equals(firstOutput)) return undefined
      if (written.equals(Buffer.concat([firstOutput, firstOutput]))) {
        return `${sent}, and stdout got them twice: what is passed on as early is not put back into the socket`
      }
      return written.length < firstOutput.length
        ? `${sent}, and stdout got ${written.length} bytes: those that the HTTP parser had read already are lost`
        : `${sent}, and stdout got ${bytesText(written)}: early is bytes, and as text a byte that is no UTF-8 becomes three others`
    },
  },
  {
    title: 'a walk that stops behind this chapter',
    run: inStory(({ container }) => ({
      first: asked(container, { interactive: true, command: ['cat'] }),
      until: 3,
    })),
    judge: (seen) =>
      seen.passedOn && indexOf(seen, 'half-close') < 0
        ? 'you gave the wire back without a half-close: its release is socket.end(), which says that we write no more, and chapter 2 closes the rest. A cut throws away what is still on its way in both directions'
        : undefined,
  },
  {
    title: 'two streams, on a socket file, from a daemon that says raw-stream for them',
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
        ? 'you set a keep-alive on a unix socket: there is no router in between that could drop it. Only a TCP socket has a remoteAddress'
        : undefined),
  },
  {
    title: 'a proxy that makes a 200 of the 101',
    run: inStory(() => ({
      first: asked('practice', { tty: true, command: ['sh'] }),
      script: { faults: ['proxy-drops-upgrade'] },
    })),
    judge: (seen) =>
      seen.passedOn
        ? 'the daemon answered 200 and not 101, and you went on: there is no connection to take over, and notUpgraded(started) is the Failure that says so'
        : !(seen.error instanceof Failure) || !seen.error.message.startsWith('unable to upgrade')
          ? 'the daemon answered 200 and not 101: notUpgraded(started) is the Failure that says so, with the status and the reason'
          : undefined,
  },
  {
    title: 'a daemon behind TCP',
    run: inStory(() => ({
      first: asked('practice', { command: ['sh'] }),
      script: { faults: ['early-output'], output: 'hi\n', overTcp: true },
    })),
    judge(seen) {
      const found = seen.events.find(({ kind }) => kind === 'keep-alive')
      if (!seen.passedOn) return undefined
      if (found?.kind !== 'keep-alive') {
        return 'you set no keep-alive on a TCP connection: a router that forgets a silent connection would leave both sides waiting for ever'
      }
      return found.milliseconds === 30_000
        ? undefined
        : `the keep-alive is ${found.milliseconds} ms, and Node counts milliseconds: 30 seconds are 30000`
    },
  },
]

const head =
  'HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.raw-stream\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n'

const packet = (...parts: (string | readonly number[])[]): [Uint8Array] => [
  Buffer.concat(parts.map((part) => Buffer.from(part as string))),
]

/** Trials of the small one. */
const splitTrials: readonly Trial<(packet: Uint8Array) => SplitPacket>[] = [
  table('packets', [
    {
      asked: 'a 101 with "# " behind it',
      args: packet(head, '# '),
      hint: 'the status is a number in the first line, and what stands behind the empty line is early',
    },
    {
      asked: 'a 101 with nothing behind it',
      args: packet(head),
      hint: 'where nothing came behind the head, early is empty',
    },
    {
      asked: 'a 409',
      args: packet('HTTP/1.1 409 Conflict\r\n\r\n'),
      hint: 'the status is whatever the first line says',
    },
    {
      asked: 'a 101 with half of an é behind it, c3',
      args: packet(head, [0xc3]),
      hint: 'early is bytes: as text, a byte that is no UTF-8 becomes ef bf bd',
    },
    {
      asked: 'a 101 with "a", an empty line and "b" behind it',
      args: packet(head, 'a\r\n\r\nb'),
      hint: 'only the first empty line ends the head, the next one belongs to the session',
    },
  ]),
]

/** What each exercise of the chapter has to pass, by its name. */
export const trials: Readonly<Record<string, Trials>> = {
  '03-hijack': { reference: hijack, trials: stageTrials },
  '03-hijack-split': { reference: splitPacket, trials: splitTrials },
}
