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

/** Whether the stage returned and still listens for changes of the window. */
function followsWindow(seen: TrialResult): boolean {
  const returned = indexOf(seen, 'your stage returned')
  const stopped = indexOf(seen, 'stops listening')
  return returned >= 0 && (stopped < 0 || stopped > returned)
}

/** Trials of the stage. */
const stageTrials: readonly Trial<AnyStage>[] = [
  {
    title: 'a shell that runs exit 3',
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
        // A stage that doesn't wait for the end sends its request meanwhile.
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
        return 'you asked for the exit code while the session was still open: the command is running and has no code yet. Wait for ended'
      }
      const begins = indexOf(seen, 'your stage begins')
      if (question < 0 && indexOf(seen, 'request', /^\/containers\//, begins) >= 0) {
        return 'you asked about the container: it is still running, and the exit code in that answer is the one of its main process. Ask for the note of the exec, GET /exec/{id}/json'
      }
      if (question < 0 && seen.passedOn) {
        return 'you did not ask the daemon for the exit code: EOF on the stream doesn’t tell you how the command ended'
      }
      const restored = modeIndexOf(seen, 'after')
      if (restored >= 0 && (over < 0 || restored < over)) {
        return 'you restored the terminal while the session was still open: from then on each key appears twice, and Ctrl-C ends this program. Wait for ended first'
      }
      const stopped = indexOf(seen, 'stops listening')
      if (stopped >= 0 && (over < 0 || stopped < over)) {
        return 'you released resizes while the session was still open: if the window changes now, the container’s terminal keeps the old size. Wait for ended first'
      }
      return question >= 0 && (restored < 0 || restored > question)
        ? 'you asked for the exit code while the terminal was still raw: restore it before you do anything else'
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
        return `the command was killed by SIGKILL, and your exit code is ${exitCode}: the daemon reports 137, which is 128 + 9, and you have to pass it on unchanged`
      }
      return message === ''
        ? undefined
        : `the command was killed, and your message is ${JSON.stringify(message)}: its code, 137, already says so, and docker prints no message`
    },
  },
  {
    title: 'a daemon that stores the code late',
    run: inStory(() => ({
      first: asked('practice', { tty: true, command: ['sh'] }),
      script: { faults: ['late-exit-code=2'], output: 'done\n' },
    })),
    judge(seen) {
      const { length } = answersIn(seen, asksForCode)
      return seen.passedOn && length > 0 && length < 3
        ? `the daemon’s answer said that the command was still running, and you returned ${seen.passedOn.exitCode}. The daemon ends the stream and stores the code in two steps. Ask again, as execExitCode does`
        : undefined
    },
  },
  {
    title: 'a daemon that refuses to inspect the exec',
    run: inStory(() => ({
      first: asked('practice', { tty: true, command: ['sh'] }),
      script: { faults: ['inspect-500'], output: 'done\n' },
    })),
    judge(seen) {
      const exitCode = seen.passedOn?.exitCode
      return seen.passedOn && exitCode !== 255
        ? `the daemon refused to tell you the exit code, and yours is ${exitCode}: ${exitCode === 0 ? 'a script takes 0 for a success, although the code is unknown' : 'this chapter exits 255 whenever that request fails'}. Return the 255 of execExitCode`
        : undefined
    },
  },
  {
    title: 'raw mode and the window are still held',
    run: inStory(({ container }) => ({
      // The command waits for a line, so the copy loops still hold raw mode.
      first: asked(container, { tty: true, interactive: true, command: ['sh', '-c', 'read line'] }),
      terminal,
      before: (state) => ({ ...state, ended: Promise.resolve({ by: 'daemon' }) }),
    })),
    judge(seen) {
      const question = indexOf(seen, 'request', asksForCode)
      const restored = modeIndexOf(seen, 'after')
      if (question >= 0 && (restored < 0 || restored > question)) {
        return 'you asked for the exit code while the terminal was still raw: don’t rely on the copy loops for that. Release rawMode first (a second release does nothing)'
      }
      return followsWindow(seen)
        ? 'you did not release resizes: the session is over, but a change of the window would still send a request'
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
        return 'the session ended with the detach keys, and you asked for the exit code: the command is still running and has none'
      }
      const { exitCode, message } = seen.passedOn ?? {}
      if (followsWindow(seen)) {
        return 'the session ended with the detach keys, and you did not release resizes: a change of the window would still send a request. Release them however the session ends'
      }
      if (seen.passedOn && exitCode !== 1) {
        return `after the detach keys your exit code is ${exitCode}: the command is still running and has no code, and docker exits 1`
      }
      return seen.passedOn && message !== 'read escape sequence'
        ? `after the detach keys your message is ${JSON.stringify(message)}: docker prints "read escape sequence"`
        : undefined
    },
  },
  {
    title: 'a lost connection',
    run: inStory(({ container }) => ({
      // The command waits for a line, so the copy loops still hold raw mode.
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
          ? 'you threw the error that ended the session: your stage has to return here too, with exit code 1 and the error’s message'
          : undefined
      }
      const restored = modeIndexOf(seen, 'after')
      if (restored < 0 || restored > indexOf(seen, 'your stage returned')) {
        return 'the connection broke, and you returned with the terminal still raw: the message would be printed in raw mode. Release rawMode first, however the session ends'
      }
      if (followsWindow(seen)) {
        return 'the connection broke, and you did not release resizes: a change of the window would still send a request. Release them however the session ends'
      }
      if (indexOf(seen, 'request', asksForCode) >= 0) {
        return 'the connection broke, and you asked for the exit code: the command may still be running, so after an error neither docker nor this chapter asks'
      }
      if (exitCode !== 1) {
        return `the connection broke and your exit code is ${exitCode}: the command’s code is unknown${exitCode === 0 ? ', and a script takes 0 for a success' : ''}. Return 1`
      }
      return /ECONNRESET/.test(String(message))
        ? undefined
        : `the connection broke and your message is ${JSON.stringify(message)}: use the error’s own message, which says why`
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
      hint: 'Running is false and there is a code: return it',
    },
    {
      asked: '{"Running":false,"ExitCode":0}',
      args: note(false, 0),
      hint: '0 is an exit code: it means success, not a missing code',
    },
    {
      asked: '{"Running":true,"ExitCode":null}',
      args: note(true, null),
      hint: 'null isn’t a code: the command is still running',
    },
    {
      asked: '{"Running":true,"ExitCode":0}, as Podman sends it',
      args: note(true, 0),
      hint: 'while Running is true, ExitCode means nothing: a backup that is still running has not succeeded',
    },
    {
      asked: '{"Running":false,"ExitCode":null}',
      args: note(false, null),
      hint: 'the command has ended and its code isn’t stored yet: null isn’t 0',
    },
  ]),
  {
    title: 'a note from the daemon',
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
        : `the command ran exit 5, but you read ${seen.results[0]?.got} in the daemon’s note`,
  },
]

/** The trials of each exercise, by the name of the exercise. */
export const trials: Readonly<Record<string, Trials>> = {
  '07-exit-code': { reference: exitCode, trials: stageTrials },
  '07-exit-code-note': { reference: exitCodeIn, trials: noteTrials },
}
