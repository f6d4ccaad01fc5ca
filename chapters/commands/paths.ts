/**
 * Where things are in the repository.
 *
 * @module
 */

import { join } from 'node:path'

/** The folder of the repository. */
export const root = join(__dirname, '..', '..')

/** The program of the practice daemon. */
export const practiceProgram = join(root, 'src', 'practice', 'main.ts')

/** The program that judges exercises in a process of its own. */
export const judgeProgram = join(root, 'chapters', 'commands', 'judging-process.ts')
