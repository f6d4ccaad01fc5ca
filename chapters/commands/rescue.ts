/**
 * `npm run rescue`: repairs a terminal that some program has left behind unusable.
 *
 * Where Enter does nothing and nothing is echoed, type it all the same and end it with Ctrl-J: that
 * is the line end that Enter does not send any more.
 *
 * @module
 */

import { rescueTerminal } from '../../src/terminal/rescue.ts'

process.exitCode = rescueTerminal()
