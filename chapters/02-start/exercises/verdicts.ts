/**
 * The trials of the exercises of chapter 2, and their verdicts.
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

/** The trials of the whole stage. */
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
        return `you sent the start to ${start.path}: an exec has its own ID, and the path is /exec/{id}/start`
      }
      const [created] = answersIn(seen, /^\/containers\/.+\/exec$/)
      if (created && !created.body.includes(`"${start.path.split('/')[2]}"`)) {
        return `you sent the start to ${start.path}, but the daemon never sent that exec ID: the right one is created.execId`
      }
      if (!start.upgrade) {
        return 'you sent the start without asking for an upgrade: the daemon still takes over the connection, and your HTTP client waits for the end of a body that is the session itself'
      }
      const { Tty, Detach } = (start.body ?? {}) as { Tty?: unknown; Detach?: unknown }
      if (Tty !== true || Detach !== false) {
        return `you sent {"Detach":${Detach},"Tty":${Tty}} with the start: both have to match the create, {"Detach":false,"Tty":true}`
      }
      const { body: right } = startOf(reference) ?? {}
      if (!isDeepStrictEqual(sorted(start.body), sorted(right))) {
        return `the body of your start is ${JSON.stringify(start.body)}, but it has to be ${JSON.stringify(right)}: Detach and Tty, plus the create’s ConsoleSize if there is a tty and the API is 1.42 or newer`
      }
      if (!seen.passedOn) return undefined
      const { connection } = seen.passedOn
      const complaint = aboutReply(seen)
      if (complaint) return complaint
      if (connection === null) {
        return 'the daemon answered 101, so the connection is ours, but you passed on null: the callback of the 101 receives the socket'
      }
      // If it is held under another label, a general rule complains about
      // that.
      if (seen.heldOnReturn.length === 0) {
        return 'you did not hold the connection: a run that stops here leaks it'
      }
      return 'value' in Object(connection)
        ? undefined
        : 'you held the connection but passed on something else: pass on what kit.scope.hold returns'
    },
  },
  {
    title: 'a session without a terminal that is silent until it gets input',
    run: inStory(() => ({
      first: asked('practice', { interactive: true, command: ['cat'] }),
      terminal: { input: 'hello\n' },
      script: { waitsForInput: true },
    })),
    judge(seen) {
      const { Tty } = (startOf(seen)?.body ?? {}) as { Tty?: unknown }
      if (Tty !== false) {
        return `you sent "Tty":${Tty} with the start, but the create said false: if they differ, the client gets frames (chapter 3) that it does not expect, or waits for frames that never come`
      }
      return seen.timedOut &&
        indexOf(seen, 'upgrade') >= 0 &&
        indexOf(seen, 'your stage returned') < 0
        ? 'the daemon answered 101, but your stage waits for more: cat prints nothing before it gets a line, and chapter 5 sends one only after you return'
        : aboutReply(seen)
    },
  },
  {
    title: 'a run that stops after this chapter',
    run: inStory(({ container }) => ({
      first: asked(container, { interactive: true, command: ['cat'] }),
      until: 2,
    })),
    judge(seen) {
      if (seen.leftOpen.length > 0) {
        return 'the run stopped after this chapter, but the connection is still open: the third argument of kit.scope.hold releases it, and has to destroy the socket'
      }
      return indexOf(seen, 'half-close') >= 0 && indexOf(seen, 'cut') < 0
        ? 'the run stopped after this chapter, but you only half-closed: socket.end() closes our direction, and the daemon can go on sending for hours. socket.destroy() closes both'
        : undefined
    },
  },
  {
    title: 'a newer API, with the first output in the same packet as the 101',
    run: inStory(() => ({
      first: asked('practice', { tty: true, interactive: true, command: ['sh'] }),
      terminal: { isTerminal: true, size: { rows: 24, columns: 80 }, open: true },
      script: { faults: ['early-output'], output: firstOutput },
    })),
    judge(seen, reference) {
      const [yours, right] = [seen, reference].map((one) => startOf(one)?.body)
      if (!isDeepStrictEqual(sorted(yours), sorted(right))) {
        return `the body of your start is ${JSON.stringify(yours)}, but it has to be ${JSON.stringify(right)}: Detach and Tty, plus the create’s ConsoleSize if there is a tty and the API is 1.42 or newer`
      }
      const written = bytesIn(seen.events, 'stdout')
      if (!seen.passedOn || written.equals(firstOutput)) return aboutReply(seen)
      if (seen.error) {
        return `chapter 3 cannot read what came with the 101 (${seen.error.message}): the session is bytes, not text. Pass the socket on untouched`
      }
      return written.length < firstOutput.length
        ? `the daemon sent ${bytesText(firstOutput)} in the same packet as the 101, but stdout got ${written.length} bytes: if you read from the socket, resume it or add a 'data' listener, chapter 3 never gets those bytes. Pass the socket on untouched`
        : `the daemon sent ${bytesText(firstOutput)}, but stdout got ${bytesText(written)}: the session is bytes, not text. Pass the socket on untouched`
    },
  },
  {
    title: 'an unknown exec ID',
    run: inStory(({ container }) => ({
      first: asked(container, {}),
      before: (state) => ({ ...state, execId: 'f'.repeat(64) }),
    })),
    judge: (seen) =>
      seen.passedOn
        ? aboutReply(seen)
        : `the daemon refused, and you threw (${seen.error?.message.trim()}): pass the refusal on as the reply, with null as the connection. Chapter 3 reports it`,
  },
  {
    title: 'a daemon that answers 200 and sends the session as its body',
    run: inStory(() => ({
      first: asked('practice', { tty: true, interactive: true, command: ['sh'] }),
      terminal: { isTerminal: true, open: true },
      script: { faults: ['no-upgrade'], waitsForInput: true },
    })),
    judge(seen) {
      if (seen.passedOn) return aboutReply(seen)
      return seen.timedOut
        ? 'the daemon answered 200, and you wait for the end of its body: that body is the session, which waits for you. Stop with controller.abort(error), and pass the 200 on'
        : `the daemon answered 200, and you threw (${seen.error?.message.trim()}): pass the 200 on as the reply, with null as the connection. Chapter 3 reports it`
    },
  },
  {
    title: 'a detached start',
    run: inStory(({ container }) => ({
      first: asked(container, { detach: true, tty: true }),
    })),
    judge(seen, reference) {
      if (requestsIn(seen).some((request) => request.upgrade)) {
        return 'you asked for an upgrade with -d: a detached start has no session, and the run ends with this chapter'
      }
      const [yours, right] = [seen, reference].map((one) => startOf(one)?.body)
      if (seen.passedOn && !isDeepStrictEqual(sorted(yours), sorted(right))) {
        return `with -d the body of your start is ${JSON.stringify(yours)}, but it has to be ${JSON.stringify(right)}: with "Detach":false the daemon opens a session on this connection`
      }
      return seen.passedOn && !isDone(seen.passedOn)
        ? 'with -d the run ends with this chapter, but you passed on a state as if it continued: return what startDetached returns, which is marked as done'
        : undefined
    },
  },
  {
    title: 'a detached start that the daemon refuses',
    run: inStory(() => ({
      first: asked('practice', { detach: true }),
      script: { faults: ['start-409'] },
    })),
    judge: (seen) =>
      seen.passedOn
        ? 'the daemon answered the start with 409, but you went on as if the command ran: with -d you have no session to show the error. startDetached checks the answer'
        : undefined,
  },
]

