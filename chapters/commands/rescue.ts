/**
 * `npm run rescue`: repairs a terminal that a program has left unusable.
 *
 * If Enter does nothing and you can't see what you type, type it anyway and
 * press Ctrl-J, which sends the newline that Enter no longer does.
 *
 * @module
 */

import { rescueTerminal } from '../../src/terminal/rescue.ts'

process.exitCode = rescueTerminal()
