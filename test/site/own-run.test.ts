/**
 * The lines for a reader's own run: other commands, other options, and tapes
 * that lack something.
 *
 * @module
 */

import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { preparationHtml, reproduceHtml } from '../../src/site/reproduce-html.ts'
import { findOnPath } from '../support/image.ts'
import { run } from '../support/run.ts'
import { root } from '../support/scripts.ts'
import { request, tapeOf, typed } from '../support/tape-parts.ts'
import { hostileTape, hostileText } from '../support/tapes.ts'
import { reproductionsOf, tapeNamed } from './typed-lines.ts'

const id = 'ab'.repeat(32)

describe('the lines of an own run', () => {
  test('exist for every request of every tape', () => {
    const names = readdirSync(join(root, 'docs', 'tapes')).filter((name) => name.endsWith('.tape'))
    expect(names.length).toBeGreaterThan(5)
    for (const name of names) {
      const tape = tapeNamed(name.slice(0, -'.tape'.length))
      const requests = tape.events.filter(({ kind }) => kind === 'request')
      const lines = reproductionsOf(tape).filter(({ line }) => /curl|start\(\) /.test(line))
      expect({ name, lines: lines.length }).toEqual({ name, lines: requests.length })
    }
  })

  test('are commands that every shell can parse', async (context) => {
    const shells = ['dash', 'bash', 'zsh'].filter((shell) => findOnPath(shell))
    if (shells.length === 0) return context.skip('neither dash nor bash nor zsh is installed')
    const body = JSON.stringify({
      Tty: true,
      Cmd: ['sh', '-c', `it's\n"\u00e9" $HOME ${hostileText}`],
    })
    const tape = tapeOf([request(1, 'POST', '/containers/my%20box/exec', body)])
    const [create] = reproductionsOf(tape)
    expect(create?.line).toContain('http://localhost/containers/my%20box/exec')
    for (const shell of shells) {
      const sent = `curl() { for word; do case $word in {*) printf %s "$word"; esac; done; }\n${create?.line}`
      const { stdout } = await run('sh', ['-c', '"$0" -c "$1" 2>&1 | cat', shell, sent])
      expect(stdout.toString()).toBe(body)
    }
  })

  test('start a detached exec with curl, and inspect it', () => {
    const tape = tapeOf([
      request(1, 'POST', '/containers/box/exec', '{"Detach":true,"Cmd":["true"]}\n'),
      request(1, 'POST', `/exec/${id}/start`, '{"Detach":true,"Tty":false}\n'),
      request(1, 'GET', `/exec/${id}/json`),
    ])
    const [, start, inspect] = reproductionsOf(tape)
    expect(start?.line).toContain(`-d '{"Detach":true,"Tty":false}'`)
    expect(start?.line).toContain('http://localhost/exec/$ID/start')
    expect(inspect?.line).toBe(
      `${start?.line} &&\ncurl -sSi --unix-socket "$SOCK" http://localhost/exec/$ID/json`,
    )
  })

  test('read the keyboard if the tape has only the lengths of the input', () => {
    const recorded = tapeNamed('dockerd-28-terminal')
    const events = recorded.events.map((event) =>
      event.kind === 'sent' ? { ...typed('?', false), at: event.at } : event,
    )
    const session = reproductionsOf({ ...recorded, events } as typeof recorded).find(
      ({ scene }) => scene === 'session',
    )
    expect(session?.line).toBe('create &&\nwire "$(start)"')
    expect(session?.says).toContain('what you type')
  })

  test('cannot break out of the page', () => {
    for (const reproduction of reproductionsOf(hostileTape())) {
      expect(reproduceHtml(reproduction, 'shell').html).not.toContain('<img')
    }
    const line = { line: hostileText, says: hostileText }
    const cameBack = { daemon: hostileText, text: hostileText }
    const reproduction = { ...line, scene: 'create', before: [line] } as const
    const exchange = reproduceHtml(reproduction, 'shell', cameBack).html
    const preparation = preparationHtml([line], 'shell', hostileText).html
    expect(`${exchange}${preparation}`).not.toContain('<img')
  })
})
