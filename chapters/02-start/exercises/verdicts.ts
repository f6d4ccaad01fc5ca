/**
 * Verdicts on exercise 2.
 *
 * @module
 */

import { isDeepStrictEqual } from 'node:util'
import { type AnyStage, isDone } from '../../../src/course/stage.ts'
import { createExec, outputOnly, withEngine } from '../../../src/exec/exec.ts'
import { exchange } from '../../../src/exec/request.ts'
import { inCourse } from '../../../src/judging/in-course.ts'
import type { Trials } from '../../../src/judging/judge.ts'
import {
  answersIn,
  describeSent,
  indexOf,
  requestsIn,
} from '../../../src/judging/recorded-events.ts'
import { wrongKind } from '../../../src/judging/table.ts'
import { bytesText } from '../../../src/judging/timeline.ts'
import { resultsOnly, type Trial, type TrialResult } from '../../../src/judging/trial.ts'
import { headerOf } from '../../../src/stream/http.ts'
import { bytesIn } from '../../../src/tape/event.ts'
import { asked } from '../../01-create/asked.ts'
import { dockerExec } from '../../index.ts'
import { start } from '../stage.ts'
import { startRequest } from './start-head.solution.ts'

const inStory = inCourse(dockerExec, 2)

/** Trials of the stage. */
const stageTrials: readonly Trial<AnyStage>[] = [
  {
    title: 'a session with a terminal',
    run: inStory(({ container }) => ({
      first: asked(container, {
        tty: true,
        interactive: true,
        command: ['sh', '-c', 'stty -echo; echo ready; read line; echo "got $line"'],
      }),
      terminal: { isTerminal: true, size: { rows: 24, columns: 80 }, open: true },
      async user({ type }, { until }) {
        await until((all) => bytesIn(all, 'stdout').includes('ready'))
        type('hi\r')
      },
    })),
    judge(seen, reference) {
      const start = startOf(seen)
      if (!start) {
        return `you did not send POST /exec/{id}/start: ${describeSent(seen) ?? 'the command was never started'}`
      }
      if (!/^\/exec\/[^/]+\/start$/.test(start.path)) {
        return `you sent the start to ${start.path}: an exec has a name of its own, and the path is /exec/{id}/start`
      }
      const [created] = answersIn(seen, /^\/containers\/.+\/exec$/)
      if (created && !created.body.includes(start.path.split('/')[2] ?? '')) {
        return `you sent the start to ${start.path}: the daemon did not give that exec ID. The one that it gave is created.execId`
      }
      if (!start.upgrade) {
        return 'you sent the start without asking for an upgrade: the daemon takes the connection over all the same, and HTTP waits for the end of an answer that is the session itself'
      }
      const { Tty, Detach } = (start.body ?? {}) as { Tty?: unknown; Detach?: unknown }
      if (Tty !== true || Detach !== false) {
        return `you sent {"Detach":${Detach},"Tty":${Tty}} with the start: these two have to be the same as in the create, {"Detach":false,"Tty":true}`
      }
      const { body: right } = startOf(reference) ?? {}
      if (!isDeepStrictEqual(sorted(start.body), sorted(right))) {
        return `the body of your start is ${JSON.stringify(start.body)}, and it has to be ${JSON.stringify(right)}: a daemon that takes the size of the window takes it here as well`
      }
      if (!seen.passedOn) return undefined
      const { connection } = seen.passedOn
      const wrong = aboutReply(seen)
      if (wrong) return wrong
      if (connection === null) {
        return 'the daemon answered 101, so the connection is ours, and you passed on null for it: the callback of the 101 gets the socket'
      }
      // Where it is held as something else, its label is what is wrong.
      if (seen.heldOnReturn.length === 0) {
        return 'you did not hold the connection: a walk that stops here would leave it open'
      }
      return 'value' in Object(connection)
        ? undefined
        : 'you held the connection and passed on another thing: what goes on is what kit.scope.hold gives back'
    },
  },
  {
    title: 'a session without a terminal, silent until it has input',
    run: inStory(() => ({
      first: asked('practice', { interactive: true, command: ['cat'] }),
      terminal: { input: 'hello\n' },
      script: { waitsForInput: true },
    })),
    judge(seen) {
      const { Tty } = (startOf(seen)?.body ?? {}) as { Tty?: unknown }
      if (Tty !== false) {
        return `you sent "Tty":${Tty} with the start, and the create said false: the daemon would send frames to a client that expects none, or the other way round`
      }
      return seen.timedOut &&
        indexOf(seen, 'upgrade') >= 0 &&
        indexOf(seen, 'your stage returned') < 0
        ? 'the daemon has answered 101, and your stage waits for more: cat says nothing before it has a line, and nobody sends one before you return'
        : aboutReply(seen)
    },
  },
  {
    title: 'a walk that stops behind this chapter',
    run: inStory(({ container }) => ({
      first: asked(container, { interactive: true, command: ['cat'] }),
      until: 2,
    })),
    judge(seen) {
      if (seen.leftOpen.length > 0) {
        return 'the walk stopped behind this chapter and the connection is still open: the third thing that kit.scope.hold wants is what gives it back, and that is to destroy its socket'
      }
      return indexOf(seen, 'half-close') >= 0 && indexOf(seen, 'cut') < 0
        ? 'the walk stopped behind this chapter and you only half-closed: socket.end() says that we write no more, and the daemon may send for hours. socket.destroy() ends both directions'
        : undefined
    },
  },
  {
    title: 'a daemon of a newer API, and the first output in one packet with its 101',
    run: inStory(() => ({
      first: asked('practice', { tty: true, interactive: true, command: ['sh'] }),
      terminal: { isTerminal: true, size: { rows: 24, columns: 80 }, open: true },
      script: { faults: ['early-output'], output: firstOutput },
    })),
    judge(seen, reference) {
      const [yours, right] = [seen, reference].map((one) => startOf(one)?.body)
      if (!isDeepStrictEqual(sorted(yours), sorted(right))) {
        return `the body of your start is ${JSON.stringify(yours)}, and it has to be ${JSON.stringify(right)}: a daemon that takes the size of the window takes it here as well`
      }
      const written = bytesIn(seen.events, 'stdout')
      if (!seen.passedOn || written.equals(firstOutput)) return aboutReply(seen)
      if (seen.error) {
        return `chapter 3 cannot read what came with the 101 (${seen.error.message}): the session is bytes and not text. The socket is passed on as it is`
      }
      return written.length < firstOutput.length
        ? `the daemon sent ${bytesText(firstOutput)} in one packet with the 101, and stdout got ${written.length} bytes: what flows before chapter 3 takes it is lost. The socket is passed on as it is`
        : `the daemon sent ${bytesText(firstOutput)}, and stdout got ${bytesText(written)}: the session is bytes and not text. The socket is passed on as it is`
    },
  },
  {
    title: 'an exec that the daemon does not know',
    run: inStory(({ container }) => ({
      first: asked(container, {}),
      before: (state) => ({ ...state, execId: 'f'.repeat(64) }),
    })),
    judge: (seen) =>
      seen.passedOn
        ? aboutReply(seen)
        : `the daemon refused, and you threw (${seen.error?.message.trim()}): a refusal is passed on as the reply, with null for the connection, and chapter 3 says what it means`,
  },
  {
    title: 'a daemon that answers 200, and begins a body that does not end',
    run: inStory(() => ({
      first: asked('practice', { tty: true, interactive: true, command: ['sh'] }),
      terminal: { isTerminal: true, open: true },
      script: { faults: ['no-upgrade'], waitsForInput: true },
    })),
    judge(seen) {
      if (seen.passedOn) return aboutReply(seen)
      return seen.timedOut
        ? 'the daemon answered 200, and you wait for the end of its body: that body is the session, and the session waits for you. controller.abort(error) leaves it, and the 200 is passed on'
        : `the daemon answered 200, and you threw (${seen.error?.message.trim()}): it is passed on as the reply, with null for the connection, and chapter 3 says what it means`
    },
  },
  {
    title: 'in the background',
    run: inStory(({ container }) => ({
      first: asked(container, { detach: true, tty: true }),
    })),
    judge(seen, reference) {
      if (requestsIn(seen).some((request) => request.upgrade)) {
        return 'you asked for an upgrade with -d: there is no session, and the course ends in this chapter'
      }
      const [yours, right] = [seen, reference].map((one) => startOf(one)?.body)
      if (seen.passedOn && !isDeepStrictEqual(sorted(yours), sorted(right))) {
        return `with -d the body of your start is ${JSON.stringify(yours)}, and it has to be ${JSON.stringify(right)}: with "Detach":false the daemon would send a session, and wait for its reader`
      }
      return seen.passedOn && !isDone(seen.passedOn)
        ? 'with -d the course ends in this chapter, and you passed on a state as if it went on: what startDetached gives back says that it is done'
        : undefined
    },
  },
  {
    title: 'in the background, and the daemon refuses',
    run: inStory(() => ({
      first: asked('practice', { detach: true }),
      script: { faults: ['start-409'] },
    })),
    judge: (seen) =>
      seen.passedOn
        ? 'the daemon answered 409 to the start, and you went on as if the command ran: with -d there is no session that would show it. startDetached reads the answer'
        : undefined,
  },
]

