/**
 * The trials of the exercises of chapter 1, and their verdicts.
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

/** The creates that the stage sent. */
function createsIn(seen: TrialResult): SeenRequest[] {
  return requestsIn(seen).filter(({ path }) => execPost.test(path))
}

/** A complaint about more than one create. */
function aboutCount(seen: TrialResult): string | undefined {
  const { length } = createsIn(seen)
  if (length < 2) return undefined
  return `you sent POST /containers/{id}/exec ${length} times: each accepted create leaves an exec on the daemon, and only one is ever started. If the daemon refuses a create, an immediate retry fails too`
}

/**
 * A complaint about the path of a create for a name that starts with a slash.
 */
function aboutPath(seen: TrialResult): string | undefined {
  const path = createsIn(seen)[0]?.path
  if (path === undefined || /^\/containers\/[^/%]+\/exec$/.test(path)) return undefined
  return `you sent the create to ${withoutIds(path)}, and dockerd redirects a path with // instead of creating an exec: a name may start with a slash, which containerPath removes`
}

/** A complaint about the create's body if it differs from the reference's. */
function aboutBody(seen: TrialResult, reference: TrialResult): string | undefined {
  const [create] = createsIn(seen)
  if (!create) return undefined
  const { body } = create
  if (body === undefined) {
    return 'your create has no body: it tells the daemon what to run, and execConfig(asked, kit) makes it'
  }
  if (typeof body === 'string') {
    return 'the body of your create is a string of JSON: pass the object itself, because kit.engine.request encodes the body, and yours is encoded twice'
  }
  const yours = body as Record<string, unknown>
  const right = (createsIn(reference)[0]?.body ?? {}) as Record<string, unknown>
  const field = Object.keys({ ...right, ...yours }).find(
    (name) => !isDeepStrictEqual(yours[name], right[name]),
  )
  if (field === undefined) return undefined
  const [is, should] = [yours, right].map((one) => JSON.stringify(one[field]) ?? 'missing')
  return `in the body of your create ${field} is ${is}, but it has to be ${should}: execConfig(asked, kit) makes a body with everything that was asked for`
}

