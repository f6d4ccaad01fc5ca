/**
 * Which trials an exercise has to pass, and how a verdict is reached.
 *
 * @module
 */

import { describeThrown } from '../../src/judging/load.ts'
import { notWrittenYet } from '../../src/judging/not-written.ts'
import { firstThings, lastThings, thrown } from '../../src/judging/rules.ts'
import {
  type Seen,
  seenResults,
  seenText,
  type Trial,
  type World,
} from '../../src/judging/trial.ts'
import { Failure } from '../../src/process/failure.ts'
import { unifiedDiff } from '../../src/text/difference.ts'
import * as chapter1 from '../01-create/exercises/verdicts.ts'
import { create, execConfig } from '../01-create/stage.ts'
import { startRequest } from '../02-start/exercises/start-head.solution.ts'
import * as chapter2 from '../02-start/exercises/verdicts.ts'
import { start } from '../02-start/stage.ts'
import { splitPacket } from '../03-hijack/exercises/hijack-split.solution.ts'
import * as chapter3 from '../03-hijack/exercises/verdicts.ts'
import { hijack } from '../03-hijack/stage.ts'
import { rawWords } from '../04-raw-mode/exercises/raw-mode-flags.solution.ts'
import * as chapter4 from '../04-raw-mode/exercises/verdicts.ts'
import { rawMode } from '../04-raw-mode/stage.ts'
import { readFrameHeader } from '../05-copy-loops/exercises/copy-loops-header.solution.ts'
import * as chapter5 from '../05-copy-loops/exercises/verdicts.ts'
import { copyLoops } from '../05-copy-loops/stage.ts'
import { resizePath } from '../06-resize/exercises/resize-path.solution.ts'
import * as chapter6 from '../06-resize/exercises/verdicts.ts'
import { resize } from '../06-resize/stage.ts'
import { exitCodeIn } from '../07-exit-code/exercises/exit-code-note.solution.ts'
import * as chapter7 from '../07-exit-code/exercises/verdicts.ts'
import { exitCode } from '../07-exit-code/stage.ts'

/** What is on trial, and what it is compared with. Its type is known to its own trials only. */
type Trials = { readonly reference: unknown; readonly trials: readonly Trial<never>[] }

const trialsOf: Readonly<Record<string, Trials>> = {
  '01-create': { reference: create, trials: chapter1.stageTrials },
  '01-create-body': { reference: execConfig, trials: chapter1.bodyTrials },
  '02-start': { reference: start, trials: chapter2.stageTrials },
  '02-start-head': { reference: startRequest, trials: chapter2.headTrials },
  '03-hijack': { reference: hijack, trials: chapter3.stageTrials },
  '03-hijack-split': { reference: splitPacket, trials: chapter3.splitTrials },
  '04-raw-mode': { reference: rawMode, trials: chapter4.stageTrials },
  '04-raw-mode-flags': { reference: rawWords, trials: chapter4.flagTrials },
  '05-copy-loops': { reference: copyLoops, trials: chapter5.stageTrials },
  '05-copy-loops-header': { reference: readFrameHeader, trials: chapter5.headerTrials },
  '06-resize': { reference: resize, trials: chapter6.stageTrials },
  '06-resize-path': { reference: resizePath, trials: chapter6.pathTrials },
  '07-exit-code': { reference: exitCode, trials: chapter7.stageTrials },
  '07-exit-code-note': { reference: exitCodeIn, trials: chapter7.noteTrials },
}

/** What came of a check. */
export type Verdict = {
  readonly exercise: string
  readonly right: boolean
  /** The titles of the trials that were passed, in their order. */
  readonly passed: readonly string[]
  /** The title of the trial that was not. */
  readonly failed?: string
  /** What is wrong, in the protocol's words. */
  readonly complaint?: string
  /** From what the reference did to what the learner's work did, as a unified diff. */
  readonly difference?: string
}

/** The longest that the reference may take, in milliseconds. Its own time decides about the learner's. */
const referenceLimit = 30_000

