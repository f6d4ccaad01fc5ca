/**
 * The notes on stage 4: its story, the same place in Docker's client, and how
 * to teach the chapter in a workshop.
 *
 * @module
 */

import type { LessonNotes } from '../../src/questions/lesson.ts'

/** The lesson of chapter 4. */
export const lesson: LessonNotes = {
  story:
    'A terminal does more than show text. It collects your line until Enter, echoes each letter, and turns Ctrl-C into a signal. The command has one too: a pseudo-terminal, two files that together act like a terminal. If both terminals do that work, each line you type appears twice and Ctrl-C kills our client instead of the command. One of them has to stop and pass every key on unchanged. That is raw mode.',
  missing:
    'Every key is now just bytes. But nothing carries them to the command yet, and nothing shows you its output.',
  withoutTty: {
    story:
      'A terminal does more than show text. It collects your line until Enter, echoes each letter, and turns Ctrl-C into a signal. Here the command gets no tty, so no second terminal repeats that work. The client leaves your terminal alone, and this chapter has nothing to do. Raw mode is for sessions with a tty.',
    missing:
      'Your terminal still collects your lines. But nothing carries them to the command yet, and nothing shows you its output.',
  },
  minutes: { story: 3, run: 2, look: 3, experiment: 5, exercise: 10 },
  workshop: {
    look: 'The flags before and after, and the bytes of the keys: Ctrl-C is 03, and an arrow key sends three bytes.',
    experiment: 'doubled-echo',
    afterExperiment:
      'Both terminals did the same work, so one of them has to stop. It is ours, because only the one in the container knows which program is in the foreground there.',
    afterExercise:
      'If the code after setModes throws, what restores the terminal? The scope does: we registered the restore before we set raw mode.',
    anotherExperiment: 'cooked-ctrl-c',
  },
}
