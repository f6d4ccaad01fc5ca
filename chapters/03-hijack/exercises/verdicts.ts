/**
 * Verdicts on exercise 3.
 *
 * @module
 */

import type { AnyStage } from '../../../src/course/stage.ts'
import { inCourse } from '../../../src/judging/in-course.ts'
import type { Trials } from '../../../src/judging/judge.ts'
import { table } from '../../../src/judging/table.ts'
import { bytesText } from '../../../src/judging/timeline.ts'
import type { Seen, Trial } from '../../../src/judging/trial.ts'
import { Failure } from '../../../src/process/failure.ts'
import { bytesIn } from '../../../src/tape/event.ts'
import { asked } from '../../01-create/asked.ts'
import { dockerExec } from '../../index.ts'
import { hijack } from '../stage.ts'
import { splitPacket } from './hijack-split.solution.ts'
import type { SplitPacket } from './hijack-split.ts'

const inStory = inCourse(dockerExec, 3)

/** Frames are output without a terminal, and this is one. */
/** What there is to say about the framing of a session without a tty. */
function aboutFraming({ passedOn }: Seen): string | undefined {
  if (!passedOn || passedOn.framing === 'stdcopy') return undefined
  return `you passed on framing ${JSON.stringify(passedOn.framing)} for a session without a tty, so the headers of the frames land in stdout: before API 1.42 the Content-Type is raw-stream in both cases, what tells is the tty that was asked for`
}

/** Trials of the stage. */
const stageTrials: readonly Trial<AnyStage>[] = [
  {
    title: 'two streams, from the daemon',
    run: inStory(({ container }) => ({
      first: asked(container, { command: ['sh', '-c', 'echo out; echo err >&2'] }),
    })),
    judge(seen) {
      const { wire, early } = seen.passedOn ?? {}
      if (seen.passedOn && !wire) return 'you passed on no wire: chapter 5 reads and writes there'
      if (seen.passedOn && !(early instanceof Uint8Array)) {
        return 'you passed on no early bytes: where none came, it is an empty Uint8Array'
      }
      return aboutFraming(seen)
    },
  },
  {
    title: 'the first output in one packet with the 101',
    run: inStory(() => ({
      first: asked('practice', { tty: true, command: ['sh'] }),
      script: { faults: ['early-output'], output: '# ' },
    })),
    judge(seen) {
      if (!seen.passedOn) return undefined
      const came = bytesText(Buffer.from('# '))
      const { early } = seen.passedOn
      if (early instanceof Uint8Array && early.length === 0) {
        return `the daemon sent ${came} in one packet with the 101, and your early has 0 bytes: the HTTP parser had read them already and put them back, and socket.read() returns them`
      }
      const written = bytesIn(seen.events, 'stdout')
      if (written.toString() === '# ') return undefined
      return `the daemon sent ${came} in one packet with the 101, and stdout got ${written.length} bytes: those that the HTTP parser had read already are lost`
    },
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
      seen.error instanceof Failure && !seen.passedOn
        ? undefined
        : 'the daemon answered 200 and not 101, and you went on: there is no connection to take over, and notUpgraded(started) is the Failure that says so',
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
      wrong:
        'the status is a number in the first line, and what stands behind the empty line is early',
    },
    {
      asked: 'a 101 with nothing behind it',
      args: packet(head),
      wrong: 'where nothing came behind the head, early is empty',
    },
    {
      asked: 'a 409',
      args: packet('HTTP/1.1 409 Conflict\r\n\r\n'),
      wrong: 'the status is whatever the first line says',
    },
    {
      asked: 'a 101 with half of an é behind it, c3',
      args: packet(head, [0xc3]),
      wrong: 'early is bytes: as text, a byte that is no UTF-8 becomes ef bf bd',
    },
    {
      asked: 'a 101 with "a", an empty line and "b" behind it',
      args: packet(head, 'a\r\n\r\nb'),
      wrong: 'only the first empty line ends the head, the next one belongs to the session',
    },
  ]),
]

/** What each exercise of the chapter has to pass, by its name. */
export const trials: Readonly<Record<string, Trials>> = {
  '03-hijack': { reference: hijack, trials: stageTrials },
  '03-hijack-split': { reference: splitPacket, trials: splitTrials },
}
