/**
 * Runs tests of experiments on the test engine and on a practice daemon, and
 * checks that nothing leaks.
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
import { type Container, describeWithDockerd, startContainer } from '../support/engine.ts'
import { removeFolder, temporaryFolder } from '../support/folder.ts'
import { root } from '../support/scripts.ts'
import { experimentAt, type Place } from './lab.ts'

/**
 * Defines the same tests on both daemons, plus a test for leaked processes.
 */
export function describeEverywhere(title: string, body: (place: () => Place) => void): void {
  describeWithDockerd(`${title}, on an engine`, (engine) => {
    let box: Container
    beforeAll(async () => {
      box = await startContainer()
    })
    afterAll(() => box.release())
    body(() => ({ host: engine.host, container: box.name }))

    test('leaves no process in the container', async () => {
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

    test.runIf(process.platform === 'linux')('leaves no process in the container', () => {
      const home = join(dirname(daemon.host.replace('unix://', '')), 'practice')
      expect(processesOf(home)).toEqual([])
    })
  })
}

/** Runs an experiment that starts its own daemon with a fault. */
export function experimentWithFault<Facts>(experiment: Experiment<Facts>): Promise<Outcome<Facts>> {
  return withPractice([], (daemon) => experimentAt(experiment, daemon))
}

/**
 * Returns the command lines of the processes whose HOME is this directory.
 */
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

/** The resources that an experiment may leak. */
export type LeakWatch = {
  /** Returns the names of the files in the test's own temporary folder. */
  readonly files: () => string[]
  /** Returns the sockets and child processes opened since the start. */
  readonly opened: () => string[]
}

/** Gives a test its own temporary folder, and records the open resources. */
export function watchLeaks(): LeakWatch {
  const folder = temporaryFolder('wbxp')
  vi.stubEnv('TMPDIR', folder)
  onTestFinished(() => {
    vi.unstubAllEnvs()
    removeFolder(folder)
  })
  const before = openResources()
  return {
    // tsx, which runs the practice daemon, caches its output here.
    files: () => readdirSync(folder).filter((name) => !name.startsWith('tsx-')),
    // Resources of the previous test may have closed in the meantime.
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