/** `#`, a space, and a byte that is not valid UTF-8. */
const firstOutput = Buffer.from([0x23, 0x20, 0xff])

/** A complaint about a reply that differs from the daemon's answer. */
function aboutReply(seen: TrialResult): string | undefined {
  const [answer] = answersIn(seen, /\/start$/)
  if (!answer || !seen.passedOn) return undefined
  const reply = Object(seen.passedOn.reply) as Record<string, unknown>
  const missing = replyFields.find((name) => !(name in reply))
  if (missing) {
    return `the reply that you passed on has no ${missing}: pass on status, contentType (a header of the answer) and body`
  }
  if (reply.status !== answer.status) {
    return `the daemon answered ${answer.status}, but you passed on the status ${JSON.stringify(reply.status)}: chapter 3 depends on it`
  }
  const contentType = headerOf(answer, 'Content-Type')
  if (reply.contentType !== contentType) {
    return `the answer has the Content-Type ${JSON.stringify(contentType)}, but you passed on ${JSON.stringify(reply.contentType)}: read it from the headers of the answer. undici gives header names in lower case`
  }
  return answer.status >= 300 && reply.body !== answer.body
    ? `the daemon answered ${answer.status} and said why, ${answer.body.trim()}, but you passed on the body ${JSON.stringify(reply.body)}: chapter 3 shows the daemon's message. Abort only a 200`
    : undefined
}

