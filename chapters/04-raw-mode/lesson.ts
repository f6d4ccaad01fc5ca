/**
 * What the workbook has beside stage 4: where Docker's client does the same, and how the chapter is
 * taught in a room.
 *
 * @module
 */

import { in2015, type LessonNotes, today } from '../../src/questions/lesson.ts'

/** The lesson of chapter 4. */
export const lesson: LessonNotes = {
  story:
    'A terminal does more than show text. It collects your line until Enter, echoes each letter, and turns Ctrl-C into a signal. The command has a terminal too, which the daemon made: a pseudo-terminal, two files on the daemon’s machine that behave like a terminal. Both terminals want to do that work. Then every letter appears twice, and Ctrl-C ends the wrong program. One of the two has to stop: that is raw mode.',
  missing:
    'Every key is bytes now, but nothing carries them to the command, and nothing shows you what the command writes.',
  withoutTty: {
    story:
      'A terminal does more than show text. It collects your line until Enter, echoes each letter, and turns Ctrl-C into a signal. Here the command gets no tty, so it has no terminal that would do this work a second time. Nothing has to stop: the client leaves your terminal alone, and this chapter finds nothing to do. Raw mode is for a session with a tty.',
    missing:
      'Your terminal still collects your lines, but nothing carries them to the command, and nothing shows you what the command writes.',
  },
  docker: [
    in2015(
      'pkg/term/term.go',
      'SetRawTerminal',
      'Switches the terminal, and gives its state back.',
    ),
    today(
      'cli/command/container/hijack.go',
      'setupInput',
      'Switches to raw mode, and wraps the input so that the detach keys are seen.',
    ),
  ],
  minutes: { story: 3, run: 2, look: 3, experiment: 5, exercise: 10 },
  workshop: {
    look: 'The flags before and after, and the bytes of the keys: Ctrl-C is 03, and an arrow is three bytes.',
    experiment: 'doubled-echo',
    afterExperiment:
      'Two terminals did the same work, so one has to stop. It is ours, because only the one in the container knows which program is in front of it.',
    afterExercise:
      'Where is the terminal given back if the next line throws? It was registered in the breath in which it was taken, and that is all the answer there is.',
    anotherExperiment: 'cooked-ctrl-c',
  },
}
