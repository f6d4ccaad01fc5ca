/**
 * The process in which a learner's work runs. It has no terminal that it could leave raw, and the
 * command that started it ends it when it does not end by itself.
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

/** The trial that runs. */
let title: string | undefined

/** Judges everything, one after the other: an error outside any `await` must belong to one job. */
async function work({ jobs, ...place }: Assignment): Promise<void> {
  const world = worldAt(place)
  for (const { exercise, file } of jobs) {
    title = undefined
    sendToParent({ kind: 'begins', milliseconds: 10_000 })
    let verdict: Verdict
    try {
      const { exports, trials } = findTrials(exercise)
      const subject = loadExport(file, exports)
      verdict = await judge({ exercise, subject, file }, trials, world, {
        begins(trial, milliseconds) {
          title = trial
          sendToParent({ kind: 'begins', title, milliseconds })
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

function worldAt({ host, container }: JudgingPlace): Omit<ExecPlace, 'limit'> {
  const config = readDockerConfig(process.env, () => {})
  const address = addressOfHost(host, process.env, config)
  return {
    container,
    address,
    connect: (record) =>
      connectTo(address, config, { environment: process.env, ...(record && { record }) }),
  }
}

/** What the learner's code may print in one check, in characters. */
const mostPrinted = 64 * 1024

let printed = 0

/** Hands over what is printed, with the trial in which it was, up to a limit. */
function report(chunk: string | Uint8Array, ...rest: readonly unknown[]): boolean {
  for (const done of rest) if (typeof done === 'function') setImmediate(done as () => void)
  if (printed > mostPrinted) return true
  const whole = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString()
  const text = whole.slice(0, mostPrinted - printed)
  printed += whole.length
  const end = printed > mostPrinted ? '\n… more than 64 KiB: the rest is left out\n' : ''
  sendToParent({ kind: 'printed', text: `${text}${end}`, ...(title !== undefined && { title }) })
  return true
}

endWithParent()
process.stdout.write = report
process.stderr.write = report

// The command that wanted the verdicts has died, or has them all.
process.once('disconnect', () => process.exit())
let working: Promise<unknown> = Promise.resolve()
process.on('message', (message: Assignment | ReferenceJob) => {
  working = working.then(async () => {
    if ('jobs' in message) return work(message).then(() => process.disconnect?.())
    // What the reference cannot pass is told when there is work to judge.
    return runReferences(findTrials(message.rehearse).trials, worldAt(message)).catch(() => {})
  })
})
