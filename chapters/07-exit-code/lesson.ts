/**
 * The lesson of chapter 7: its story, the matching functions in Docker's
 * client, and notes for teaching it in a workshop.
 *
 * @module
 */

import type { LessonNotes } from '../../src/questions/lesson.ts'

/** What the runner and the workshop plan read about chapter 7. */
export const lesson: LessonNotes = {
  story:
    'When a process ends, it leaves a number from 0 to 255: its exit code. Zero means success, and scripts depend on it: docker exec db check && deploy. All we have is a connection that has ended, and that looks the same after success, failure and a crash. But the daemon knows the exit code. We ask for it and exit with the same code, as if the command had run on this machine.',
  missing:
    'Nothing of docker exec itself is missing. To use it without the lessons, run npm run exec -- -it CONTAINER sh. docs/differences.md lists the remaining differences to docker’s own client.',
  minutes: { story: 2, run: 2, look: 2, experiment: 4, exercise: 8 },
  workshop: {
    look: 'Look at the last section, “as the daemon saw it”: its requests are in the same order as in the daemon’s log from 2015 in `docs/seed.md`.',
    experiment: 'late-exit-code',
    afterExperiment:
      'null is not 0. A client that reads it as 0 tells a script that a failed command succeeded. With a fast daemon you won’t notice.',
    afterExercise:
      'Detach keys, lost connection, daemon gone: which exit code does your stage return for each, and what will a script make of it?',
    anotherExperiment: 'gone-before-inspect',
  },
}