/** `#`, a blank, and a byte that is no text. */
const firstOutput = Buffer.from([0x23, 0x20, 0xff])

/** What there is to say of the reply that was passed on, compared with the daemon's answer. */
function aboutReply(seen: TrialResult): string | undefined {
  const [answer] = answersIn(seen, /\/start$/)
  if (!answer || !seen.passedOn) return undefined
  const reply = Object(seen.passedOn.reply) as Record<string, unknown>
  const missing = replyFields.find((name) => !(name in reply))
  if (missing) {
    return `the reply that you passed on has no ${missing}: what goes on is its status, its contentType, which is a header of the answer, and its body`
  }
  if (reply.status !== answer.status) {
    return `the daemon answered ${answer.status}, and the status that you passed on is ${JSON.stringify(reply.status)}: chapter 3 decides by it`
  }
  const contentType = headerOf(answer, 'Content-Type')
  if (reply.contentType !== contentType) {
    return `the answer has the Content-Type ${JSON.stringify(contentType)}, and the one that you passed on is ${JSON.stringify(reply.contentType)}: it is read from the headers of the answer, and undici writes their names in small letters`
  }
  return answer.status >= 300 && reply.body !== answer.body
    ? `the daemon answered ${answer.status} and said why, ${answer.body.trim()}, and the body that you passed on is ${JSON.stringify(reply.body)}: chapter 3 shows the daemon's sentence. Only a 200 is aborted`
    : undefined
}

