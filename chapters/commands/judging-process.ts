/**
 * The process that runs a learner's work. It has no terminal that it could
 * leave raw, and its parent kills it if it does not end on its own.
 *
 * @module
 */

import { addressOfHost } from '../../src/engine/address.ts'
import { readDockerConfig } from '../../src/engine/config-file.ts'
import { connectTo } from '../../src/engine/engine.ts'
import type { ExecPlace } from '../../src/exec/exec-place.ts'
import { judge, runReferences, type Verdict } from '../../src/judging/judge.ts'
import type {
  Assignment,
  JudgeMessage,
  JudgingPlace,
  ReferenceJob,
} from '../../src/judging/judge-process.ts'
import { asError, describeThrown, loadExport } from '../../src/judging/load.ts'
import { endWithParent } from '../../src/judging/loop-guard.ts'
import { Failure } from '../../src/process/failure.ts'
import { findTrials } from './chapter-folders.ts'

const sendToParent = (notice: JudgeMessage): void => void process.send?.(notice)

/** The title of the current trial. */
let currentTrial: string | undefined

/**
 * Judges the jobs one after another, so an error outside any `await` belongs
 * to one job.
 */
async function work({ jobs, ...location }: Assignment): Promise<void> {
  const place = placeAt(location)
  for (const { exercise, file } of jobs) {
    currentTrial = undefined
    sendToParent({ kind: 'begins', milliseconds: 10_000 })
    let verdict: Verdict
    try {
      const { exports, trials } = findTrials(exercise)
      const subject = loadExport(file, exports)
      verdict = await judge({ exercise, subject, file }, trials, place, {
        begins(trial, milliseconds) {
          currentTrial = trial
          sendToParent({ kind: 'begins', title: trial, milliseconds })
        },
        passed: (trial) => sendToParent({ kind: 'passed', title: trial }),
      })
    } catch (error) {
      const complaint =
        error instanceof Failure ? error.message : describeThrown(asError(error), file)
      verdict = { exercise, right: false, passed: [], complaint }
    }
    sendToParent({ kind: 'verdict', verdict })
  }
}

function placeAt({ host, container }: JudgingPlace): Omit<ExecPlace, 'limit'> {
  const config = readDockerConfig(process.env, () => {})
  const address = addressOfHost(host, process.env, config)
  return {
    container,
    address,
    connect: (record) =>
      connectTo(address, config, { environment: process.env, ...(record && { record }) }),
  }
}

/** The most characters that the learner's code can print in one check. */
const maxPrinted = 64 * 1024

let printed = 0

/**
 * Sends printed text to the parent, with the trial that printed it, up to a
 * limit.
 */
function report(chunk: string | Uint8Array, ...rest: readonly unknown[]): boolean {
  for (const done of rest) if (typeof done === 'function') setImmediate(done as () => void)
  if (printed > maxPrinted) return true
  const whole = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString()
  const text = whole.slice(0, maxPrinted - printed)
  printed += whole.length
  const end = printed > maxPrinted ? '\n… more than 64 KiB: the rest is omitted\n' : ''
  sendToParent({
    kind: 'printed',
    text: `${text}${end}`,
    ...(currentTrial !== undefined && { title: currentTrial }),
  })
  return true
}

endWithParent()
process.stdout.write = report
process.stderr.write = report

// The parent has died, or has all verdicts.
process.once('disconnect', () => process.exit())
let working: Promise<unknown> = Promise.resolve()
process.on('message', (message: Assignment | ReferenceJob) => {
  working = working.then(async () => {
    if ('jobs' in message) return work(message).then(() => process.disconnect?.())
    // A failing reference is reported later, with the learner's verdict.
    return runReferences(findTrials(message.rehearse).trials, placeAt(message)).catch(() => {})
  })
})