/** The fields of a body, sorted by name: their order does not matter. */
function sorted(body: unknown): [string, unknown][] {
  return Object.entries(Object(body)).sort(([one], [other]) => (one < other ? -1 : 1))
}

/** The parts of the daemon's answer that the stage passes on. */
const replyFields = ['status', 'contentType', 'body']

function startOf(seen: TrialResult): ReturnType<typeof requestsIn>[number] | undefined {
  return requestsIn(seen).find(({ path }) => path.endsWith('/start'))
}

type Request = (path: string, body: string) => string

/** A body with a two-byte character, in a field that daemons ignore. */
const body = '{"Detach":false,"Tty":false,"Comment":"é"}'

/** The required headers: name, accepted value, reason. */
const requiredHeaders = [
  ['Host', /./, 'HTTP/1.1 requires it in every request'],
  // A list is valid too: proxies write one.
  [
    'Connection',
    /(^|,)\s*upgrade\s*(,|$)/i,
    'it tells the next hop that Upgrade is meant for that hop',
  ],
  ['Upgrade', /^tcp$/i, 'it names the protocol to switch to, and docker says tcp'],
  ['Content-Type', /^application\/json\s*(;|$)/i, 'it says what the body is: application/json'],
] as const

/** The trials of the request written by hand. */
const headTrials: readonly Trial<Request>[] = [
  {
    title: 'your bytes, sent to the daemon unchanged',
    async run(request, world) {
      const id = await createExec(world, { ...outputOnly, Cmd: ['echo', 'out'] })
      const path = await withEngine(
        world,
        async ({ apiVersion }) => `/v${apiVersion}/exec/${id}/start`,
      )
      const text: unknown = request(path, body)
      if (typeof text !== 'string') throw wrongKind(text, 'a string')
      const { limit } = world
      const { statusLine, end } = await exchange(world.address, text, { until: () => true, limit })
      const silence = end === 'silent' ? 'it still waits' : 'the connection closed'
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
        return 'a line of your request ends with \\n alone: HTTP requires \\r\\n, and not every proxy is as lenient as this daemon'
      }
      const end = text.indexOf('\r\n\r\n')
      if (end < 0) {
        return 'your request has no blank line after the headers, so the daemon waited for more headers'
      }
      const [first = '', ...headers] = text.slice(0, end).split('\r\n')
      if (first !== 'POST /PATH HTTP/1.1') {
        const why = first.endsWith(' HTTP/1.1') ? '' : '. Upgrade needs HTTP/1.1'
        return `the request line is "${first}", but it has to be "POST /PATH HTTP/1.1" with the unchanged path${why}`
      }
      for (const [name, value, why] of requiredHeaders) {
        const header = headers.find((line) =>
          line.toLowerCase().startsWith(`${name.toLowerCase()}:`),
        )
        const is = header?.slice(name.length + 1).trim()
        if (is === undefined || !value.test(is)) {
          return `the header ${name} is ${is === undefined ? 'missing' : `"${is}"`}: ${why}. This daemon answered "${answer}"`
        }
      }
      const length = headers.find((line) => /^content-length:/i.test(line))?.split(':')[1]
      const rest = text.slice(end + 4)
      const real = Buffer.byteLength(rest)
      const more = rest.startsWith(body) ? real - Buffer.byteLength(body) : 0
      if (more > 0 && Number(length) === real - more) {
        return `${more} extra bytes follow the body, ${bytesText(Buffer.from(rest).subarray(-more))}: Content-Length says where the body ends, and the bytes after it are the first input of the command`
      }
      if (Number(length) !== real) {
        return `Content-Length is ${length?.trim() ?? 'missing'}, but the body has ${real} bytes: the server reads exactly as many bytes as the header says, and none without it. This daemon answered "${answer}"`
      }
      return answer.startsWith('HTTP/1.1 101')
        ? undefined
        : `the daemon answered "${answer}" instead of 101`
    },
  },
]

/** The trials that each exercise of the chapter has to pass, by its name. */
export const trials: Readonly<Record<string, Trials>> = {
  '02-start': { reference: start, trials: stageTrials },
  '02-start-head': { reference: startRequest, trials: headTrials },
}
