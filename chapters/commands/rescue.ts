/**
 * `npm run rescue`: repairs a terminal that a program has left unusable.
 *
 * If Enter does nothing and you can't see what you type, type it anyway and
 * press Ctrl-J, which sends the newline that Enter no longer does.
 *
 * @module
 */

import { endWith } from '../../src/process/ending.ts'
import { Failure } from '../../src/process/failure.ts'
import { rescueTerminal } from '../../src/terminal/rescue.ts'

const usage = 'Usage:  npm run rescue'

const help = `${usage}

Resets this terminal: ordinary modes, an ordinary screen, a visible cursor.
If Enter does nothing, press Ctrl-J instead.
`

async function answer(word: string): Promise<number> {
  if (!['help', '--help', '-h'].includes(word)) {
    throw new Failure(`rescue takes no options and no words, not ${word}\n${usage}`, 125)
  }
  process.stdout.write(help)
  return 0
}

const [word] = process.argv.slice(2)
// A rescue closes our standard streams, and endWith takes that for a hangup.
if (word === undefined) process.exitCode = rescueTerminal()
else endWith(answer(word))
