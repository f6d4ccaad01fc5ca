/**
 * The material around stage 5: its story, the same place in Docker's client,
 * and notes for teaching the chapter in a room.
 *
 * @module
 */

import type { LessonNotes } from '../../src/questions/lesson.ts'

/** The lesson of chapter 5. */
export const lesson: LessonNotes = {
  story:
    'A session is two copy loops. One copies the daemon’s output to your screen. The other copies your keys to the daemon. Neither waits for the other: a shell can print while you type. The hard part is knowing when the session is over. The command can end, your input can end, or you can press the detach keys, ctrl-p ctrl-q. Our input loop looks for those keys and never sends them. The command keeps running without us.',
  missing:
    'A full-screen program such as vi asks its terminal how large it is. The container’s terminal can’t see your window, and doesn’t notice when you resize it.',
  contrast: {
    why: 'Without a tty, stdout and stderr stay two streams that share one connection. So here is a second run, with no tty and no input, of "echo out; echo err >&2".',
    command: ['sh', '-c', 'echo out; echo err >&2'],
  },
  minutes: { story: 4, run: 2, look: 3, experiment: 6, exercise: 12 },
  workshop: {
    look: "The first eight bytes of output without a tty: `echo 'ls; exit 5' | npm run chapter 5`.",
    experiment: 'no-half-close',
    afterExperiment:
      'Only the client can see EOF on its input. Until it half-closes, cat waits for more input and the client waits for cat. cat is right to wait. The client has to announce the end, and this one doesn’t until the line with the half-close.',
    afterExercise:
      'What does your loop do when the daemon reads slowly? Look at what it does with the return value of `writeChunks`. Ignore it and the input piles up in memory, or a chunk is overwritten before it is sent.',
    anotherExperiment: 'header-in-two',
  },
}
