/**
 * `npm run replay`: steps through the tape of a run, forward and back,
 * without a daemon.
 *
 * @module
 */

import { existsSync } from 'node:fs'
import { basename, join } from 'node:path'

import { comparisonJson, comparisonLines } from '../../src/guide/compare.ts'
import {
  type NamedSource,
  replayJson,
  replayText,
  stepThrough,
  titleOf,
} from '../../src/guide/replay.ts'
import { ownForm } from '../../src/menus/form.ts'
import { endWith } from '../../src/process/ending.ts'
import { Failure } from '../../src/process/failure.ts'
import type { CommandLine, OptionTable } from '../../src/process/options.ts'
import { readAroundFirstWord, readScriptLine } from '../../src/process/script-line.ts'
import { purposeLines, sequenceLines } from '../../src/show/sequence.ts'
import { ownPage } from '../../src/show/stage-lines.ts'
import { keptTapes, tapesFolder, tapesKept } from '../../src/tape/keep.ts'
import { momentsOf } from '../../src/tape/moments.ts'
import { type ReadTape, readTape } from '../../src/tape/read.ts'
import { printableJson, printableLine, printableValue } from '../../src/text/printable.ts'
import { indented, wrapText } from '../../src/text/width.ts'
import { dockerExec } from '../index.ts'
import { lessons } from './chapter-folders.ts'
import { exportTape } from './export-tape.ts'

/** Says what is wrong with the number of an event or a stage. */
const checkNumber = (value: string): string | undefined =>
  /^[1-9]\d{0,8}$/.test(value) ? undefined : 'numbers start at 1'

const table = {
  list: { type: 'switch' },
  plain: { type: 'switch' },
  json: { type: 'switch' },
  at: { type: 'value', check: checkNumber },
  stage: { type: 'value', check: checkNumber },
  export: { type: 'value' },
  compare: { type: 'value' },
  diagram: { type: 'switch' },
  help: { type: 'switch', short: 'h' },
} as const satisfies OptionTable

const usage = 'Usage:  npm run replay -- [OPTIONS] [FILE]'

const help = `${usage}

Steps through the tape of a run, forward and back, by event and by stage. It
needs no daemon. Without FILE it opens the tape of the last run. Every run of
npm run chapter saves a tape; the newest ${tapesKept} are kept.

Options, before or after FILE:
      --list          List the saved tapes, newest first
      --plain         Print the whole tape as text and ask no questions
      --json          Print the whole tape as one JSON document
      --at N          Show event N, its bytes, the state and the terminal
      --stage N       Show only the events of stage N
      --compare OTHER Show how this run differs from the one on that tape
      --diagram       Show a sequence diagram and the purpose of each request
      --export FILE   Write the tape as a page (FILE.html), as a recording for
                      a terminal player (FILE.cast), as a picture of the
                      session and its wire (FILE.svg), or as a site with the
                      seven chapters around this run (a new FOLDER/)

A tape has no environment variables, tokens or authorization headers. Without
--keep-typed it has only the length of what you typed. It does have the output
of the command. With a TTY the output includes the echo of what you typed; a
password prompt has no echo.
`

type Options = CommandLine<typeof table>['options']

async function main(): Promise<number> {
  const { options, words } = readCommandLine(process.argv.slice(2))
  if (options.help) {
    process.stdout.write(help)
    return 0
  }
  if (options.list) {
    if (words.length > 0) throw new Failure(`--list takes no tape, not ${words[0]}\n${usage}`, 125)
    printLines(listLines())
    return 0
  }
  const file = fileFor(words[0])
  const tape = readTape(file)
  if (options.compare !== undefined) {
    const other = fileFor(options.compare)
    const names = [basename(other), basename(file)] as const
    const before = readTape(other)
    printLines(
      options.json
        ? [printableJson(comparisonJson(before, tape, names))]
        : comparisonLines(before, tape, names, ownPage()),
    )
    return 0
  }
  if (options.diagram) {
    const page = ownPage()
    const { events } = printableValue(tape)
    printLines([...sequenceLines(events, page), '', ...purposeLines(events, page)])
    return 0
  }
  if (options.export !== undefined) {
    await exportTape(tape, options.export)
    const first = options.export.endsWith('/') ? `${options.export}index.html` : options.export
    process.stdout.write(`Wrote ${printableLine(first)}\n`)
    return 0
  }
  await show(tape, options)
  return 0
}

