/**
 * A shared engine: several people have sandboxes on it at the same time.
 *
 * @module
 */

import { existsSync, readFileSync } from 'node:fs'
import { hostname, userInfo } from 'node:os'
import { expect, onTestFinished, test } from 'vitest'
import { call, callOrThrow } from '../support/api.ts'
import { describeWithEngine } from '../support/engine.ts'
import { run } from '../support/run.ts'
import { script } from '../support/scripts.ts'

/** No process has this ID: Linux numbers them up to 4194304. */
const deadPid = '4194305'

/** Returns the boot ID on Linux. Elsewhere the workbook stores none. */
function thisBoot(): string {
  const file = '/proc/sys/kernel/random/boot_id'
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : ''
}

describeWithEngine('on an engine that others use too', (engine) => {
  /** Creates a sandbox like that of a workbook that no longer runs. */
  async function leaveSandbox(owner: string, boot = thisBoot()): Promise<string> {
    const { Id: id } = JSON.parse(
      await callOrThrow(engine.host, 'POST', '/containers/create', {
        Image: engine.image,
        Entrypoint: ['sh', '-c', 'sleep 1000'],
        Labels: {
          'docker-exec-workbook': 'sandbox',
          'docker-exec-workbook.owner': owner,
          'docker-exec-workbook.boot': boot,
          'docker-exec-workbook.pid': deadPid,
        },
        HostConfig: { NetworkMode: 'none' },
      }),
    ) as { Id: string }
    onTestFinished(async () => {
      await call(engine.host, 'DELETE', `/containers/${id}?force=1`)
    })
    await callOrThrow(engine.host, 'POST', `/containers/${id}/start`)
    return id
  }

  async function isThere(id: string): Promise<boolean> {
    return (await call(engine.host, 'GET', `/containers/${id}/json`)).status === 200
  }

  test('removes only the abandoned sandboxes of its own user and machine', async () => {
    const { username } = userInfo()
    const ours = await leaveSandbox(`${username}@${hostname()}`)
    const others = [
      await leaveSandbox(`somebody-else@${hostname()}`),
      await leaveSandbox(`${username}@another-machine`),
      // A machine cloned from the same disk.
      await leaveSandbox(`${username}@${hostname()}`, '7d1c7c3e-0000-4000-8000-000000000000'),
    ]
    const [command, ...words] = script('chapter', '1')
    const { code } = await run(command, words, { env: { DOCKER_HOST: engine.host } })
    expect(code).toBe(0)
    expect(await isThere(ours)).toBe(false)
    expect(await Promise.all(others.map(isThere))).toEqual([true, true, true])
  })
})
