/**
 * The exercises as the runner's menu offers them: each choice is a command that can be typed as well.
 *
 * @module
 */

import { join } from 'node:path'
import type { ExerciseMenu } from '../../src/guide/guide-session.ts'
import type { Exercise } from '../../src/judging/exercise.ts'
import { rooms } from './rooms.ts'

/**
 * The exercises, chapter by chapter.
 *
 * @param where - the options that name the daemon, which go on to each command
 */
export function exerciseMenus(where: readonly string[]): ExerciseMenu[][] {
  return rooms.map(({ exercises }) => exercises.map((exercise) => menuOf(exercise, where)))
}

function menuOf(exercise: Exercise, where: readonly string[]): ExerciseMenu {
  const { chapter, main, name, task } = exercise
  const words = main ? [`${chapter}`] : [`${chapter}`, name.slice(3)]
  const command = (script: 'check' | 'chapter', ...options: readonly string[]) => {
    const file = join(__dirname, `${script}.ts`)
    const all = [...words, ...options, ...where]
    return { typed: `npm run ${script} -- ${all.join(' ')}`, file, words: all }
  }
  return {
    title: task,
    actions: [
      { label: 'Check what I wrote (the first time: make the file)', command: command('check') },
      { label: 'A hint', command: command('check', '--hint') },
      ...(main
        ? [{ label: 'My stage in the story', command: command('chapter', '--mine', '--plain') }]
        : []),
      { label: 'The solution, beside mine', command: command('check', '--solution') },
      { label: 'Begin anew, and keep what I wrote', command: command('check', '--reset') },
    ],
  }
}
