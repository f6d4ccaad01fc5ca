/**
 * What the workbook has beside stage 5: where Docker's client does the same, and how the chapter is
 * taught in a room.
 *
 * @module
 */

import { in2015, type LessonNotes, today } from '../../src/questions/lesson.ts'

/** The lesson of chapter 5. */
export const lesson: LessonNotes = {
  story:
    'Two loops make a session. One copies what the daemon sends to your screen. The other one copies what you type to the daemon. Neither waits for the other: a shell may print while you type, or while you don’t. The hard part is to know when it is over. The command may end, your input may end, or you press the detach keys, ctrl-p ctrl-q: our loop looks for them in what you type, and leaves the command running.',
  missing:
    'A program that draws, such as vi, asks its terminal how large it is. The terminal in the container cannot see your window, and does not notice when you change it.',
  contrast: {
    why: 'Two things look different without a terminal in the container: how your input ends, and how two outputs share one connection. So here is a second run without one, of "echo out; echo err >&2".',
    command: ['sh', '-c', 'echo out; echo err >&2'],
  },
  docker: [
    in2015('api/client/hijack.go', 'hijack', 'Two goroutines copy: receiveStdout and sendStdin.'),
    today(
      'cli/command/container/hijack.go',
      'stream',
      'beginOutputStream and beginInputStream; the output decides when it is over.',
    ),
  ],
  minutes: { story: 4, run: 2, look: 3, experiment: 6, exercise: 12 },
  workshop: {
    look: "The first eight bytes without a tty: `echo 'ls; exit 5' | npm run chapter 5`.",
    experiment: 'no-half-close',
    afterExperiment:
      'Only we can see that our input is over. As long as nobody says so, cat waits for more and we wait for cat, and neither of them has done anything wrong.',
    afterExercise:
      'What does your loop do with a daemon that reads slowly? What `pour` gives back is the answer, and who ignored it has the whole input in memory.',
    anotherExperiment: 'header-in-two',
  },
}
