/**
 * The notes on stage 3: its story, the same place in Docker's client, and how
 * to teach the chapter in a workshop.
 *
 * @module
 */

import type { LessonNotes } from '../../src/questions/lesson.ts'

/** The lesson of chapter 3. */
export const lesson: LessonNotes = {
  story:
    'The daemon no longer speaks HTTP. An HTTP library that kept reading would take a shell’s prompt for a broken response. Ours let go of the socket at the 101, but it may have read too far: a fast command’s first output can arrive along with the 101. So we take over the socket and those bytes, which Docker calls hijacking. From here on bytes flow both ways, and one direction can end while the other goes on.',
  missing:
    'The connection is ours, but your terminal is in the way. It holds your keys back until Enter, echoes them itself, and kills our client when you press Ctrl-C.',
  minutes: { story: 3, run: 2, look: 2, experiment: 5, exercise: 10 },
  workshop: {
    look: 'The wire section says “nothing”: no request was sent. Now look at `early` in the state: does anyone have a number other than 0?',
    experiment: 'early-output',
    afterExperiment:
      'Everything after the blank line belongs to the session, and the HTTP parser was holding it. In many runs nothing arrives early, so a client that throws the buffer away seems to work.',
    afterExercise:
      'Lost early bytes, no keep-alive, allowHalfOpen left off: which of these three bugs would a test on this machine have caught?',
    anotherExperiment: 'other-tty',
  },
}
