/**
 * The exercises of chapter 4, with their hints.
 *
 * @module
 */

import { type Exercise, partExercise, stageExercise } from '../../../src/judging/exercise.ts'

/** The exercise for the whole stage, then the one for a part of it. */
export const exercises: readonly Exercise[] = [
  stageExercise('04-raw-mode', {
    exports: 'rawMode',
    task: 'set raw mode, and restore the terminal at the end',
    hints: [
      'See chapter 4, "When, and when not" and "Read, register, set".',
      'Restore the terminal with the value that readModes() returned, not with the opposite of raw. Without the restore it no longer echoes what you type.',
      "kit.scope.hold('raw mode', 'raw' as const, () => kit.terminal.setModes(modes))",
    ],
  }),
  partExercise('04-raw-mode', 'flags', {
    exports: 'rawWords',
    task: 'choose the flags that make a terminal raw',
    solution: 'exercises/raw-mode-flags.solution.ts',
    hints: [
      'Chapter 4 explains five flags. The constant rawFlags in the same file lists every flag that docker changes, and src/terminal/modes.ts says what each one does.',
      'Ctrl-V and Ctrl-S are keys too: see iexten and ixon. A flag that is off, or that you were not given, needs no word.',
      "['icanon', 'echo', 'isig', 'iexten', 'ixon', 'icrnl', 'inlcr', 'igncr', 'istrip', 'opost'].filter((flag) => flags[flag]), then a minus before each",
    ],
  }),
]
