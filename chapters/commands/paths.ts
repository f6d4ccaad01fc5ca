/**
 * The paths of files in the repository.
 *
 * @module
 */

import { join } from 'node:path'

/** The root folder of the repository. */
export const root = join(__dirname, '..', '..')

/** The entry file of the practice daemon. */
export const practiceProgram = join(root, 'src', 'practice', 'main.ts')

/** The entry file of the judging process. */
export const judgeProgram = join(root, 'chapters', 'commands', 'judging-process.ts')
