/**
 * The exercises of chapter 1, with their hints.
 *
 * @module
 */

import { type Exercise, partExercise, stageExercise } from '../../../src/judging/exercise.ts'

/** The whole stage first, then a part of it. */
export const exercises: readonly Exercise[] = [
  stageExercise('01-create', {
    exports: 'create',
    task: 'tell the daemon what to run, and get an exec ID for it',
    hints: [
      'Chapter 1, "Why two requests, and why this order": what must not be left behind on the daemon?',
      'Both checks come before the POST. The terminal is not checked with -d. readAnswer makes a Failure of every refusal, so an answer is never used before it.',
      'const { Id: execId } = readAnswer<{ Id?: string }>(reply, kit.engine)',
    ],
  }),
  partExercise('01-create', 'body', {
    exports: 'execConfig',
    task: 'write the body of the request',
    solution: 'stage.ts',
    hints: [
      'The lesson of chapter 1 shows the body under "On the wire"; `npm run chapter 1` shows one of yours.',
      'In the background nothing is attached. Stdin is attached only with -i. Where -t has no detach keys of its own, those of the configuration count.',
      'AttachStdin: !asked.detach && asked.interactive',
    ],
  }),
]
