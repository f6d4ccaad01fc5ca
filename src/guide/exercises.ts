/**
 * The exercise menus of a chapter. Each choice runs a workbook command that
 * the learner could also type.
 *
 * @module
 */

import { spawn } from 'node:child_process'
import type { Scope } from '../course/scope.ts'
import type { Choice } from '../menus/ask.ts'
import { viewPages } from '../menus/viewer.ts'
import { nodeArguments } from '../process/node-arguments.ts'
import {
  type ExerciseAction,
  type ExerciseMenu,
  type GuideSession,
  printLines,
  type WorkbookCommand,
} from './guide-session.ts'

/** Offers the exercises of a chapter until the learner goes back. */
export async function offerExercises<First extends object>(
  session: GuideSession<First>,
  chapter: number,
): Promise<void> {
  const exercises = session.options.exercises[chapter - 1] ?? []
  const choices = exercises.map((value) => ({
    value,
    label: `${value.title} (${value.progress()})`,
  }))
  const first = exercises.find((one) => one.progress() !== 'right') ?? exercises[0]
  const back = { value: undefined, label: 'Go back', back: 'back' }
  let exercise =
    exercises.length > 1
      ? await session.ask.choose('Which exercise?', [...choices, back], first)
      : first
  while (exercise) exercise = await offerActions(session, exercise)
}

/**
 * Shows the task of an exercise and offers its actions until the learner
 * moves on.
 *
 * @returns the next exercise, or undefined to go back
 */
async function offerActions<First extends object>(
  session: GuideSession<First>,
  exercise: ExerciseMenu,
): Promise<ExerciseMenu | undefined> {
  const { ask, scope, page } = session
  await showTask(session, exercise)
  for (;;) {
    const next = exercise.next()
    const choices: Choice<ExerciseAction | ExerciseMenu | undefined>[] = [
      ...exercise.actions.map((value) => ({
        ...{ value, key: value.key },
        label: value.label,
        hint: value.command.typed,
      })),
      ...(next ? [{ value: next, label: 'Do the next exercise', hint: next.title, key: 'n' }] : []),
      { value: undefined, label: 'Go back', back: 'back' },
    ]
    const isRight = exercise.progress() === 'right'
    const preset = isRight ? next : exercise.actions.find(({ key }) => key === 'w')
    const question = `Exercise: ${exercise.title} (${exercise.progress()})`
    const action = await ask.choose(question, choices, preset)
    if (action === undefined || 'actions' in action) return action
    if (action.key === 't') await showTask(session, exercise)
    else {
      printLines('', page.style.dim(`$ ${action.command.typed}`))
      await runCommand(action.command, scope)
      printLines('')
    }
  }
}

/**
 * Shows a task: in the viewer if the terminal can draw, otherwise as text.
 */
async function showTask<First extends object>(
  { options, page, scope }: GuideSession<First>,
  { title, task }: ExerciseMenu,
): Promise<void> {
  if (options.form !== 'menus') return printLines('', ...task(page))
  const lines = (width: number): string[] =>
    task({ width: Math.min(width, 100), style: page.style })
  await viewPages([{ title, views: [{ name: 'task', lines }] }], 0, page.style, scope)
}

/**
 * Runs a command in this terminal. Until it ends, only the command reads keys
 * and writes.
 */
async function runCommand({ file, words }: WorkbookCommand, scope: Scope): Promise<void> {
  const child = spawn(process.execPath, [...nodeArguments, '--', file, ...words], {
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
