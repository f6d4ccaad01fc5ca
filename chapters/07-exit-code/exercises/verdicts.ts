/**
 * Verdicts on exercise 7.
 *
 * @module
 */

import type { AnyStage } from '../../../src/course/stage.ts'
import { inCourse } from '../../../src/judging/in-course.ts'
import type { Trials } from '../../../src/judging/judge.ts'
import { answersIn, indexOf, modeIndexOf } from '../../../src/judging/recorded-events.ts'
import { table } from '../../../src/judging/table.ts'
import {
  resultsOnly,
  type Trial,
  type TrialResult,
  watchSession,
} from '../../../src/judging/trial.ts'
import { Failure } from '../../../src/process/failure.ts'
import { bytesIn } from '../../../src/tape/event.ts'
import { asked } from '../../01-create/asked.ts'
import { dockerExec } from '../../index.ts'
import { exitCode } from '../stage.ts'
import { exitCodeIn } from './exit-code-note.solution.ts'

const inStory = inCourse(dockerExec, 7)

const asksForCode = /^\/exec\/[^/]+\/json$/
const terminal = { isTerminal: true, size: { rows: 24, columns: 80 }, open: true }

/** Whether the stage has returned, and the window is still followed. */
function followsWindow(seen: TrialResult): boolean {
  const returned = indexOf(seen, 'your stage returned')
  const stopped = indexOf(seen, 'stops listening')
  return returned >= 0 && (stopped < 0 || stopped > returned)
}

