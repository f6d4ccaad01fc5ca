/**
 * What the workbook has beside stage 3: where Docker's client does the same, and how the chapter is
 * taught in a room.
 *
 * @module
 */

import { in2015, type LessonNotes, today } from '../../src/questions/lesson.ts'

/** The lesson of chapter 3. */
export const lesson: LessonNotes = {
  story:
    'Between us and the connection sits an HTTP library. It would take a shell’s prompt for a broken HTTP answer. So we take the socket away from it, which Docker calls hijacking. We take all of it: a quick command’s first bytes may have arrived together with the daemon’s answer, and then the library has already read them. From here on bytes go both ways, and one direction can end while the other one goes on.',
  missing:
    'The connection is ours, but your terminal is in the way. It holds your keys back until Enter, echoes them itself, and ends our client when you press Ctrl-C.',
  docker: [
    in2015(
      'api/client/hijack.go',
      'hijack',
      'Dials, asks for the upgrade, and takes the connection.',
    ),
    today(
      'client/hijack.go',
      'setupHijackConn',
      'The same, and puts the bytes that came with the answer back before the rest.',
    ),
  ],
  minutes: { story: 3, run: 2, look: 2, experiment: 5, exercise: 10 },
  workshop: {
    look: 'The wire, on which there is nothing, and `early` in the state: who has another number than 0?',
    experiment: 'early-output',
    afterExperiment:
      'What stands behind the empty line is the session, and the HTTP parser had it in its hand. In many runs nothing is there, so nobody notices when it is thrown away.',
    afterExercise:
      'Early bytes, framing, keep-alive: which of the three mistakes would a test on this machine have found?',
    anotherExperiment: 'other-tty',
  },
}
