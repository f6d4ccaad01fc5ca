/**
 * Experiments where they can be tried: on the engine of the tests and on a practice daemon, with a
 * look at what they leave behind.
 *
 * @module
 */

import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import type { Experiment } from '../../src/experiments/experiment.ts'
import type { Outcome } from '../../src/experiments/run-experiment.ts'
import { type PracticeDaemon, startPracticeDaemon } from '../../src/practice/spawn.ts'
import { withPractice } from '../practice/daemon.ts'
import { call } from '../support/api.ts'
import { type Container, describeWithEngine, startContainer } from '../support/engine.ts'
import { removeFolder, temporaryFolder } from '../support/folder.ts'
import { root } from '../support/scripts.ts'
import { experimentAt, type Place } from './lab.ts'

/**
 * The same tests on both. Behind them stands one that looks for processes which the experiments
 * left in the container.
 */
export function describeEverywhere(title: string, body: (place: () => Place) => void): void {
  describeWithEngine(`${title}, on an engine`, (engine) => {
    let box: Container
    beforeAll(async () => {
      box = await startContainer()
    })
    afterAll(() => box.remove())
    body(() => ({ host: engine.host, container: box.name }))

    test('no process is left in the container', async () => {
      const { body: answer } = await call(engine.host, 'GET', `/containers/${box.id}/top`)
      const { Processes } = JSON.parse(answer) as { Processes: string[][] }
      expect(Processes.map((columns) => columns.at(-1))).toEqual(['/bin/sleep 1000000'])
    })
  })

  describe(`${title}, on a practice daemon`, () => {
    let daemon: PracticeDaemon
    beforeAll(async () => {
      daemon = await startPracticeDaemon({ program: join(root, 'src', 'practice', 'main.ts') })
    })
    afterAll(() => daemon.close())
    body(() => daemon)

    test.runIf(process.platform === 'linux')('no process is left in the container', () => {
      const home = join(dirname(daemon.host.replace('unix://', '')), 'practice')
      expect(processesOf(home)).toEqual([])
    })
  })
}

/** Runs an experiment that brings its own daemon, with a fault. */
export function experimentWithFault<Facts>(experiment: Experiment<Facts>): Promise<Outcome<Facts>> {
  return withPractice([], (daemon) => experimentAt(experiment, daemon))
}

/** The command lines of the processes whose home is this directory. */
function processesOf(home: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const environment = readFileSync(`/proc/${pid}/environ`, 'latin1')
        if (!environment.split('\0').includes(`HOME=${home}`)) return []
        return [readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ').trim()]
      } catch {
        return []
      }
    })
}

/** What a test of leftovers looks at, before and after. */
export type Belongings = {
  /** What is in the folder for temporary files, which is the test's own. */
  readonly files: () => string[]
  /** The sockets and child processes that this process has open, and had not when it began. */
  readonly opened: () => string[]
}

/** Gives a test a folder for temporary files that nobody else writes into. */
export function watchBelongings(): Belongings {
  const folder = temporaryFolder('wbxp')
  vi.stubEnv('TMPDIR', folder)
  onTestFinished(() => {
    vi.unstubAllEnvs()
    removeFolder(folder)
  })
  const before = openResources()
  return {
    // The compiler of the practice daemon's program keeps what it has compiled.
    files: () => readdirSync(folder).filter((name) => !name.startsWith('tsx-')),
    // What the test before this one was still letting go may be gone by now.
    opened() {
      const known = [...before]
      return openResources().filter((name) => {
        const at = known.indexOf(name)
        if (at >= 0) known.splice(at, 1)
        return at < 0
      })
    },
  }
}

function openResources(): string[] {
  return process.getActiveResourcesInfo().filter((name) => /Pipe|TCP|Process/.test(name))
}