type Rehearsed = { readonly seen: Seen; readonly milliseconds: number }

/** What the references came to: a batch of checks needs each of them once. */
const rehearsed = new Map<Trial<never>, Rehearsed>()

/**
 * Puts a learner's work through the trials of its exercise, up to the first that it does not pass.
 *
 * @param file - where it stands, for the line in which something was thrown
 * @param begins - called before each trial, with the time that it may take, in milliseconds
 */
export async function judge(
  exercise: string,
  subject: unknown,
  file: string,
  world: Omit<World, 'limit'>,
  begins: (milliseconds: number) => void,
): Promise<Verdict> {
  const { reference, trials } = trialsOf[exercise] ?? { reference: undefined, trials: [] }
  const passed: string[] = []
  for (const trial of trials) {
    begins(referenceLimit)
    const right = rehearsed.get(trial) ?? (await rehearse(trial, reference, world))
    rehearsed.set(trial, right)

    // Ten times what the reference took, and more: a busy machine is slow for both.
    const limit = 2000 + Math.ceil(10 * right.milliseconds)
    begins(limit)
    const seen = await attempt(trial, subject, { ...world, limit })
    const complaint = complaintAbout(seen, right.seen, trial, file)
    if (complaint === undefined) {
      passed.push(trial.title)
      continue
    }
    // What is not written yet differs in everything, which tells nobody anything.
    const difference = complaint.includes(notWrittenYet)
      ? ''
      : unifiedDiff(
          { label: 'the reference', text: seenText(right.seen) },
          { label: 'yours', text: seenText(seen) },
          2,
        )
    return {
      ...{ exercise, right: false, passed, failed: trial.title, complaint },
      ...(difference && { difference }),
    }
  }
  return { exercise, right: true, passed }
}

async function rehearse(
  trial: Trial<never>,
  reference: unknown,
  world: Omit<World, 'limit'>,
): Promise<Rehearsed> {
  const began = performance.now()
  const seen = await trial.run(reference as never, { ...world, limit: referenceLimit })
  // A daemon on which the reference itself fails can say nothing about anybody else's work.
  const reached = seen.happenings.some(({ kind }) => kind === 'your stage begins')
  const trouble =
    seen.stuck || (seen.happenings.length > 0 && !reached)
      ? (seen.error?.message ?? 'it did not come to its end')
      : trial.judge(seen, seen)
  if (trouble !== undefined) {
    throw new Failure(
      `nothing can be judged here: the reference itself does not pass "${trial.title}" on this daemon. Of it the verdict would be: ${trouble}`,
    )
  }
  return { seen, milliseconds: performance.now() - began }
}

/** Errors that nobody waited for, since the last trial began. */
const strays: unknown[] = []
process.on('unhandledRejection', (error) => strays.push(error))
process.on('uncaughtException', (error) => strays.push(error))

async function attempt(trial: Trial<never>, subject: unknown, world: World): Promise<Seen> {
  strays.length = 0
  try {
    const seen = await trial.run(subject as never, world)
    const [stray] = strays
    return stray instanceof Error && !seen.error ? { ...seen, error: stray } : seen
  } catch (error) {
    // A function that is no stage throws at its caller, who is the trial.
    return seenResults([], error)
  }
}

function complaintAbout(
  seen: Seen,
  reference: Seen,
  trial: Trial<never>,
  file: string,
): string | undefined {
  const [stray] = strays
  if (stray instanceof Error && seen.error === stray) {
    return (
      firstThings(seen) ?? `nobody waits for a promise that failed: ${describeThrown(stray, file)}`
    )
  }
  // A table of calls has its errors among its results. And where the learner's stage has returned,
  // it is a later one that threw, for a reason that lies in what it was handed.
  const failed = seen.results.length > 0 || seen.passedOn ? undefined : thrown(seen, file)
  return firstThings(seen) ?? failed ?? trial.judge(seen, reference) ?? lastThings(seen, reference)
}