function printLines(lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`)
}

async function show(tape: ReadTape, options: Options): Promise<void> {
  const selection = {
    event: options.at === undefined ? undefined : Number(options.at),
    stage: options.stage === undefined ? undefined : Number(options.stage),
  }
  checkSelection(tape, selection)
  const page = ownPage()
  const form = ownForm()
  const isChosen = selection.event !== undefined || selection.stage !== undefined
  if (options.json) {
    process.stdout.write(`${replayJson(tape, selection)}\n`)
  } else if (options.plain || isChosen || form === 'plain') {
    printLines(replayText(tape, selection, page))
  } else {
    await stepThrough(tape, form, sources(), page)
  }
}

/** Throws if the tape lacks the event or the stage, and says what it has. */
function checkSelection(
  { events }: ReadTape,
  { event, stage }: { readonly event: number | undefined; readonly stage: number | undefined },
): void {
  if (event !== undefined && event > events.length) {
    throw new Failure(`event ${event} is not on this tape: it has ${events.length} events`)
  }
  const numbers = events.flatMap((each) => (each.kind === 'stage begins' ? each.number : []))
  if (stage !== undefined && !numbers.includes(stage)) {
    throw new Failure(
      `stage ${stage} is not on this tape: it has ${numbers.length === 0 ? 'no stages' : `only ${numbers.join(', ')}`}`,
    )
  }
  if (event !== undefined && stage !== undefined) {
    const actual = momentsOf(events)[event - 1]?.stage?.number
    if (actual !== stage) throw new Failure(`event ${event} does not belong to stage ${stage}`)
  }
}

function sources(): NamedSource[] {
  const { stages } = dockerExec
  return lessons().map((lesson, at) => ({ ...lesson, name: stages[at]?.name ?? '' }))
}

/**
 * Returns the file of a tape: a path, the name of a saved tape, or the newest
 * saved tape.
 */
function fileFor(word: string | undefined): string {
  const folder = tapesFolder()
  if (word !== undefined) {
    const saved = join(folder, word)
    return !existsSync(word) && keptTapes(folder).includes(word) ? saved : word
  }
  const [newest] = keptTapes(folder)
  if (newest !== undefined) return join(folder, newest)
  throw new Failure(
    `cannot find a tape: ${folder} has none yet`,
    1,
    'Run a chapter to make one: npm run chapter 1. Or name a file: npm run replay FILE',
  )
}

/** Lists the saved tapes. An unreadable tape is listed with the reason. */
function listLines(): string[] {
  const folder = tapesFolder()
  const names = keptTapes(folder)
  const { width } = ownPage()
  if (names.length === 0)
    return wrapText(`No tapes in ${folder} yet. To make one: npm run chapter 1`, width)
  return [
    ...wrapText(`Tapes in ${folder}, newest first. To open one: npm run replay NAME`, width),
    ...names.flatMap((name) => [
      ...wrapText(name, width),
      ...indented(wrapText(describe(join(folder, name)), width - 4), 4),
    ]),
  ]
}

function describe(file: string): string {
  try {
    const { head, events, cut } = readTape(file)
    const title = printableLine(titleOf(head))
    return `${title}, ${events.length} events${cut === undefined ? '' : ', cut'}`
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    return error.message
  }
}

/** Reads options before and after the file. */
function readCommandLine(args: readonly string[]): CommandLine<typeof table> {
  return readScriptLine({ name: 'replay', table, usage }, args, (all) => {
    const read = readAroundFirstWord(table, all)
    const [, more] = read.words
    if (more !== undefined)
      throw new Failure(`cannot open more than one tape: ${more} is extra`, 125)
    return read
  })
}

endWith(main())
