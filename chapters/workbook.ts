/**
 * `npm run chapter`: hands the course to the runner.
 *
 * @module
 */

import { refuseWhatNpmTook } from '../src/command-line/npm.ts'
import { type CommandLine, type OptionTable, parseCommandLine } from '../src/command-line/parse.ts'
import { Failure } from '../src/failure.ts'
import { dieOfBrokenPipe } from '../src/process.ts'
import { runChapter } from '../src/runner/run.ts'
import type { Walkable } from '../src/stage.ts'
import type { Asked } from './01-create.ts'
import { askedFor, execOptions } from './asked.ts'
import { courseWithMine } from './exercises/course.ts'
import { dockerExec } from './index.ts'

const table = {
  ...execOptions,
  json: { type: 'switch' },
  plain: { type: 'switch' },
  'no-tty': { type: 'switch' },
  'no-stdin': { type: 'switch' },
  image: { type: 'value' },
  pull: { type: 'switch' },
  host: { type: 'value' },
  practice: { type: 'switch' },
  fault: { type: 'list' },
  mine: { type: 'switch' },
  help: { type: 'switch', short: 'h' },
} as const satisfies OptionTable

const usage = 'Usage:  npm run chapter -- [OPTIONS] N [CONTAINER [COMMAND [ARG...]]]'

const help = `${usage}

Runs chapters 1 to N against a real daemon and shows what each of them did.
Without CONTAINER a sandbox is made and removed again; without COMMAND it is sh.

${dockerExec.stages.map(({ name, question }, at) => `  ${at + 1} ${name.padEnd(12)} ${question}`).join('\n')}

Options, before or behind N:
      --json          One JSON document on stdout, the session on stderr
      --plain         Text that is only appended (there is no other form yet)
      --mine          Your own stage N, from chapters/exercises/mine/; npm run check judges it
      --no-tty        No terminal in the container, although there is one here
      --no-stdin      Do not attach standard input
      --image IMAGE   Make the sandbox from this image
      --pull          Allow the download of an image if there is none that will do
      --host HOST     This daemon: unix:///path/to/docker.sock or tcp://host:2375
      --practice      The practice daemon, which needs no Docker
      --fault NAME    ... that does something wrong on purpose; --fault list
  and those of docker exec: -d, --detach-keys, -e, --env-file, -i, --privileged, -t, -u, -w
`

type Options = CommandLine<typeof table>['options']

async function main(): Promise<number> {
  const { options, words } = readCommandLine(process.argv.slice(2))
  const [number, container, ...command] = words
  if (options.help || number === undefined) {
    process.stdout.write(help)
    return 0
  }
  const last = chapterNumber(number)
  const faults = options.fault ?? []

  process.stdout.once('error', (error) => dieOfBrokenPipe(error))
  return runChapter<Asked>({
    course: options.mine ? courseWithStageOf(last) : dockerExec,
    last,
    container,
    begin: (box) => ask(options, box, command),
    json: options.json ?? false,
    daemon: {
      host: options.host,
      practice: options.practice ?? faults.length > 0,
      faults,
    },
    sandbox: {
      ...(options.image !== undefined && { image: options.image }),
      mayPull: async (image) => options.pull ?? (await askToPull(image, options)),
    },
  })
}

/** The course with the learner's own stage, of the chapter that is asked for, in its place. */
function courseWithStageOf(chapter: number): Walkable<Asked> {
  return courseWithMine(chapter, process.cwd(), (line) => void process.stderr.write(`${line}\n`))
}

/** Options may stand before the number and behind it; what follows the container is its command. */
function readCommandLine(args: readonly string[]): CommandLine<typeof table> {
  refuseWhatNpmTook('chapter', table, args)
  try {
    const before = parseCommandLine(table, args)
    const [number, ...rest] = before.words
    if (number === undefined) return before
    const behind = parseCommandLine(table, rest)
    return {
      options: { ...before.options, ...behind.options },
      words: [number, ...behind.words],
    }
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    throw new Failure(
      `${error.message}\n${usage}`,
      error.exitCode,
      'See npm run chapter -- --help.',
    )
  }
}

function chapterNumber(text: string): number {
  const number = Number(text)
  if (Number.isInteger(number) && number >= 1 && number <= dockerExec.stages.length) return number
  throw new Failure(
    `there is no chapter ${text}: they are numbered from 1 to ${dockerExec.stages.length}`,
    1,
    'Begin with npm run chapter 1.',
  )
}

/**
 * What the article ran: `-it` and `sh`, as far as there is a terminal to do it with. In a pipe it
 * is `-i` alone, and the shell reads its commands from there.
 */
function ask(options: Options, container: string, command: readonly string[]): Asked {
  const terminal = process.stdin.isTTY === true && !options['no-tty']
  const interactive = options.interactive ?? !options['no-stdin']
  return askedFor(
    { ...options, interactive, tty: options.tty ?? (terminal && interactive) },
    container,
    command.length > 0 ? command : ['sh'],
  )
}

/** Asks a person; where there is none to ask, the answer is no and the error names the flag. */
async function askToPull(image: string, options: Options): Promise<boolean> {
  if (options.json || !process.stdin.isTTY || !process.stdout.isTTY || process.env.CI) return false
  const { confirm, isCancel } = await import('@clack/prompts')
  const answer = await confirm({ message: `No local image has a shell. Download ${image}?` })
  if (isCancel(answer)) throw new Failure('Stopped. Nothing was downloaded.', 130)
  return answer
}

main().then(
  (exitCode) => process.exit(exitCode),
  (error: unknown) => {
    if (!(error instanceof Failure)) throw error
    const hint = error.hint ? `\n${error.hint}` : ''
    process.stderr.write(`${error.message}${hint}\n`, () => process.exit(error.exitCode))
  },
)
