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
      'Chapter 1, "Why two requests, and why this order": what must not leak on the daemon?',
      'Both checks come before the POST. With -d, skip the terminal check. readAnswer throws a Failure for every refusal, so call it before you use an answer.',
      'const { Id: execId } = readAnswer<{ Id?: string }>(reply, kit.engine)',
    ],
  }),
  partExercise('01-create', 'body', {
    exports: 'execConfig',
    task: 'write the body of the request',
    solution: 'stage.ts',
    hints: [
      'Chapter 1 shows the body under "On the wire", and `npm run chapter 1` prints a real one.',
      'With -d, attach nothing. Attach stdin only with -i. If no detach keys were asked for, use those from the configuration.',
      'AttachStdin: !asked.detach && asked.interactive',
    ],
  }),
]
