/**
 * What the workbook has beside stage 7: where Docker's client does the same, and how the chapter is
 * taught in a room.
 *
 * @module
 */

import { in2015, type LessonNotes, today } from '../../src/questions/lesson.ts'

/** The lesson of chapter 7. */
export const lesson: LessonNotes = {
  story:
    'A process that ends leaves a number behind, from 0 to 255: its exit code. Zero means success, and scripts depend on it: docker exec db check && deploy. All that we have is a connection that has ended, and that looks the same after success, failure and a crash. The daemon knows the number. We get it from there, and end with the same number, as if the command had run right here.',
  missing:
    'Nothing is missing: this is all of docker exec, and npm run exec -- -it CONTAINER sh runs it without the lessons. Docker’s own client also runs on Windows and reaches daemons through ssh; docs/differences.md lists what else it does differently.',
  docker: [
    in2015('api/client/utils.go', 'getExecExitCode', 'Inspects the exec and reads its ExitCode.'),
    today(
      'cli/command/container/exec.go',
      'getExecExitStatus',
      'The same; another code than 0 becomes a StatusError, and our own exit code.',
    ),
  ],
  minutes: { story: 2, run: 2, look: 2, experiment: 4, exercise: 8 },
  workshop: {
    look: 'The last page: the requests in the order of the daemon’s log of 2015, which is in `docs/seed.md`.',
    experiment: 'late-exit-code',
    afterExperiment:
      'null is not 0. A client that takes it for 0 tells a script that a failure was a success, and only on a day when the daemon is busy.',
    afterExercise:
      'Detached, broken off, daemon gone: which number did you give to each, and what will a script make of it?',
    anotherExperiment: 'gone-before-inspect',
  },
}
