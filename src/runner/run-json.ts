/**
 * A run as one JSON document.
 *
 * @module
 */

import type { Engine } from '../engine/engine.ts'
import type { Verdict } from '../questions/prediction.ts'
import type { WalkResult } from '../run/walk-chapter.ts'
import { addedNames } from '../tape/state.ts'
import { wireJson } from '../tape/wire.ts'

/**
 * Returns the document: the daemon, the stages with their state and wire, the
 * terminal, the tasks, the exit code, the error if any, and the verdicts on
 * the guesses.
 *
 * @param engine - undefined if no engine was found
 */
export function runJson(
  engine: Engine | undefined,
  result: WalkResult,
  verdicts: readonly Verdict[],
): object {
  const { stages, exitCode, unfinished, terminal, failure, tasks = [] } = result
  return {
    daemon: engine
      ? {
          host: engine.host,
          product: engine.product || null,
          version: engine.version || null,
          apiVersion: engine.apiVersion,
        }
      : null,
    stages: stages.map(({ before, state, wire, teardown, held, milliseconds, ...stage }) => ({
      ...{ number: stage.number, name: stage.name, title: stage.title },
      added: addedNames(before, state),
      state,
      wire: wireJson(wire),
      teardown: wireJson(teardown),
      ...{ held, milliseconds },
    })),
    terminal: terminal ?? null,
    tasks: tasks.map(({ task, done }) => ({
      ...{ name: task.name, what: task.instruction, done: done !== undefined },
      evidence: done?.evidence ?? null,
      milliseconds: done?.at ?? null,
    })),
    exitCode,
    ...(failure && {
      error: { message: failure.message, hint: failure.hint ?? null, wire: wireJson(unfinished) },
    }),
    ...(verdicts.length > 0 && {
      guesses: verdicts.map((verdict) => verdictJson(verdict, result)),
    }),
  }
}

function verdictJson({ prediction, choice, answer, right }: Verdict, result: WalkResult): object {
  return {
    ...{ name: prediction.name, question: prediction.question, choice },
    answer: answer ?? null,
    right: answer === undefined ? null : right,
    why: answer === undefined ? null : prediction.why(result),
  }
}
