/**
 * A reader that stops reading, while the command has a GiB to say.
 *
 * @module
 */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { names } from './contenders.ts'
import { peakMemory } from './measure.ts'
import { median } from './statistics.ts'
import { type Case, createRows, valuesOf } from './table.ts'

/** The case of this file. */
export const stalled: Case = {
  name: 'stalled',
  about: 'peak memory while nothing reads 1 GiB of output',
  needsEngine: true,
  async run(bench) {
    const tables = []
    const seconds = bench.isQuick ? 4 : 12
    for (const engine of bench.engines) {
      const env = bench.environmentFor(engine)
      const chosen = bench.contenders.filter(({ writes }) => writes)
      const results = createRows(chosen.map(({ name }) => name))
      const rounds = bench.isQuick ? 1 : 3
      for (let round = 1; round <= rounds; round += 1) {
        bench.say(`stalled, ${engine.name}: round ${round} of ${rounds}`)
        // They wait at the same time, because waiting takes no CPU time.
        await Promise.all(
          chosen.map(async ({ name, words }) => {
            const copy = 'dd if=/dev/zero bs=1048576 count=1024 2>/dev/null'
            const [command = '', ...args] = words(engine.container, { command: ['sh', '-c', copy] })
            // Nothing reads this pipe.
            const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'ignore'] })
            const exit = once(child, 'exit')
            await wait(seconds * 500)
            const half = peakMemory(child.pid ?? 0)
            await wait(seconds * 500)
            const end = peakMemory(child.pid ?? 0)
            if (end > 0) results.add(name, { end, half })
            else results.drop(name, 'ended although nothing read its output')
            child.kill('SIGKILL')
            await exit
            child.stdout.destroy()
          }),
        )
      }
      const rows = results.rows()
      const end = median(valuesOf(rows, names.ours, 'end'))
      const half = median(valuesOf(rows, names.ours, 'half'))
      tables.push({
        name: 'stalled',
        title: `Peak memory while nothing reads 1 GiB of output for ${seconds} s`,
        engine: engine.name,
        columns: [
          { key: 'end', title: 'peak, MiB', digits: 0 },
          { key: 'half', title: 'at half time, MiB', digits: 0 },
        ],
        rows,
        base: names.docker,
        targets: [
          { what: 'peak, MiB', value: end, limit: { atMost: 80 } },
          { what: 'peak, to half time', value: end / half, limit: { atMost: 1.05 } },
        ],
      })
    }
    return tables
  },
}
