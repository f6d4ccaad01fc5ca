/**
 * Verdicts on exercise 1.
 *
 * @module
 */

import { isDeepStrictEqual } from 'node:util'
import type { Kit } from '../../../src/course/kit.ts'
import { type AnyStage, courseWith } from '../../../src/course/stage.ts'
import { inCourse } from '../../../src/judging/in-course.ts'
import type { Trials } from '../../../src/judging/judge.ts'
import {
  answersIn,
  describeSent,
  indexOf,
  requestsIn,
  type SeenRequest,
} from '../../../src/judging/recorded-events.ts'
import { type Case, table } from '../../../src/judging/table.ts'
import { withoutIds } from '../../../src/judging/timeline.ts'
import { type Trial, type TrialResult, watchSession } from '../../../src/judging/trial.ts'
import { Failure } from '../../../src/process/failure.ts'
import { dockerExec } from '../../index.ts'
import { asked } from '../asked.ts'
import { type Asked, create, execConfig } from '../stage.ts'

const inStory = inCourse(dockerExec, 1)

const execPost = /^\/containers\/.+\/exec$/
const inspects = /^\/containers\/.+\/json$/

/** The creates that were sent. */
function createsIn(seen: TrialResult): SeenRequest[] {
  return requestsIn(seen).filter(({ path }) => execPost.test(path))
}

/** What there is to say of a create that was sent more than once, whatever the answers were. */
function aboutTheirNumber(seen: TrialResult): string | undefined {
  const { length } = createsIn(seen)
  if (length < 2) return undefined
  return `you sent POST /containers/{id}/exec ${length} times: each one that the daemon accepts leaves an exec ID with it, and only one is ever started. What it refuses once it refuses again`
}

/** What there is to say of the path of a create for a name with a slash before it. */
function aboutPath(seen: TrialResult): string | undefined {
  const path = createsIn(seen)[0]?.path
  if (path === undefined || /^\/containers\/[^/%]+\/exec$/.test(path)) return undefined
  return `you sent the create to ${withoutIds(path)}, where dockerd finds no container: a name may begin with a slash, and containerPath makes a path of it without`
}

/** What there is to say of the create's body, compared with the reference's. */
function aboutBody(seen: TrialResult, reference: TrialResult): string | undefined {
  const [create] = createsIn(seen)
  if (!create) return undefined
  const { body } = create
  if (body === undefined) {
    return 'your create has no body: the daemon learns from it what to run, and execConfig(asked, kit) makes it'
  }
  if (typeof body === 'string') {
    return 'the body of your create is a text with JSON in it: kit.engine.request makes JSON of an object by itself, and would do it twice'
  }
  const yours = body as Record<string, unknown>
  const right = (createsIn(reference)[0]?.body ?? {}) as Record<string, unknown>
  const field = Object.keys({ ...right, ...yours }).find(
    (name) => !isDeepStrictEqual(yours[name], right[name]),
  )
  if (field === undefined) return undefined
  const [is, should] = [yours, right].map((one) => JSON.stringify(one[field]) ?? 'missing')
  return `in the body of your create ${field} is ${is}, and it has to be ${should}: the body says everything that was asked for, and execConfig(asked, kit) makes it`
}