/** The trials of the whole stage. */
const stageTrials: readonly Trial<AnyStage>[] = [
  {
    title: 'a command whose output is read',
    run: inStory(({ container }) => ({
      first: asked(container, { command: ['echo', 'hello'] }),
      // Our own terminal must not decide Tty: without -t the command gets
      // none.
      terminal: { isTerminal: true, size: { rows: 24, columns: 80 } },
    })),
    judge(seen, reference) {
      if (indexOf(seen, 'request', execPost) < 0) {
        return `you did not send POST /containers/{id}/exec: ${describeSent(seen) ?? 'the daemon was never told what to run'}`
      }
      const returned = indexOf(seen, 'your stage returned')
      const started = indexOf(seen, 'request', /\/start$/)
      if (started >= 0 && started < returned) {
        return 'you sent POST /exec/{id}/start as well: that is chapter 2. This stage only creates the exec'
      }
      const complaint = aboutCount(seen) ?? aboutBody(seen, reference)
      if (complaint) return complaint
      const [answer] = answersIn(seen, execPost)
      if (answer && answer.status >= 400) {
        return `the daemon refused the create, ${answer.status}: ${answer.body.trim()}`
      }
      if (!seen.passedOn && answer?.status === 201) {
        return `the daemon answered 201 Created, but you treated it as a refusal ("${seen.error?.message.trim()}"): 201 means that the create succeeded`
      }
      const { execId } = seen.passedOn ?? { execId: 'nothing' }
      if (seen.passedOn && !/^[0-9a-f]{64}$/.test(String(execId))) {
        return `you passed on the exec ID ${JSON.stringify(execId)}: the right one is the "Id" in the daemon's answer, 64 hexadecimal digits`
      }
      return seen.passedOn && answer && !answer.body.includes(String(execId))
        ? 'you passed on an exec ID that the daemon never sent: the right one is the "Id" in its answer'
        : undefined
    },
  },
  {
    title: '-it in a terminal, with a user, a directory and a variable',
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
        return 'our input is a terminal, but you refused -it: checkTtyInput refuses it only if the input is not a terminal'
      }
      return aboutCount(seen) ?? aboutBody(seen, reference)
    },
  },
  {
    title: '-t alone, without a terminal, and a name that starts with a slash',
    run: inStory(({ container }) => ({
      first: asked(`/${container}`, { tty: true }),
      until: 1,
    })),
    judge: (seen) =>
      /TTY/.test(seen.error?.message ?? '')
        ? 'with -t alone you type nothing, but you refused it without a terminal: docker exec -t works in a cron job, and checkTtyInput allows it'
        : aboutPath(seen),
  },
  {
    title: '-it without a terminal',
    run: inStory(({ container }) => ({
      first: asked(container, { tty: true, interactive: true }),
    })),
    judge(seen) {
      if (indexOf(seen, 'request', execPost) >= 0) {
        return 'you sent POST /containers/{id}/exec before you checked the terminal: the daemon now keeps an exec that is never started'
      }
      return undefined
    },
  },
  {
    title: '-it without a terminal, in a container that does not exist',
    run: inStory(() => ({
      first: asked('no-such-container', { tty: true, interactive: true }),
    })),
    judge(seen) {
      if (!/TTY/.test(seen.error?.message ?? '')) return undefined
      // Without await the check has not sent its request yet.
      return answersIn(seen, inspects).length === 0
        ? 'the container does not exist, but you complained about the terminal: report the wrong name first. Call checkContainer before checkTtyInput, and await it: without await the 404 comes too late'
        : 'the daemon answered 404 for the container, but you went on and complained about the terminal: report the wrong name first'
    },
  },
  {
    title: '-d in a container that does not exist',
    run: inStory(() => ({
      first: asked('no-such-container', { detach: true }),
    })),
    judge(seen) {
      if (seen.passedOn || requestsIn(seen).some(({ path }) => path.endsWith('/start'))) {
        return 'the daemon answered 404, but you went on: check the status of an answer before you use it'
      }
      return undefined
    },
  },
  {
    title: 'a create that the daemon refuses',
    run: inStory(({ container }) => ({
      first: asked(container, { command: [] }),
    })),
    judge(seen) {
      if (!seen.passedOn) {
        const { error } = seen
        if (error && !(error instanceof Failure)) {
          return 'the daemon refused and said why, but you threw an error without its message: readAnswer throws a Failure that has it'
        }
        return error?.message.trim().startsWith('{')
          ? `your error shows the raw body of the refusal, ${error.message.trim()}: the daemon's words are the "message" in it, and readAnswer throws a Failure with them`
          : aboutCount(seen)
      }
      const status = answersIn(seen, execPost)[0]?.status ?? 'nothing'
      return `this create has no command, so the daemon answered ${status}, but you went on with the ID ${JSON.stringify(seen.passedOn.execId)}: readAnswer throws a Failure for a refusal`
    },
  },
  {
    title: '-d -it without a terminal',
    run: inStory(({ container }) => ({
      first: asked(container, { tty: true, interactive: true, detach: true }),
    })),
    judge: (seen) =>
      /TTY/.test(seen.error?.message ?? '')
        ? 'with -d you type nothing, but you still refused input that is not a terminal'
        : undefined,
  },
]

type Body = (asked: Asked, kit: Kit) => object

/** A kit with only the parts that `execConfig` reads. */
const kitOf = (apiVersion: string, detachKeys: string, size?: object): Kit =>
  ({ engine: { apiVersion, config: { detachKeys } }, terminal: { size: () => size } }) as Kit

