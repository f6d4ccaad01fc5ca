/**
 * `npm run daemon`: runs the practice daemon on its own, so you can point the
 * real `docker` at it and watch the requests.
 *
 * @module
 */

import { describeFaults } from '../../src/practice/faults.ts'
import { startPracticeDaemon } from '../../src/practice/spawn.ts'
import { endWith } from '../../src/process/ending.ts'
import { Failure } from '../../src/process/failure.ts'
import { userName } from '../../src/process/learner.ts'
import type { OptionTable } from '../../src/process/options.ts'
import { readScriptLine } from '../../src/process/script-line.ts'
import { openRunScope } from '../../src/run/run-scope.ts'
import { practiceProgram } from './paths.ts'

const table = {
  fault: { type: 'list' },
  help: { type: 'switch', short: 'h' },
} as const satisfies OptionTable

const usage = 'Usage:  npm run daemon -- [--fault NAME]...'

const help = `${usage}

Starts the practice daemon, prints its address and then every request it gets.
It has one container, practice. Ctrl-C stops the daemon and its commands.

Options:
      --fault NAME   Add a deliberate fault; --fault list shows all
`

async function main(): Promise<number> {
  const script = { name: 'daemon', table, usage }
  const { options, words } = readScriptLine(script, process.argv.slice(2))
  if (options.help) {
    process.stdout.write(help)
    return 0
  }
  if (words.length > 0) {
    throw new Failure(`daemon takes only options, not ${words[0]}\n${usage}`, 125)
  }
  if (options.fault?.includes('list')) {
    process.stdout.write(describeFaults())
    return 0
  }
  const scope = openRunScope({ terminal: false })
  const daemon = await startPracticeDaemon({
    program: practiceProgram,
    faults: options.fault ?? [],
    log: (line) => void process.stdout.write(`${line}\n`),
  })
  scope.hold('practice daemon', daemon, daemon.close)
  const user = userName()
  const flags = daemon.hasTerminals ? '-it' : '-i'
  process.stdout.write(
    [
      '# The practice daemon is not Docker: commands run on this machine, as you',
      `# (${user}), in an empty directory, and can reach all that you can.`,
      '# In another shell:',
      `export DOCKER_HOST=${daemon.host}`,
      `docker exec ${flags} ${daemon.container} sh`,
      '# Ctrl-C stops the daemon. Its requests:',
      '',
    ].join('\n'),
  )
  await daemon.ended
  throw new Failure(
    'the practice daemon stopped unexpectedly',
    1,
    'To start it again: npm run daemon',
  )
}

endWith(main())
