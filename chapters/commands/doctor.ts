/**
 * `npm run doctor`: says what is wrong, what that means and how to fix it.
 *
 * @module
 */

import type { Course } from '../../src/doctor/check-session.ts'
import { examine } from '../../src/doctor/examine.ts'
import { endWith } from '../../src/process/ending.ts'
import { Failure } from '../../src/process/failure.ts'
import type { OptionTable } from '../../src/process/options.ts'
import { readScriptLine } from '../../src/process/script-line.ts'
import { daemonFor, daemonOptions } from './daemon-options.ts'

const table = {
  report: { type: 'switch' },
  json: { type: 'switch' },
  ...daemonOptions,
  pull: { type: 'switch' },
  help: { type: 'switch', short: 'h' },
} as const satisfies OptionTable

const usage = 'Usage:  npm run doctor -- [OPTIONS]'

const help = `${usage}

Checks everything a chapter needs: Node and the packages, the terminal and its
raw mode, every place an engine may listen, and a complete session, chapter by
chapter, on the engine you would use. It removes everything it creates.
It explains each problem and how to fix it on this system, and ends with the
command to run next.

Options:
      --report        Print Markdown that is safe to paste: no names, paths,
                      addresses or values
      --json          Print the results as one JSON document
      --image IMAGE   Create the sandbox from this image
      --pull          Download an image if no local one has a shell
      --host HOST     Check unix:///path, tcp://host:2375 or ssh://user@host
      --practice      Check only the practice daemon

Exit code: 0 if a chapter can run, even if only on the practice daemon, else 1.
`

async function main(): Promise<number> {
  const script = { name: 'doctor', table, usage }
  const { options, words } = readScriptLine(script, process.argv.slice(2))
  if (options.help) {
    process.stdout.write(help)
    return 0
  }
  if (words.length > 0) {
    throw new Failure(`doctor takes only options, not ${words[0]}\n${usage}`, 125)
  }
  return examine({
    form: options.json ? 'json' : options.report ? 'report' : 'lines',
    // npm runs scripts in the project's folder.
    root: process.cwd(),
    ...daemonFor(options),
    image: options.image,
    pull: options.pull ?? false,
    course: loadCourse,
  })
}

/** Loads the chapters only after their packages are known to be installed. */
function loadCourse(): Course {
  const { dockerExec } = require('../index.ts') as typeof import('../index.ts')
  const { askedFrom } = require('./asked.ts') as typeof import('./asked.ts')
  return {
    stages: dockerExec.stages,
    ask: (container, command, tty) => askedFrom({ interactive: true, tty }, container, command),
  }
}

endWith(main())
