/**
 * Chapter 5: the parts that are loaded whenever the course is shown. Its
 * experiments and verdicts are loaded on demand.
 *
 * @module
 */

export { companion } from './companion.ts'
export { exercises } from './exercises/index.ts'
export { lesson } from './lesson.ts'
export { questions } from './questions.ts'
export { rows } from './rows.ts'
export { tasks } from './tasks.ts'
