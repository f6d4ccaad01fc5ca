/**
 * The exercise menus. Each choice runs a command that the learner could also
 * type.
 *
 * @module
 */

import { join } from 'node:path'
import type { ExerciseMenu } from '../../src/guide/guide-session.ts'
import { wordsFor } from '../../src/judging/check-lines.ts'
import type { Exercise } from '../../src/judging/exercise.ts'
import { taskLines } from '../../src/judging/exercise-lines.ts'
import { nextExercise, progressOf } from '../../src/judging/exercise-records.ts'
import { casesOf, chapterFolders, exercises } from './chapter-folders.ts'
import { root } from './paths.ts'

/**
 * Returns the exercises by chapter.
 *
 * @param daemonArguments - the options that select the daemon, passed on to
 * each command
 */
export function exerciseMenus(daemonArguments: readonly string[]): ExerciseMenu[][] {
  return chapterFolders.map(({ exercises }) =>
    exercises.map((exercise) => menuOf(exercise, daemonArguments)),
  )
}

function menuOf(exercise: Exercise, daemonArguments: readonly string[]): ExerciseMenu {
  const command = (script: 'check' | 'chapter', ...options: readonly string[]) => {
    const file = join(__dirname, `${script}.ts`)
    const all = [...wordsFor(exercise).split(' '), ...options, ...daemonArguments]
    return { typed: `npm run ${script} -- ${all.join(' ')}`, file, words: all }
  }
  const ownRun = { key: 'm', label: 'Run your own stage' }
  return {
    title: exercise.task,
    progress: () => progressOf(exercise, root),
    task: (page) => taskLines(exercise, root, casesOf(exercise), page),
    actions: [
      { key: 't', label: 'Read the task', command: command('check', '--task') },
      { key: 'o', label: 'Open the editor', command: command('check', '--edit') },
      { key: 'w', label: 'Check on every save', command: command('check', '--watch') },
      { key: 'c', label: 'Check the file once', command: command('check') },
      { key: 'h', label: 'Get a hint', command: command('check', '--hint') },
      ...(exercise.main ? [{ ...ownRun, command: command('chapter', '--mine', '--plain') }] : []),
      { key: 's', label: 'Compare with the solution', command: command('check', '--solution') },
      { key: 'b', label: 'Reset the exercise', command: command('check', '--reset') },
    ],
    next() {
      const next = nextExercise(exercises, root, exercise)
      return next && menuOf(next, daemonArguments)
    },
  }
}