/** Trials of the stage. */
const stageTrials: readonly Trial<AnyStage>[] = [
  {
    title: 'a command whose output is read',
    run: inStory(({ container }) => ({
      first: asked(container, { command: ['echo', 'hello'] }),
      // We sit at a terminal, and nobody asked for one at the other end.
      terminal: { isTerminal: true, size: { rows: 24, columns: 80 } },
    })),
    judge(seen, reference) {
      if (indexOf(seen, 'request', execPost) < 0) {
        return `you did not send POST /containers/{id}/exec: ${describeSent(seen) ?? 'the daemon knows nothing of the command'}`
      }
      const returned = indexOf(seen, 'your stage returned')
      const started = indexOf(seen, 'request', /\/start$/)
      if (started >= 0 && started < returned) {
        return 'you sent POST /exec/{id}/start as well: that is chapter 2, this one only writes down what to run'
      }
      const wrong = aboutTheirNumber(seen) ?? aboutBody(seen, reference)
      if (wrong) return wrong
      const [answer] = answersIn(seen, execPost)
      if (answer && answer.status >= 400) {
        return `the daemon refused the create, ${answer.status}: ${answer.body.trim()}`
      }
      if (!seen.passedOn && answer?.status === 201) {
        return `the daemon answered 201 Created, and you took it for a refusal ("${seen.error?.message.trim()}"): 201 is the yes to a create`
      }
      const { execId } = seen.passedOn ?? { execId: 'nothing' }
      if (seen.passedOn && !/^[0-9a-f]{64}$/.test(String(execId))) {
        return `the exec ID that you passed on is ${JSON.stringify(execId)}: the daemon's answer has it as "Id", 64 hexadecimal digits`
      }
      return seen.passedOn && answer && !answer.body.includes(String(execId))
        ? 'the daemon did not give the exec ID that you passed on: the one that it gave is in its answer, as "Id"'
        : undefined
    },
  },
  {
    title: '-it in a terminal, as a user, in a folder, with a variable',
    run: inStory(({ container }) => ({
      first: asked(container, {
        ...{ tty: true, interactive: true, privileged: true, detachKeys: 'ctrl-x,q' },
        ...{ user: String(process.getuid?.() ?? 0), workingDir: '/tmp', env: ['GREETING=hello'] },
      }),
      terminal: { isTerminal: true, size: { rows: 24, columns: 80 } },
      until: 1,
    })),
    judge(seen, reference) {
      if (/TTY/.test(seen.error?.message ?? '')) {
        return 'our input is a terminal, and you refused -it: checkTtyInput refuses it only where there is none'
      }
      return aboutTheirNumber(seen) ?? aboutBody(seen, reference)
    },
  },
  {
    title: '-t alone, without a terminal, and a slash before the name',
    run: inStory(({ container }) => ({
      first: asked(`/${container}`, { tty: true }),
      until: 1,
    })),
    judge: (seen) =>
      /TTY/.test(seen.error?.message ?? '')
        ? 'with -t alone nothing is typed, and you refused it for want of a terminal: docker exec -t works in a cron job, and checkTtyInput lets it pass'
        : aboutPath(seen),
  },
  {
    title: '-it where there is no terminal',
    run: inStory(({ container }) => ({
      first: asked(container, { tty: true, interactive: true }),
    })),
    judge(seen) {
      if (indexOf(seen, 'request', execPost) >= 0) {
        return 'you sent POST /containers/{id}/exec before you looked at the terminal: the daemon now keeps an exec ID that nobody will ever start'
      }
      return undefined
    },
  },
  {
    title: '-it, no terminal, and no such container either',
    run: inStory(() => ({
      first: asked('no-such-container', { tty: true, interactive: true }),
    })),
    judge(seen) {
      if (!/TTY/.test(seen.error?.message ?? '')) return undefined
      // A check that nobody waits for has not sent its request when the terminal is looked at.
      return answersIn(seen, inspects).length === 0
        ? 'the container does not exist, and you complained about the terminal: whoever mistyped a name must be told so first. checkContainer comes before checkTtyInput, and with await: without it the 404 comes too late'
        : 'the daemon answered 404 to the question for the container, and you went on and complained about the terminal: whoever mistyped a name must be told so first'
    },
  },
  {
    title: 'no such container, in the background',
    run: inStory(() => ({
      first: asked('no-such-container', { detach: true }),
    })),
    judge(seen) {
      if (seen.passedOn || requestsIn(seen).some(({ path }) => path.endsWith('/start'))) {
        return 'the daemon answered 404 and you went on: an answer is worth nothing before its status is looked at'
      }
      return undefined
    },
  },
  {
    title: 'an exec that the daemon refuses',
    run: inStory(({ container }) => ({
      first: asked(container, { command: [] }),
    })),
    judge(seen) {
      if (!seen.passedOn) {
        const { error } = seen
        if (error && !(error instanceof Failure)) {
          return 'the daemon refused, and its sentence says why: readAnswer makes a Failure of it, and anything else loses it'
        }
        return error?.message.trim().startsWith('{')
          ? `you ended with the body of the refusal as it came, ${error.message.trim()}: the daemon's sentence is the "message" in it, and readAnswer makes a Failure of that`
          : aboutTheirNumber(seen)
      }
      const status = answersIn(seen, execPost)[0]?.status ?? 'nothing'
      return `there is no command in this create, the daemon answered ${status}, and you went on with ${JSON.stringify(seen.passedOn.execId)} for an ID: readAnswer makes a Failure of a refusal`
    },
  },
  {
    title: '-d -it where there is no terminal',
    run: inStory(({ container }) => ({
      first: asked(container, { tty: true, interactive: true, detach: true }),
    })),
    judge: (seen) =>
      /TTY/.test(seen.error?.message ?? '')
        ? 'with -d nothing is typed, and you asked for a terminal all the same'
        : undefined,
  },
]

