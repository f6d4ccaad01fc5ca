/**
 * Chapter 4, as the course loads it. Its experiments and verdicts are loaded
 * only on demand.
 *
 * @module
 */

export { companion } from './companion.ts'
export { exercises } from './exercises/index.ts'
export { lesson } from './lesson.ts'
export { questions } from './questions.ts'
export { rows } from './rows.ts'
export { tasks } from './tasks.ts'
