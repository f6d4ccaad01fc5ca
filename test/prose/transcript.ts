/**
 * Writes a chapter's transcript: its output in a pipe and in a terminal, and
 * the state it passes on.
 *
 * @module
 */

import { join } from 'node:path'
import { expect } from 'vitest'
import { chapterFolders } from '../../chapters/commands/chapter-folders.ts'
import { dockerExec } from '../../chapters/index.ts'
import { temporaryFolder } from '../support/folder.ts'
import { openTerminal, type Terminal } from '../support/pty.ts'
import { run } from '../support/run.ts'
import { root, script } from '../support/scripts.ts'
import { normalise, shownExecId } from './normalise.ts'

/** Where transcripts are, and where the one of a chapter is. */
export function transcriptPath(number: number): string {
  return join('chapters', chapterFolders[number - 1]?.folder ?? '', 'transcript.md')
}

/**
 * What is run in a terminal: the words of the command, and who sits before
 * it.
 */
type Sitting = {
  readonly command: string
  /** What the person does, for the page. */
  readonly does: string
  /** And does. */
  readonly sit: (terminal: Terminal) => Promise<void>
}

/** The session in a pipe. */
const input = 'echo hi\nexit 5\n'
const inputCommand = "printf 'echo hi\\nexit 5\\n' |"

/** The chapters in which the terminal is of interest, by their number. */
const sittings: Readonly<Record<number, Sitting>> = {
  4: {
    // A command that prints nothing on its own, so the timing of its output
    // cannot vary.
    command: 'practice cat',
    does: 'These keys were pressed: `a`, Ctrl-C, Ctrl-Z, Ctrl-\\, Enter, the arrow up, `é`, `q`.',
    async sit(terminal) {
      const keys = { a: '61', '\x03': '03', '\x1a': '1a', '\x1c': '1c', '\r': '0d' }
      const more = { '\x1b[A': '1b 5b 41', é: 'c3 a9' }
      for (const [key, bytes] of Object.entries({ ...keys, ...more })) {
        terminal.type(key)
        // Press the next key only after this one is shown, so each key is one
        // read.
        await terminal.waitFor(`  ${bytes} `)
      }
      terminal.type('q')
    },
  },
  5: {
    command: `practice sh -c 'read -r line; echo "you typed: $line"'`,
    does: 'Typed: `hello`, and Enter.',
    async sit(terminal) {
      terminal.type('hello\r')
    },
  },
  6: {
    command: `practice sh -c 'read -r key; stty size; until [ "$(stty size)" = "30 100" ]; do sleep 0.1; done; stty size'`,
    does: 'Enter was pressed, and then the window was made 100 columns by 30 rows.',
    async sit(terminal) {
      terminal.type('\r')
      await terminal.waitFor('24 80')
      terminal.resize(100, 30)
    },
  },
}

/** Runs the chapter, and makes the page. */
export async function transcript(number: number): Promise<string> {
  const stage = dockerExec.stages[number - 1]
  const neighbours = [
    { word: 'Before', to: number - 1 },
    { word: 'Next', to: number + 1 },
  ].filter(({ to }) => dockerExec.stages[to - 1])
  return `${[
    `# Chapter ${number}, ${stage?.name}: what it prints`,
    '',
    'This page is generated from a run against the practice daemon, which behaves the same on every',
    'machine. Run the same command to compare. Values that differ from run to run are replaced: IDs,',
    'dates, the user’s name, the daemon’s address, process IDs and milliseconds. The order of events',
    'on two connections can vary, so requests come first, then sent bytes, then received bytes.',
    '',
    '## In a pipe',
    '',
    ...fenced('text', await inPipe(number)),
    '',
    `## The state after the stage, as \`--json\` has it`,
    '',
    ...fenced('json', await stateOf(number)),
    '',
    ...(await inTerminal(number)),
    neighbours.map(({ word, to }) => `${word}: ${linkTo(to)}`).join(' · '),
  ].join('\n')}\n`
}

/** A link from one chapter's transcript to another one's. */
function linkTo(number: number): string {
  return `[chapter ${number}](../${chapterFolders[number - 1]?.folder}/transcript.md)`
}

function fenced(language: string, text: string): string[] {
  return [`\`\`\`${language}`, text.trimEnd(), '```']
}

/** The words of a command in which the user has the same name everywhere. */
function chapterAsLearner(words: readonly string[]): [string, ...string[]] {
  const [node, ...args] = script('chapter', ...words)
  const preload = args.indexOf('--')
  args.splice(preload, 0, '-r', join(root, 'test', 'support', 'learner.ts'))
  return [node, ...args]
}

/** An environment in which nothing of the user's own shows. */
function quietEnvironment(): Record<string, string | undefined> {
  return {
    // The daemon's address is in this line, and a longer address would wrap
    // elsewhere.
    TMPDIR: '/tmp',
    DOCKER_CONFIG: temporaryFolder(),
    DOCKER_API_VERSION: undefined,
    NO_COLOR: '1',
    NORAW: undefined,
  }
}

async function runInPipe(words: readonly string[]): Promise<string> {
  const [command, ...args] = chapterAsLearner(words)
  const ended = await run(command, args, { stdin: input, env: quietEnvironment() })
  const complaint = ended.stderr.toString()
  if (ended.code === null || /^Error|at .*\(/.test(complaint)) throw new Error(complaint)
  return ended.stdout.toString()
}

async function inPipe(number: number): Promise<string> {
  const printed = await runInPipe([String(number), '--practice'])
  return `$ ${inputCommand} npm run chapter -- ${number} --practice\n${normalise(printed)}`
}

/**
 * The states of a whole run. A stage passes on the same state wherever the
 * walk stops.
 */
let states: Promise<readonly { readonly execId: string }[]> | undefined

async function stateOf(number: number): Promise<string> {
  states ??= runInPipe(['7', '--practice', '--json']).then((printed) => {
    const { stages } = JSON.parse(printed) as { stages: { state: { execId: string } }[] }
    return stages.map(({ state }) => state)
  })
  const state = (await states)[number - 1]
  return JSON.stringify({ ...state, execId: shownExecId }, null, 2)
}

async function inTerminal(number: number): Promise<string[]> {
  const sitting = sittings[number]
  if (!sitting) return []
  const words = ['--plain', '--practice', String(number), ...splitWords(sitting.command)]
  const [command, ...args] = chapterAsLearner(words)
  const terminal = openTerminal(command, args, { env: quietEnvironment() })
  try {
    // A key pressed before raw mode would be echoed by this terminal.
    await terminal.waitFor('── the session')
    await expect.poll(() => terminal.describeModes()).toContain('-icanon')
    await sitting.sit(terminal)
    const { screen } = await terminal.ended
    const line = `$ npm run chapter -- ${number} --practice --plain ${sitting.command}`.trimEnd()
    return [
      '## In a terminal of 80 columns and 24 rows',
      '',
      sitting.does,
      '',
      ...fenced('text', `${line}\n${normalise(screen.toString())}`),
      '',
    ]
  } finally {
    await terminal.stop()
  }
}

/**
 * `practice sh -c '…'` as a shell would split it: words, and one in quotes.
 */
function splitWords(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '')
}