type Body = (asked: Asked, kit: Kit) => object

/** A kit of which only these things are looked at. */
const kitOf = (apiVersion: string, detachKeys: string, size?: object): Kit =>
  ({ engine: { apiVersion, config: { detachKeys } }, terminal: { size: () => size } }) as Kit

/** As a table, but what is wrong is told of the first field that is. */
function fieldByField(title: string, cases: readonly Case<[Asked, Kit]>[]): Trial<Body> {
  return {
    ...table(title, cases),
    judge(seen, reference) {
      for (const [at, { asked: call, got }] of seen.results.entries()) {
        if (!got.startsWith('{')) return `${call} gave ${got}, and it is an object`
        const [yours, right] = [got, reference.results[at]?.got ?? '{}'].map(
          (text) => JSON.parse(text) as Record<string, unknown>,
        )
        const names = Object.keys({ ...right, ...yours })
        const field = names.find((name) => !isDeepStrictEqual(yours?.[name], right?.[name]))
        if (field === undefined) continue
        const other = Object.keys(yours ?? {}).find(
          (name) => name !== field && name.toLowerCase() === field.toLowerCase(),
        )
        if (other !== undefined) {
          return `you wrote ${other}, and the field is ${field} (${call}): the names begin with a capital letter, and not every daemon forgives another way to write them`
        }
        const [is, should] = [yours, right].map(
          (body) => JSON.stringify(body?.[field]) ?? 'missing',
        )
        const why = right && field in right ? reasons[field] : superfluous(field)
        return `${field} is ${is}, and it has to be ${should} (${call}): ${why ?? cases[at]?.hint}`
      }
      return undefined
    },
  }
}

/** What there is to say of a field that does not belong there, or not in this version of the API. */
function superfluous(field: string): string {
  return field === 'ConsoleSize'
    ? 'it goes with the request under a tty only, and from API 1.42 on: consoleSize knows when'
    : 'the create has no such field, and a daemon ignores what it does not know'
}

const reasons: Readonly<Record<string, string>> = {
  User: 'it is who runs the command, as it was asked for',
  Privileged: 'it is what was asked for, and it is there also where it is false',
  AttachStdin:
    'with -i stdin is attached, without -i nothing is attached to it, and with -d nothing is attached at all',
  AttachStdout: 'with -d nothing is attached, and without it the output is, with a tty or not',
  AttachStderr: 'with -d nothing is attached, and without it the errors are, with a tty or not',
  ConsoleSize:
    'from API 1.42 on the size of the window goes with the request, the height first and then the width',
  Cmd: 'Cmd is a list, an entry for each word, because no shell reads it',
  WorkingDir:
    'an empty one is the working directory of the container, which need not be /, and it is there also where it is empty',
  Env: 'Env is a list, each entry NAME=value, and null where there is none',
}

