/**
 * `npm run check -- --watch`: checks every time the learner saves.
 *
 * @module
 */

import { chmodSync, existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { call } from '../support/api.ts'
import { describeWithEngine } from '../support/engine.ts'
import { temporaryFolder } from '../support/folder.ts'
import { test } from './learner-project.ts'

const right = '    return reference.run(started, kit)'

describeWithEngine('npm run check -- --watch', (engine) => {
  test.concurrent('checks on save, opens the next exercise, and restores the terminal', async ({
    learner,
  }) => {
    const { open, read, write, edit } = learner(engine.host)
    read(3)
    const terminal = open('check', ['--watch', '3'], { EDITOR: '' })
    await terminal.waitFor('Not started: write your code where it says YOUR CODE')
    write(3, `${right} as never as`)
    await terminal.waitFor(/line \d+, column \d+: Unexpected/)
    edit(3, ' as never as', '')
    await terminal.waitFor('Right. Run your stage')
    await terminal.waitFor('Press n for the next exercise')
    await terminal.waitFor('n: next exercise')
    terminal.type('n')
    await terminal.waitFor('Exercise 3, small: ')
    terminal.type('h')
    await terminal.waitFor('Hint 1 of 3')
    await terminal.waitFor('Next hint: h\x1b[K')
    terminal.type('q')
    const { code, modesBefore, modesAfter } = await terminal.ended
    expect(code).toBe(0)
    expect(modesAfter).toBe(modesBefore)
  })

  test.concurrent('restarts the check if the file is saved during one', async ({ learner }) => {
    const { begin, write, edit } = learner(engine.host)
    write(3, '    await new Promise(() => void [started, kit])')
    const watching = begin('check', '--watch', '3')
    await watching.waitFor('Exercise 3: ')
    edit(3, 'await new Promise(() => void [started, kit])', right.trim())
    await watching.waitFor('Right. Run your stage')
    watching.signal('SIGINT')
    const { code, stdout, stderr } = await watching.ended
    expect(code).toBe(130)
    expect(stdout.toString()).not.toContain('WRONG')
    const name = /sandbox +(workbook-\w+)/.exec(stdout.toString())?.[1]
    expect(stderr.toString()).toContain('SIGINT: stopped; everything has been restored')
    expect((await call(engine.host, 'GET', `/containers/${name}/json`)).status).toBe(404)
  })

  test.concurrent.for([
    ['q', 0],
    ['\x03', 130],
  ] as const)(
    'shows the elapsed time, and gives no verdict if you quit with %j',
    async ([key, exitCode], { learner }) => {
      const { open, check, write } = learner(engine.host)
      write(3, '    await new Promise(() => void [started, kit])')
      const terminal = open('check', ['--watch', '3'], { EDITOR: '' })
      await terminal.waitFor(/Checking … [2-9] s/)
      terminal.type(key)
      const { code, screen } = await terminal.ended
      expect(code).toBe(exitCode)
      expect(screen.toString()).not.toMatch(/WRONG|ended the process|save to check again/)
      expect((await check()).stdout).toMatch(/^3 +not checked yet /m)
    },
  )

  test.concurrent('hands the terminal to the editor, and resumes when it exits', async ({
    learner,
  }) => {
    const { open, read } = learner(engine.host)
    read(3)
    const editor = join(temporaryFolder('wbed'), 'editor')
    writeFileSync(editor, '#!/bin/sh\necho "editing $1"\nstty -echo raw\ntouch "$0.ran"\n')
    chmodSync(editor, 0o755)
    const terminal = open('check', ['--watch', '3'], { VISUAL: editor })
    await terminal.waitFor('o: open in editor')
    terminal.type('o')
    await terminal.waitFor('03-hijack.ts')
    await terminal.waitFor('q: quit')
    terminal.type('\x03')
    const { code, screen, modesBefore, modesAfter } = await terminal.ended
    expect(existsSync(`${editor}.ran`)).toBe(true)
    expect(screen.toString()).toContain('editing ')
    expect(code).toBe(130)
    expect(modesAfter).toBe(modesBefore)
  })

  test.concurrent('reads letters with Enter if the screen is not drawn', async ({ learner }) => {
    const { open, write } = learner(engine.host)
    write(3, right)
    const terminal = open('check', ['--watch', '3'], { ACCESSIBLE: '1', EDITOR: '' })
    await terminal.waitFor('Right. Run your stage')
    await terminal.waitFor('q: quit')
    terminal.type('q\n')
    const { code, screen } = await terminal.ended
    expect(code).toBe(0)
    for (const moves of ['\x1b[H', '\x1b[K', '\x1b[J'])
      expect(screen.toString()).not.toContain(moves)
  })
})
