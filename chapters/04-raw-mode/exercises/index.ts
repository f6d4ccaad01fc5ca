/**
 * The exercises of chapter 4, with their hints.
 *
 * @module
 */

import { type Exercise, partExercise, stageExercise } from '../../../src/judging/exercise.ts'

/** The whole stage first, then a part of it. */
export const exercises: readonly Exercise[] = [
  stageExercise('04-raw-mode', {
    exports: 'rawMode',
    task: 'make our terminal pass on every key, and give it back',
    hints: [
      'Chapter 4, "When, and when not", and "Read, register, set".',
      'Chapter 4, "Read, register, set": what readModes() returned is what restores the terminal. Without the restore it no longer echoes what you type.',
      "kit.scope.hold('raw mode', 'raw' as const, () => kit.terminal.setModes(modes))",
    ],
  }),
  partExercise('04-raw-mode', 'flags', {
    exports: 'rawWords',
    task: 'choose the flags that make a terminal raw',
    solution: 'exercises/raw-mode-flags.solution.ts',
    hints: [
      'Chapter 4 lists five of them. rawFlags below it has all of them; src/terminal/modes.ts says what each one does.',
      'Ctrl-V and Ctrl-S are keys too: iexten and ixon. A flag that is off already needs no word.',
      "['icanon', 'echo', 'isig', 'iexten', 'ixon', 'icrnl', 'inlcr', 'igncr', 'istrip', 'opost'].filter((flag) => flags[flag])",
    ],
  }),
]
