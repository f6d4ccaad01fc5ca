/**
 * How a process of the workbook starts another one.
 *
 * @module
 */

import { join } from 'node:path'

/** The arguments with which Node runs the workbook's TypeScript. */
export const nodeArguments: readonly string[] = ['-r', join(__dirname, 'typescript.cjs')]
