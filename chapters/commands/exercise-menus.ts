/**
 * The exercises as the runner's menu offers them: each choice is a command that can be typed as well.
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
 * The exercises, chapter by chapter.
 *
 * @param where - the options that name the daemon, which go on to each command
 */
export function exerciseMenus(where: readonly string[]): ExerciseMenu[][] {
  return chapterFolders.map(({ exercises }) => exercises.map((exercise) => menuOf(exercise, where)))
}

function menuOf(exercise: Exercise, where: readonly string[]): ExerciseMenu {
  const command = (script: 'check' | 'chapter', ...options: readonly string[]) => {
    const file = join(__dirname, `${script}.ts`)
    const all = [...wordsFor(exercise).split(' '), ...options, ...where]
    return { typed: `npm run ${script} -- ${all.join(' ')}`, file, words: all }
  }
  const story = { key: 'm', label: 'Run it in the story' }
  return {
    title: exercise.task,
    progress: () => progressOf(exercise, root),
    task: (page) => taskLines(exercise, root, casesOf(exercise), page),
    actions: [
      { key: 't', label: 'Read the task', command: command('check', '--task') },
      { key: 'o', label: 'Open in the editor', command: command('check', '--edit') },
      { key: 'w', label: 'Check whenever I save', command: command('check', '--watch') },
      { key: 'c', label: 'Check once', command: command('check') },
      { key: 'h', label: 'Get a hint', command: command('check', '--hint') },
      ...(exercise.main ? [{ ...story, command: command('chapter', '--mine', '--plain') }] : []),
      { key: 's', label: 'Compare with the solution', command: command('check', '--solution') },
      { key: 'b', label: 'Begin anew, keep my work', command: command('check', '--reset') },
    ],
    next() {
      const next = nextExercise(exercises, root, exercise)
      return next && menuOf(next, where)
    },
  }
}
