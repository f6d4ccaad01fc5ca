/**
 * What the workbook has beside stage 6: where Docker's client does the same, and how the chapter is
 * taught in a room.
 *
 * @module
 */

import { in2015, type LessonNotes, today } from '../../src/questions/lesson.ts'

/** The lesson of chapter 6. */
export const lesson: LessonNotes = {
  story:
    'Before it draws, vi asks its terminal for its rows and columns. Yours knows them from your window, and when you drag a corner it learns the new size and sends a signal, SIGWINCH: draw again. The terminal in the container has no window. Its size may be 0 by 0 to begin with, and it never hears about your corner. So we send the size of your window now, and again after each change.',
  missing:
    'You have a whole session now. But when it is over you do not know whether the command succeeded: the end of a stream looks the same either way.',
  docker: [
    in2015('api/client/utils.go', 'monitorTtySize', 'Sends the size, and again on every SIGWINCH.'),
    today(
      'cli/command/container/tty.go',
      'MonitorTtySize',
      'The same; initTtySize tries ten times, because the process may not run yet.',
    ),
  ],
  minutes: { story: 3, run: 2, look: 2, experiment: 5, exercise: 10 },
  workshop: {
    look: 'Make the window larger while the shell runs, then leave the shell and count the requests with resize in them.',
    experiment: 'no-first-size',
    afterExperiment:
      'A terminal has no size until somebody sets it, and the one who holds its other end is the daemon, which has no window. So the size has to be sent, and a quick program asks before it is there.',
    afterExercise:
      'Who sent the size first and listened then? A window that changes in between keeps the wrong size, once in a very long time, and nobody will ever find out why.',
    anotherExperiment: 'resize-never',
  },
}
