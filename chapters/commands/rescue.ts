/**
 * `npm run rescue`: repairs a terminal that a program has left unusable.
 *
 * If Enter does nothing and you can't see what you type, type it anyway and
 * press Ctrl-J, which sends the newline that Enter no longer does.
 *
 * @module
 */

import { rescueTerminal } from '../../src/terminal/rescue.ts'
import { printableLine } from '../../src/text/printable.ts'

const usage = 'Usage:  npm run rescue'

const help = `${usage}

Resets this terminal: ordinary modes, an ordinary screen, a visible cursor.
If Enter does nothing, press Ctrl-J instead.
`

const [word] = process.argv.slice(2)
if (word === undefined) process.exitCode = rescueTerminal()
else if (['help', '--help', '-h'].includes(word)) process.stdout.write(help)
else {
  process.stderr.write(
    `rescue takes no options and no words, not ${printableLine(word)}\n${usage}\n`,
  )
  process.exitCode = 125
}
