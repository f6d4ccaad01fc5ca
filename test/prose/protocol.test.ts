/**
 * `docs/protocol.md` agrees with the record of the conformance suite, with
 * the bodies that we send, and with the requests of docker's client.
 *
 * @module
 */

import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Asked, execConfig } from '../../chapters/01-create/stage.ts'
import type { Kit } from '../../src/course/kit.ts'
import { requestText } from '../../src/exec/request.ts'
import { checks } from '../conformance/checks.ts'
import { ask, create, frames, inspect, send, start, type Target } from '../conformance/raw.ts'
import type { Records } from '../conformance/record.ts'
import { type Container, describeWithDockerd, startContainer } from '../support/engine.ts'
import { root } from '../support/scripts.ts'
import { execParts, obstacle } from './family.ts'
import { expectPart, readPage } from './page.ts'
import { checksOnPage, protocolTables } from './protocol.ts'

const page = 'docs/protocol.md'
const record = JSON.parse(
  readFileSync(join(root, 'test', 'conformance', 'record.json'), 'utf8'),
) as Records

test.each(Object.entries(protocolTables(record)))(
  `the table %s on ${page} is from the record`,
  (name, table) => expectPart(page, name, table),
)

test('every row is a check of the conformance suite', () => {
  const names = checks.map(({ name }) => name)
  expect(checksOnPage.filter((check) => !names.includes(check))).toEqual([])
})

test('lists every field that the client sends in the create', () => {
  const asked: Asked = {
    container: 'box',
    command: ['sh'],
    user: '',
    privileged: false,
    tty: true,
    interactive: true,
    detach: false,
    detachKeys: '',
    env: [],
    workingDir: '',
  }
  const kit = {
    engine: { apiVersion: '1.42', config: { detachKeys: '' } },
    terminal: { size: () => ({ rows: 24, columns: 80 }) },
  } as unknown as Kit
  const [, table = ''] = /^### POST \/containers\/ID\/exec$(.*?)^###/ms.exec(readPage(page)) ?? []
  const listed = [...table.matchAll(/^\| `(\w+)`/gm)].map(([, field]) => field)
  expect(listed.sort()).toEqual(Object.keys(execConfig(asked, kit)).sort())
})

describeWithDockerd(page, ({ host, image, owner }) => {
  test('shows the requests of docker exec with its options, in order', async ({ skip }) => {
    const reason = obstacle()
    if (reason !== undefined) {
      console.warn(`${page}: ${reason}`)
      skip(reason)
    }
    const name = `wb-${owner}-${randomBytes(4).toString('hex')}`
    const parts = await execParts({ host, image, name })
    for (const [title, text] of Object.entries(parts)) expectPart(page, title, text)
  }, 60_000)

  describe('says of dockerd', () => {
    let box: Container
    let target: Target
    beforeAll(async () => {
      box = await startContainer()
      target = { host, container: box.name }
    })
    afterAll(() => box.release())
    const both = { AttachStdin: true, AttachStdout: true }
    const upgrade = { Connection: 'Upgrade', Upgrade: 'tcp' }

    test('that input in the same write as the start is dropped', async () => {
      const id = await create(target, { ...both, Cmd: ['cat'] })
      const request = requestText('POST', `/v1.41/exec/${id}/start`, { headers: upgrade, body: {} })
      const { rest, ended } = await send(target, `${request}lost`, {
        input: 'kept',
        halfClose: true,
      })
      expect(ended).toBe(true)
      expect(frames(rest)).toBe('stdout "kept"')
    })

    test('that it upgrades whatever protocol the header names', async () => {
      const id = await create(target, { ...both, Cmd: ['true'] })
      const { status, headers } = await start(target, id, {
        headers: { ...upgrade, Upgrade: 'bogus' },
      })
      expect([status, headers.get('upgrade')]).toEqual(['101', 'tcp'])
    })

    test('that it looks for ctrl-p ctrl-q itself, and sends no exec_detach', async () => {
      const since = Math.floor(Date.now() / 1000)
      const command = { ...both, Tty: true, Cmd: ['sh', '-c', 'echo ready; exec cat'] }
      const id = await create(target, command)
      const keys = { after: 'ready', input: '\x10\x11' }
      const { rest } = await start(target, id, { body: { Tty: true }, ...keys })
      expect(String(rest)).toContain('error on attach stdin: read escape sequence')
      expect((await inspect(target, id)).ExitCode).toBe(126)
      const query = `since=${since}&until=${Math.floor(Date.now() / 1000) + 1}`
      const events = String(
        (await ask(target, 'GET', `/v1.41/events?${query}`, { silence: 2000 })).rest,
      )
      const actions = events.split('\n').filter((line) => line.includes(id))
      expect(actions.length).toBeGreaterThan(1)
      expect(actions.join('\n')).not.toContain('exec_detach')
    })
  })
})
