/**
 * The room of chapter 5: what is loaded of it whenever the course is shown. Its experiments and its
 * verdicts are loaded only when somebody wants them.
 *
 * @module
 */

export { companion } from './companion.ts'
export { exercises } from './exercises/index.ts'
export { lesson } from './lesson.ts'
export { questions } from './questions.ts'
export { tasks } from './tasks.ts'