/** Trials of the stage. */
const stageTrials: readonly Trial<AnyStage>[] = [
  {
    title: 'a shell that ends with exit 3',
    run: inStory(({ container }) => ({
      first: asked(container, {
        tty: true,
        interactive: true,
        command: ['sh', '-c', 'stty -echo; echo ready; read line; exit 3'],
      }),
      terminal,
      async user({ type }, { until }) {
        await until(
          (events) =>
            bytesIn(events, 'stdout').includes('ready') &&
            events.some(({ kind }) => kind === 'your stage begins'),
        )
        // Time in which a stage that does not wait for the end asks its question.
        await Promise.race([
          until((all) => all.some((one) => 'path' in one && asksForCode.test(one.path))),
          new Promise((resolve) => setTimeout(resolve, 300)),
        ])
        type('\r')
      },
    })),
    judge(seen) {
      const question = indexOf(seen, 'request', asksForCode)
      const over = indexOf(seen, 'end')
      if (question >= 0 && (over < 0 || question < over)) {
        return 'you asked for the exit code while the session was still open: the command runs, and there is no code yet. Wait for ended'
      }
      const begins = indexOf(seen, 'your stage begins')
      if (question < 0 && indexOf(seen, 'request', /^\/containers\//, begins) >= 0) {
        return 'you asked about the container: it goes on, and its code is that of its own first process. The exec has a note of its own, GET /exec/{id}/json'
      }
      if (question < 0 && seen.passedOn) {
        return 'you did not ask the daemon for the exit code: the stream says that it is over, and not how'
      }
      const restored = modeIndexOf(seen, 'after')
      if (restored >= 0 && (over < 0 || restored < over)) {
        return 'you gave the terminal back while the session was still open: what is typed from then on appears twice, and Ctrl-C ends this program. Wait for ended first'
      }
      const stopped = indexOf(seen, 'stops listening')
      if (stopped >= 0 && (over < 0 || stopped < over)) {
        return 'you released resizes while the session was still open: a window that changes from then on keeps its old size in the container. Wait for ended first'
      }
      return question >= 0 && (restored < 0 || restored > question)
        ? 'you asked for the exit code while the terminal was still raw: it comes back before anything else is done'
        : undefined
    },
  },
  {
    title: 'a command that was killed',
    run: inStory(({ container }) => ({
      first: asked(container, { command: ['sh', '-c', 'kill -9 $$'] }),
    })),
    judge(seen) {
      const { exitCode, message } = seen.passedOn ?? {}
      if (!seen.passedOn) return undefined
      if (exitCode !== 137) {
        return `the command was killed by SIGKILL, and your exit code is ${exitCode}: the daemon says 137, which is 128 + 9, and what it says comes through as it is`
      }
      return message === ''
        ? undefined
        : `the command was killed, and your message is ${JSON.stringify(message)}: it has a code, 137, which says so, and docker says nothing more`
    },
  },
  {
    title: 'a daemon that knows the code only after a moment',
    run: inStory(() => ({
      first: asked('practice', { tty: true, command: ['sh'] }),
      script: { faults: ['late-exit-code=2'], output: 'done\n' },
    })),
    judge(seen) {
      const { length } = answersIn(seen, asksForCode)
      return seen.passedOn && length > 0 && length < 3
        ? `the daemon had ended the stream and answered that the command still runs, and you took ${seen.passedOn.exitCode} for its code: the stream and the note end in two steps. Ask again, as execExitCode does`
        : undefined
    },
  },
  {
    title: 'a daemon that cannot say how it ended',
    run: inStory(() => ({
      first: asked('practice', { tty: true, command: ['sh'] }),
      script: { faults: ['inspect-500'], output: 'done\n' },
    })),
    judge(seen) {
      const exitCode = seen.passedOn?.exitCode
      return seen.passedOn && exitCode !== 255
        ? `the daemon refused to say how the command ended, and your exit code is ${exitCode}: 0 would be a success that nobody has seen. It is the 255 that execExitCode gives`
        : undefined
    },
  },
  {
    title: 'raw mode and the window, released here if nowhere else',
    run: inStory(({ container }) => ({
      // It still waits for its line: so the copy loops have not given the terminal back.
      first: asked(container, { tty: true, interactive: true, command: ['sh', '-c', 'read line'] }),
      terminal,
      before: (state) => ({ ...state, ended: Promise.resolve({ by: 'daemon' }) }),
    })),
    judge(seen) {
      const question = indexOf(seen, 'request', asksForCode)
      const restored = modeIndexOf(seen, 'after')
      if (question >= 0 && (restored < 0 || restored > question)) {
        return 'you asked for the exit code while the terminal was still raw: the copy loops give it back in most cases, and here in all. Release rawMode first'
      }
      return followsWindow(seen)
        ? 'you did not release resizes: the session is over, and a change of the window would still send a request'
        : undefined
    },
  },
  {
    title: 'the detach keys',
    run: inStory(({ container }) => ({
      first: asked(container, {
        tty: true,
        interactive: true,
        command: ['sh', '-c', 'stty -echo; echo ready; sleep 300'],
      }),
      terminal,
      async user({ type }, { until }) {
        await until((events) => bytesIn(events, 'stdout').includes('ready'))
        type('\x10\x11')
      },
    })),
    judge(seen) {
      if (indexOf(seen, 'request', asksForCode) >= 0) {
        return 'the learner detached, and you asked for the exit code: the command lives on and has none'
      }
      const { exitCode, message } = seen.passedOn ?? {}
      if (followsWindow(seen)) {
        return 'the learner detached, and you did not release resizes: the session is over for us, whatever ended it, and a change of the window would still send a request'
      }
      if (seen.passedOn && exitCode !== 1) {
        return `after the detach keys your exit code is ${exitCode}: nobody knows how the command will end, and docker says 1`
      }
      return seen.passedOn && message !== 'read escape sequence'
        ? `after the detach keys your message is ${JSON.stringify(message)}: docker says "read escape sequence"`
        : undefined
    },
  },
  {
    title: 'a connection that broke',
    run: inStory(({ container }) => ({
      // It still waits for its line: so the copy loops have not given the terminal back.
      first: asked(container, { tty: true, interactive: true, command: ['sh', '-c', 'read line'] }),
      terminal,
      before: (state) => ({
        ...state,
        ended: Promise.resolve({
          by: 'error',
          error: new Failure('lost the connection to the daemon: read ECONNRESET'),
        }),
      }),
    })),
    judge(seen) {
      const { exitCode, message } = seen.passedOn ?? {}
      if (!seen.passedOn) {
        return seen.error?.message.includes('ECONNRESET')
          ? 'you threw the error that ended the session: an end by error is an end too, and what goes on is the exit code 1 and the message of the error'
          : undefined
      }
      const restored = modeIndexOf(seen, 'after')
      if (restored < 0 || restored > indexOf(seen, 'your stage returned')) {
        return 'the connection broke, and you returned with the terminal still raw: the message lands on it. Release rawMode first, whatever ended the session'
      }
      if (followsWindow(seen)) {
        return 'the connection broke, and you did not release resizes: the session is over, whatever ended it, and a change of the window would still send a request'
      }
      if (indexOf(seen, 'request', asksForCode) >= 0) {
        return 'the connection broke, and you asked for the exit code: the command may still run, and what the daemon says of it now is not how it ends'
      }
      if (exitCode !== 1) {
        return `the connection broke and your exit code is ${exitCode}: nobody knows how the command ended, and a script would take 0 for success. It is 1`
      }
      return /ECONNRESET/.test(String(message))
        ? undefined
        : `the connection broke and your message is ${JSON.stringify(message)}: the error's own message says why`
    },
  },
]

const note = (Running: boolean, ExitCode: number | null): [string] => [
  JSON.stringify({ ID: 'e1', Running, ExitCode, OpenStdin: true, CanRemove: false }),
]

/** Trials of the note. */
const noteTrials: readonly Trial<(note: string) => number | undefined>[] = [
  table('notes', [
    {
      asked: '{"Running":false,"ExitCode":137}',
      args: note(false, 137),
      hint: 'the code of a command that is over is its own',
    },
    {
      asked: '{"Running":false,"ExitCode":0}',
      args: note(false, 0),
      hint: '0 is a code, the one of success, and not the absence of one',
    },
    {
      asked: '{"Running":true,"ExitCode":null}',
      args: note(true, null),
      hint: 'null is no code: the command still runs',
    },
    {
      asked: '{"Running":true,"ExitCode":0}, as Podman has it',
      args: note(true, 0),
      hint: 'while the command runs, the number beside it means nothing: a backup that still runs has not succeeded',
    },
    {
      asked: '{"Running":false,"ExitCode":null}',
      args: note(false, null),
      hint: 'the command is over and its code is not written down yet: null is not 0',
    },
  ]),
  {
    title: 'a note of the daemon',
    async run(exitCodeIn, world) {
      const engine = await world.connect()
      try {
        const seen = await watchSession(
          {
            ...dockerExec,
            watched: 7,
            first: asked(world.container, { command: ['sh', '-c', 'exit 5'] }),
          },
          world,
        )
        const { body } = await engine.request('GET', `/exec/${seen.finalState?.execId}/json`)
        return resultsOnly([{ asked: 'the note of exit 5', got: String(exitCodeIn(body)) }])
      } finally {
        await engine.close()
      }
    },
    judge: (seen) =>
      seen.results[0]?.got === '5'
        ? undefined
        : `the command ended with exit 5, and you read ${seen.results[0]?.got} in the daemon's note`,
  },
]

/** What each exercise of the chapter has to pass, by its name. */
export const trials: Readonly<Record<string, Trials>> = {
  '07-exit-code': { reference: exitCode, trials: stageTrials },
  '07-exit-code-note': { reference: exitCodeIn, trials: noteTrials },
}
