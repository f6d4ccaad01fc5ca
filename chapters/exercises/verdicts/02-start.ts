/**
 * Verdicts on exercise 2.
 *
 * @module
 */

import { execPath, sendBytes } from '../../../src/check/raw-request.ts'
import { seenResults, type Trial } from '../../../src/check/trial.ts'
import type { AnyStage } from '../../../src/stage.ts'
import { asked, inStory, requestsIn } from './common.ts'

/** Trials of the stage. */
export const stageTrials: readonly Trial<AnyStage>[] = [
  {
    title: 'a session with a terminal',
    run: inStory(2, ({ container }) => ({
      first: asked(container, {
        tty: true,
        interactive: true,
        command: ['sh', '-c', 'stty -echo; echo ready; read line; echo "got $line"'],
      }),
      terminal: { isTerminal: true, size: { rows: 24, columns: 80 }, open: true },
      async person({ type }, { until }) {
        await until((all) => all.some(isStdout('ready')))
        type('hi\r')
      },
    })),
    judge(seen) {
      const start = requestsIn(seen).find(({ path }) => path.endsWith('/start'))
      if (!start) return 'you did not send POST /exec/{id}/start: the command was never started'
      if (!start.upgrade) {
        return 'you sent the start without asking for an upgrade: the daemon takes the connection over all the same, and HTTP waits for the end of an answer that is the session itself'
      }
      const { Tty, Detach } = (start.body ?? {}) as { Tty?: unknown; Detach?: unknown }
      if (Tty !== true || Detach !== false) {
        return `you sent {"Detach":${Detach},"Tty":${Tty}} with the start: these two have to be the same as in the create, {"Detach":false,"Tty":true}`
      }
      if (seen.passedOn && !seen.held.includes('connection')) {
        return 'you did not hold the connection: a walk that stops here would leave it open'
      }
      return undefined
    },
  },
  {
    title: 'a session without a terminal',
    run: inStory(2, ({ container }) => ({
      first: asked(container, { command: ['sh', '-c', 'echo out; echo err >&2'] }),
    })),
    judge(seen) {
      const start = requestsIn(seen).find(({ path }) => path.endsWith('/start'))
      const { Tty } = (start?.body ?? {}) as { Tty?: unknown }
      return Tty === false
        ? undefined
        : `you sent "Tty":${Tty} with the start, and the create said false: the daemon would send frames to a client that expects none, or the other way round`
    },
  },
  {
    title: 'an exec that the daemon does not know',
    run: inStory(2, ({ container }) => ({
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
    run: inStory(2, ({ container }) => ({
      first: asked(container, { detach: true }),
    })),
    judge(seen) {
      const upgrade = requestsIn(seen).some((request) => request.upgrade)
      return upgrade
        ? 'you asked for an upgrade with -d: there is no session, and the course ends in this chapter'
        : undefined
    },
  },
]

function isStdout(text: string): (happening: { kind: string; bytes?: Uint8Array }) => boolean {
  return ({ kind, bytes }) => kind === 'stdout' && Buffer.from(bytes ?? []).includes(text)
}

type Request = (path: string, body: string) => string

/** The body has a letter of two bytes in it, in a field that no daemon knows. */
const body = '{"Detach":false,"Tty":false,"Comment":"é"}'

/** Trials of the request by hand. */
export const headTrials: readonly Trial<Request>[] = [
  {
    title: 'the bytes, sent to the daemon as they are',
    async run(request, world) {
      const path = await execPath(world)
      const text = request(path, body)
      const answer = await sendBytes(text, world)
      return seenResults([
        { asked: 'the request', got: JSON.stringify(text.replace(path, '/PATH')) },
        { asked: 'the daemon', got: answer },
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
      for (const [name, value] of Object.entries({
        Host: /./,
        Connection: /^upgrade$/i,
        Upgrade: /^tcp$/i,
        'Content-Type': /^application\/json$/,
      })) {
        const header = headers.find((line) =>
          line.toLowerCase().startsWith(`${name.toLowerCase()}:`),
        )
        const is = header?.slice(name.length + 1).trim()
        if (is === undefined || !value.test(is)) {
          return `the header ${name} is ${is === undefined ? 'missing' : `"${is}"`}: the daemon answered "${answer}"`
        }
      }
      const length = headers.find((line) => /^content-length:/i.test(line))?.split(':')[1]
      const real = Buffer.byteLength(text.slice(end + 4))
      if (Number(length) !== real) {
        return `Content-Length is ${length?.trim() ?? 'missing'}, and the body has ${real} bytes: the daemon answered "${answer}"`
      }
      return answer.startsWith('HTTP/1.1 101')
        ? undefined
        : `the daemon answered "${answer}", and not 101`
    },
  },
]
