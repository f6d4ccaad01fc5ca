/**
 * Where the practice daemon's program is. It runs as a process of its own, so somebody has to
 * know its file.
 *
 * @module
 */

import { join } from 'node:path'

/**
 * The path of the practice daemon's program.
 *
 * @param folder - the folder of the chapters
 */
export function practiceProgram(folder: string): string {
  return join(folder, '..', 'src', 'practice', 'main.ts')
}
