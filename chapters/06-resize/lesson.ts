/**
 * The lesson of chapter 6: its story, the matching functions in Docker's
 * client, and notes for teaching it in a workshop.
 *
 * @module
 */

import type { LessonNotes } from '../../src/questions/lesson.ts'

/** What the runner and the workshop plan read about chapter 6. */
export const lesson: LessonNotes = {
  story:
    'Before it draws, vi asks its terminal how many rows and columns it has. Your terminal emulator sets them from its window. Drag a corner and it sets new ones, and the kernel sends the signal SIGWINCH so that programs redraw. The terminal in the container has no window. It starts at 0 by 0, and nothing tells it that you resized yours. So we send the size of your window now, and again after each change.',
  missing:
    'You now have a complete session. But when it’s over, you can’t tell whether the command succeeded: EOF looks the same either way.',
  minutes: { story: 3, run: 2, look: 2, experiment: 5, exercise: 10 },
  workshop: {
    look: 'Enlarge the window while the shell runs. Then exit the shell and count the resize requests.',
    experiment: 'no-first-size',
    afterExperiment:
      'A new terminal has no size until a program sets it. The daemon holds the other end of this one, but it has no window. So we have to send the size, and a fast program asks before it arrives.',
    afterExercise:
      'Did you send the size first and start listening second? If the window changes in between, the container’s terminal keeps the old size. That happens so rarely that it’s hard to debug. docker sends first and listens second, so it has this race.',
    anotherExperiment: 'resize-never',
  },
}