/** The fields of a body, in an order of their own: it is nobody's business which comes first. */
function sorted(body: unknown): [string, unknown][] {
  return Object.entries(Object(body)).sort(([one], [other]) => (one < other ? -1 : 1))
}

/** What is passed on of the daemon's answer. */
const replyFields = ['status', 'contentType', 'body']

function startOf(seen: TrialResult): ReturnType<typeof requestsIn>[number] | undefined {
  return requestsIn(seen).find(({ path }) => path.endsWith('/start'))
}

type Request = (path: string, body: string) => string

/** The body has a letter of two bytes in it, in a field that no daemon knows. */
const body = '{"Detach":false,"Tty":false,"Comment":"é"}'

/** The headers that have to be there, what they may say, and why. */
const wanted = [
  ['Host', /./, 'HTTP/1.1 wants one in every request'],
  // A list, as proxies write it, says the same.
  ['Connection', /(^|,)\s*upgrade\s*(,|$)/i, 'it tells the next hop that Upgrade is meant for it'],
  ['Upgrade', /^tcp$/i, 'it names what the connection is to become, and docker says tcp'],
  ['Content-Type', /^application\/json\s*(;|$)/i, 'it says what the body is: application/json'],
] as const

/** Trials of the request by hand. */
const headTrials: readonly Trial<Request>[] = [
  {
    title: 'the bytes, sent to the daemon as they are',
    async run(request, world) {
      const id = await createExec(world, { ...outputOnly, Cmd: ['echo', 'out'] })
      const path = await withEngine(
        world,
        async ({ apiVersion }) => `/v${apiVersion}/exec/${id}/start`,
      )
      const text: unknown = request(path, body)
      if (typeof text !== 'string') throw wrongKind(text, 'a text')
      const { limit } = world
      const { statusLine, end } = await exchange(world.address, text, { until: () => true, limit })
      const silence = end === 'silent' ? 'it still waits' : 'the connection ended'
      return resultsOnly([
        { asked: 'the request', got: JSON.stringify(text.replace(path, '/PATH')) },
        { asked: 'the daemon', got: statusLine || `no answer (${silence})` },
      ])
    },
    judge(seen) {
      const text = JSON.parse(seen.results[0]?.got ?? '""') as string
      const answer = seen.results[1]?.got ?? ''
      if (seen.error) return undefined
      if (/(^|[^\r])\n/.test(text)) {
        return 'a line of the request ends with \\n alone: in HTTP it is \\r\\n, and not every proxy is as patient as this daemon'
      }
      const end = text.indexOf('\r\n\r\n')
      if (end < 0) {
        return 'there is no empty line behind the headers: the daemon waited for the rest of them'
      }
      const [first = '', ...headers] = text.slice(0, end).split('\r\n')
      if (first !== 'POST /PATH HTTP/1.1') {
        return `the request line is "${first}", and it has to be "POST /PATH HTTP/1.1", with the path as it was given: only HTTP/1.1 knows Upgrade`
      }
      for (const [name, value, why] of wanted) {
        const header = headers.find((line) =>
          line.toLowerCase().startsWith(`${name.toLowerCase()}:`),
        )
        const is = header?.slice(name.length + 1).trim()
        if (is === undefined || !value.test(is)) {
          return `the header ${name} is ${is === undefined ? 'missing' : `"${is}"`}: ${why}. This daemon answered "${answer}"`
        }
      }
      const length = headers.find((line) => /^content-length:/i.test(line))?.split(':')[1]
      const behind = text.slice(end + 4)
      const real = Buffer.byteLength(behind)
      const more = behind.startsWith(body) ? real - Buffer.byteLength(body) : 0
      if (more > 0 && Number(length) === real - more) {
        return `behind the body come ${more} bytes more, ${bytesText(Buffer.from(behind).subarray(-more))}: Content-Length says where the body ends, and what follows is the first input of the command`
      }
      if (Number(length) !== real) {
        return `Content-Length is ${length?.trim() ?? 'missing'}, and the body has ${real} bytes: whoever reads the request takes as many bytes as it says for the body, and none where it says nothing. This daemon answered "${answer}"`
      }
      return answer.startsWith('HTTP/1.1 101')
        ? undefined
        : `the daemon answered "${answer}", and not 101`
    },
  },
]

/** What each exercise of the chapter has to pass, by its name. */
export const trials: Readonly<Record<string, Trials>> = {
  '02-start': { reference: start, trials: stageTrials },
  '02-start-head': { reference: startRequest, trials: headTrials },
}
