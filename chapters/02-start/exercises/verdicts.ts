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
import { requestsIn } from '../../../src/judging/seen.ts'
import { type Seen, seenResults, type Trial } from '../../../src/judging/trial.ts'
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
      async person({ type }, { until }) {
        await until((all) => bytesIn(all, 'stdout').includes('ready'))
        type('hi\r')
      },
    })),
    judge(seen, reference) {
      const start = startOf(seen)
      if (!start) return 'you did not send POST /exec/{id}/start: the command was never started'
      if (!/^\/exec\/[^/]+\/start$/.test(start.path)) {
        return `you sent the start to ${start.path}: an exec has a name of its own, and the path is /exec/{id}/start`
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
      const { reply, connection } = seen.passedOn
      const missing = replyFields.find((name) => !(name in Object(reply)))
      if (missing) {
        return `the reply that you passed on has no ${missing}: what goes on is its status, its contentType, which is a header of the answer, and its body`
      }
      if (!seen.held.includes('connection')) {
        return 'you did not hold the connection: a walk that stops here would leave it open'
      }
      return 'value' in Object(connection)
        ? undefined
        : 'you held the connection and passed on another thing: what goes on is what kit.scope.hold gives back'
    },
  },
  {
    title: 'a walk that stops behind this chapter',
    run: inStory(({ container }) => ({
      first: asked(container, { command: ['echo', 'hello'] }),
      until: 2,
    })),
    judge: (seen) =>
      seen.leftOpen.length > 0
        ? 'the walk stopped behind this chapter and the connection is still open: the third thing that kit.scope.hold wants is what gives it back, and that is to destroy its socket'
        : undefined,
  },
  {
    title: 'a session without a terminal',
    run: inStory(({ container }) => ({
      first: asked(container, { command: ['sh', '-c', 'echo out; echo err >&2'] }),
    })),
    judge(seen) {
      const { Tty } = (startOf(seen)?.body ?? {}) as { Tty?: unknown }
      return Tty === false
        ? undefined
        : `you sent "Tty":${Tty} with the start, and the create said false: the daemon would send frames to a client that expects none, or the other way round`
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
        ? undefined
        : `the daemon refused, and you threw (${seen.error?.message}): a refusal is passed on as the reply, with null for the connection, and chapter 3 says what it means`,
  },
  {
    title: 'in the background',
    run: inStory(({ container }) => ({
      first: asked(container, { detach: true }),
    })),
    judge(seen) {
      if (requestsIn(seen).some((request) => request.upgrade)) {
        return 'you asked for an upgrade with -d: there is no session, and the course ends in this chapter'
      }
      return seen.passedOn && !isDone(seen.passedOn)
        ? 'with -d the course ends in this chapter, and you passed on a state as if it went on: what startDetached gives back says that it is done'
        : undefined
    },
  },
]

/** The fields of a body, in an order of their own: it is nobody's business which comes first. */
function sorted(body: unknown): [string, unknown][] {
  return Object.entries(Object(body)).sort(([one], [other]) => (one < other ? -1 : 1))
}

/** What is passed on of the daemon's answer. */
const replyFields = ['status', 'contentType', 'body']

function startOf(seen: Seen): ReturnType<typeof requestsIn>[number] | undefined {
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
      if (typeof text !== 'string') throw new TypeError('what it gave back is not a text')
      const { limit } = world
      const { statusLine, end } = await exchange(world.address, text, { until: () => true, limit })
      const silence = end === 'silent' ? 'it still waits' : 'the connection ended'
      return seenResults([
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
        return `the request line is "${first}", and it has to be "POST /PATH HTTP/1.1"`
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
      const real = Buffer.byteLength(text.slice(end + 4))
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
