/**
 * `npm run exec`: the whole course without any output of its own, a stand-in
 * for `docker exec`.
 *
 * @module
 */

import type { Kit } from '../../src/course/kit.ts'
import { createScope } from '../../src/course/scope.ts'
import { walk } from '../../src/course/walk.ts'
import { findAddress } from '../../src/engine/address.ts'
import { readDockerConfig } from '../../src/engine/config-file.ts'
import { connectTo } from '../../src/engine/engine.ts'
import {
  endOnBrokenStream,
  endWith,
  ignoreOtherSignals,
  onExit,
  unlessProcessEnds,
  watchNpm,
} from '../../src/process/ending.ts'
import { Failure, systemErrorText, warn } from '../../src/process/failure.ts'
import { rejectOptionsNpmTook } from '../../src/process/npm.ts'
import { type CommandLine, type OptionTable, parseCommandLine } from '../../src/process/options.ts'
import { ownTerminal } from '../../src/terminal/terminal.ts'
import { startTerminalGuard } from '../../src/terminal/terminal-guard.ts'
import type { Asked } from '../01-create/stage.ts'
import type { Exited } from '../07-exit-code/stage.ts'
import { dockerExec } from '../index.ts'
import { askedFrom, execOptions, newerOptions, rejectNewerOptions } from './asked.ts'

const usage = 'Usage:  npm run exec -- [OPTIONS] CONTAINER COMMAND [ARG...]'

const help = `${usage}

Execute a command in a running container

Options:
  -d, --detach               Detached mode: run command in the background
      --detach-keys string   Override the key sequence for detaching a
                             container
  -e, --env list             Set environment variables
      --env-file list        Read in a file of environment variables
  -i, --interactive          Keep STDIN open even if not attached
      --privileged           Give extended privileges to the command
  -t, --tty                  Allocate a pseudo-TTY
  -u, --user string          Username or UID (format:
                             "<name|uid>[:<group|gid>]")
  -w, --workdir string       Working directory inside the container
`

const table = {
  ...execOptions,
  help: { type: 'switch', short: 'h', isDeprecated: true },
} as const satisfies OptionTable

async function main(): Promise<number> {
  // As with docker, either may be a pipe whose reader is gone.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', endOnBrokenStream)
  ignoreOtherSignals()
  // Like docker, report an unreadable configuration first.
  const config = readDockerConfig(process.env, warn)
  const { options, words, notices = [] } = readCommandLine()
  // Like docker's, they go to standard output, because the help follows them.
  for (const notice of notices) await print(`${notice}\n`)
  if (options.help) {
    await print(help)
    return 0
  }
  const [container = '', ...command] = words
  // docker counts the words last. First it needs the daemon's version for an
  // option that older versions don't know.
  if (words.length < 2 && newerOptions(options).length === 0) throw tooFewWords()

  const scope = createScope()
  onExit(async ({ why, signal }) => {
    await scope.releaseAll().catch(() => {})
    if (!signal) warn(`${why}: the command may still run in ${container}`)
  })
  const { address } = findAddress(process.env, config)
  const engine = await connectTo(address, config, {
    environment: process.env,
    onNoAnswer: 'go on',
  })
  rejectNewerOptions(options, engine.apiVersion)
  if (words.length < 2) throw tooFewWords()
  const asked = askedFrom(options, container, command)
  if (asked.tty) {
    const stopGuard = startTerminalGuard()
    scope.hold('terminal guard', stopGuard, stopGuard)
    watchNpm()
  }
  const kit: Kit = { engine, terminal: ownTerminal(), scope }
  const { exitCode, message = '' } = await unlessProcessEnds(
    lastState(asked, kit).catch((error: unknown) => {
      throw withPracticeHint(error)
    }),
  )
  if (message) warn(message)
  return exitCode
}

function tooFewWords(): Failure {
  return new Failure(
    `exec: 'npm run exec --' requires at least 2 arguments\n\n${usage}\n\nSee 'npm run exec -- --help' for more information`,
  )
}

/**
 * Runs the whole course. If the command runs in the background, the last
 * state has no message.
 */
async function lastState(
  asked: Asked,
  kit: Kit,
): Promise<Pick<Exited, 'exitCode'> & Partial<Exited>> {
  let last: object = asked
  for await (const step of walk(dockerExec, asked, kit)) last = step.state
  return last as Pick<Exited, 'exitCode'> & Partial<Exited>
}

/**
 * Adds a hint about the practice daemon. docker has no such line, so it
 * appears only at a terminal.
 */
function withPracticeHint(error: unknown): unknown {
  if (!(error instanceof Failure) || !process.stderr.isTTY) return error
  if (!error.message.startsWith('Cannot connect to the Docker daemon')) return error
  const hint = 'No Docker? npm run daemon starts the practice daemon and prints how to use it.'
  return new Failure(`${error.message}\n${hint}`, error.exitCode)
}

function print(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => {
      // Like docker, exit with 0 if the help cannot be written.
      if (error) reject(new Failure(`write /dev/stdout: ${systemErrorText(error)}`, 0))
      else resolve()
    })
  })
}

function readCommandLine(): CommandLine<typeof table> {
  rejectOptionsNpmTook('exec', table, process.argv.slice(2))
  try {
    return parseCommandLine(table, process.argv.slice(2))
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    const more = `\n\n${usage}\n\nRun 'npm run exec -- --help' for more information`
    throw new Failure(error.message + more, error.exitCode)
  }
}

endWith(main(), { likeDocker: true })