const window = { rows: 33, columns: 99 }

/** Trials of the body. */
const bodyTrials: readonly Trial<Body>[] = [
  fieldByField('what stands in the body', [
    {
      asked: 'execConfig for echo hello',
      args: [asked('box', { command: ['echo', 'hello'] }), kitOf('1.41', '')],
      hint: 'every field has to be there, also an empty one, and Env is null where there are no variables',
    },
    {
      asked: 'execConfig for -i cat',
      args: [asked('box', { interactive: true, command: ['cat'] }), kitOf('1.41', '')],
      hint: 'Cmd is a list, and with -i stdin is attached',
    },
    {
      asked: 'execConfig for -u nobody --privileged -w /tmp',
      args: [
        asked('box', { user: 'nobody', privileged: true, workingDir: '/tmp' }),
        kitOf('1.41', ''),
      ],
      hint: 'every field says what was asked for',
    },
    {
      asked: 'execConfig for -e A=1 -e B=a=b',
      args: [asked('box', { env: ['A=1', 'B=a=b'] }), kitOf('1.41', '')],
      hint: 'Env is a list, each entry NAME=value',
    },
    {
      asked: 'execConfig for -d -i cat',
      args: [
        asked('box', { interactive: true, detach: true, command: ['cat'] }),
        kitOf('1.41', ''),
      ],
      hint: 'with -d nothing is attached: nobody is there to read or to write',
    },
    {
      asked: 'execConfig for -it, where the configuration has detachKeys ctrl-x',
      args: [
        asked('box', { tty: true, interactive: true, command: ['sh'] }),
        kitOf('1.41', 'ctrl-x', window),
      ],
      hint: 'where no detach keys are asked for, those of the configuration count',
    },
    {
      asked: 'execConfig for -it --detach-keys ctrl-a, where the configuration has ctrl-x',
      args: [
        asked('box', { tty: true, interactive: true, detachKeys: 'ctrl-a' }),
        kitOf('1.41', 'ctrl-x', window),
      ],
      hint: 'detach keys that are asked for come before those of the configuration',
    },
    {
      asked: 'execConfig for -it in a window of 33 by 99, API 1.42',
      args: [asked('box', { tty: true, interactive: true }), kitOf('1.42', '', window)],
      hint: 'from API 1.42 on the size of the window goes with the request',
    },
  ]),
  {
    title: 'the body on a daemon',
    run: (body, world) =>
      watchSession(
        {
          ...courseWith(dockerExec, 1, {
            ...create,
            async run(state: Asked, kit: Kit) {
              const path = `/containers/${state.container}/exec`
              const reply = await kit.engine.request('POST', path, body(state, kit))
              return { ...state, execId: (JSON.parse(reply.body) as { Id?: string }).Id }
            },
          }),
          watched: 1,
          first: asked(world.container, {
            interactive: true,
            env: ['GREETING=good morning'],
            workingDir: '/tmp',
            command: ['sh', '-c', 'read name; echo "$GREETING $name, from $PWD"; exit 4'],
          }),
          terminal: { input: 'world\n' },
        },
        world,
      ),
    judge: ({ finalState: last, error }) =>
      last?.exitCode === 4
        ? undefined
        : `the command in the body reads a line, greets and ends with exit 4, and the session ended with ${error?.message ?? `exit ${last?.exitCode}`}`,
  },
]

/** What each exercise of the chapter has to pass, by its name. */
export const trials: Readonly<Record<string, Trials>> = {
  '01-create': { reference: create, trials: stageTrials },
  '01-create-body': { reference: execConfig, trials: bodyTrials },
}
