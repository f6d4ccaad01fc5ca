/**
 * The exercises of a chapter as menus. Each choice runs a command of the workbook, which the learner
 * could also have typed.
 *
 * @module
 */

import { spawn } from 'node:child_process'
import type { Scope } from '../course/scope.ts'
import { type GuideSession, say, type WorkbookCommand } from './guide-session.ts'

/** Offers the exercises of a chapter until the learner goes back. */
export async function offerExercises<First extends object>(
  { options, ask, scope, page }: GuideSession<First>,
  chapter: number,
): Promise<void> {
  const exercises = options.exercises[chapter - 1] ?? []
  const choices = exercises.map((value) => ({ value, label: value.title }))
  const back = { value: undefined, label: 'Back', back: 'back' }
  const exercise =
    exercises.length === 1 ? exercises[0] : await ask.choose('Which one?', [...choices, back])
  while (exercise) {
    const actions = exercise.actions.map((value) => ({
      value,
      label: value.label,
      hint: value.command.typed,
    }))
    const action = await ask.choose(`Write it yourself: ${exercise.title}`, [...actions, back])
    if (!action) return
    say('', page.style.dim(`$ ${action.command.typed}`))
    await runCommand(action.command, scope)
    say('')
  }
}

/** Runs a command in this terminal. Until it ends, only the command reads keys and writes. */
async function runCommand({ file, words }: WorkbookCommand, scope: Scope): Promise<void> {
  const child = spawn(process.execPath, ['-r', 'tsx/cjs', '--', file, ...words], {
    stdio: 'inherit',
  })
  const ended = new Promise<void>((resolve, reject) => {
    child.once('exit', () => resolve())
    child.once('error', reject)
  })
  const held = scope.hold('command', child, async () => {
    child.kill()
    await ended.catch(() => {})
  })
  await ended
  await held.release()
}