/** A table of calls whose verdict names the first field that is wrong. */
function fieldByField(title: string, cases: readonly Case<[Asked, Kit]>[]): Trial<Body> {
  return {
    ...table(title, cases),
    judge(seen, reference) {
      for (const [at, { asked: call, got }] of seen.results.entries()) {
        if (!got.startsWith('{')) return `${call} returned ${got}, but it has to return an object`
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
          return `you wrote ${other}, but the field is ${field} (${call}): the API spells its fields with a capital letter, and only a daemon that ignores case accepts another spelling`
        }
        const [is, should] = [yours, right].map(
          (body) => JSON.stringify(body?.[field]) ?? 'missing',
        )
        const why = right && field in right ? reasons[field] : whyUnwanted(field)
        return `${field} is ${is}, but it has to be ${should} (${call}): ${why ?? cases[at]?.hint}`
      }
      return undefined
    },
  }
}

/**
 * The reason why a field does not belong in the body, or not in this API
 * version.
 */
function whyUnwanted(field: string): string {
  return field === 'ConsoleSize'
    ? 'the request carries it only with a tty, and only from API 1.42 on: consoleSize decides'
    : 'the create has no such field, and a daemon ignores unknown fields'
}

const reasons: Readonly<Record<string, string>> = {
  User: 'it says who runs the command, so send what was asked for',
  Privileged: 'send what was asked for, even if it is false',
  AttachStdin: 'attach stdin with -i, but not without it, and attach nothing with -d',
  AttachStdout: 'attach nothing with -d, but always attach stdout otherwise, with or without a tty',
  AttachStderr: 'attach nothing with -d, but always attach stderr otherwise, with or without a tty',
  ConsoleSize:
    'from API 1.42 on the request carries the size of the window, height first, then width',
  Cmd: 'Cmd is a list with one entry per argument, because no shell splits it',
  WorkingDir:
    'send it even if it is empty: that means the container’s own working directory, which is not always /',
  Env: 'Env is a list of NAME=value entries, and null if it has none',
}

const window = { rows: 33, columns: 99 }

/** The trials of the body. */
const bodyTrials: readonly Trial<Body>[] = [
  fieldByField('the fields of the body', [
    {
      asked: 'execConfig for echo hello',
      args: [asked('box', { command: ['echo', 'hello'] }), kitOf('1.41', '')],
      hint: 'send every field, even an empty one, and null for an Env without variables',
    },
    {
      asked: 'execConfig for -i cat',
      args: [asked('box', { interactive: true, command: ['cat'] }), kitOf('1.41', '')],
      hint: 'Cmd is a list, and -i attaches stdin',
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
      hint: 'Env is a list of NAME=value entries',
    },
    {
      asked: 'execConfig for -d -i cat',
      args: [
        asked('box', { interactive: true, detach: true, command: ['cat'] }),
        kitOf('1.41', ''),
      ],
      hint: 'attach nothing with -d: the client reads and writes nothing',
    },
    {
      asked: 'execConfig for -it, with detachKeys ctrl-x in the configuration',
      args: [
        asked('box', { tty: true, interactive: true, command: ['sh'] }),
        kitOf('1.41', 'ctrl-x', window),
      ],
      hint: 'if no detach keys were asked for, use those from the configuration',
    },
    {
      asked: 'execConfig for -it --detach-keys ctrl-a, with ctrl-x in the configuration',
      args: [
        asked('box', { tty: true, interactive: true, detachKeys: 'ctrl-a' }),
        kitOf('1.41', 'ctrl-x', window),
      ],
      hint: 'detach keys from the command line override those from the configuration',
    },
    {
      asked: 'execConfig for -it in a window of 33 by 99, API 1.42',
      args: [asked('box', { tty: true, interactive: true }), kitOf('1.42', '', window)],
      hint: 'from API 1.42 on the request carries the size of the window',
    },
  ]),
  {
    title: 'a session that runs with your body',
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
        : `the command reads a line, prints a greeting and exits with 4, but the session ended with ${error?.message ?? `exit ${last?.exitCode}`}`,
  },
]

/** The trials that each exercise of the chapter has to pass, by its name. */
export const trials: Readonly<Record<string, Trials>> = {
  '01-create': { reference: create, trials: stageTrials },
  '01-create-body': { reference: execConfig, trials: bodyTrials },
}
