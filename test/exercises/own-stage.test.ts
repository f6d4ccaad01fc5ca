/**
 * `npm run chapter -- N --mine`: runs the learner's own stage in the course,
 * and survives what it does to the process.
 *
 * @module
 */

import { expect } from 'vitest'
import { describeWithEngine } from '../support/engine.ts'
import { test } from './learner-project.ts'

const neverReturned = 'your stage never returned: it awaits a promise that nothing will settle'

describeWithEngine('npm run chapter -- --mine', (engine) => {
  test.concurrent('reports a stage that never returns, and exits 1', async ({ learner }) => {
    const { chapter, write } = learner(engine.host)
    write(2, '    await new Promise(() => void [created, kit])')
    const plain = await chapter('2', '--mine', '--plain')
    expect(plain.code).toBe(1)
    expect(plain.stderr).toContain(
      `${neverReturned}\nnpm run check 2 names the trial in which it happens.\n`,
    )

    const { code, stdout } = await chapter('2', '--mine', '--json')
    expect(code).toBe(1)
    expect(JSON.parse(stdout).error.message).toBe(neverReturned)
  })

  test.concurrent('reports it in a terminal too, and restores the terminal', async ({
    learner,
  }) => {
    const { open, write } = learner(engine.host)
    write(2, '    await new Promise(() => void [created, kit])')
    const terminal = open('chapter', ['2', '--mine', '--plain'])
    const { code, screen, modesBefore, modesAfter } = await terminal.ended
    expect(screen.toString()).toContain(neverReturned)
    expect(code).toBe(1)
    expect(modesAfter).toBe(modesBefore)
  })

  test.concurrent('reports a stage that calls process.exit, with its line', async ({ learner }) => {
    const { chapter, write } = learner(engine.host)
    write(2, '    process.exit(0)')
    const { code, stdout } = await chapter('2', '--mine', '--json')
    expect(code).toBe(1)
    expect(JSON.parse(stdout).error.message).toMatch(
      /^your code ended the process: chapters\/mine\/02-start\.ts, line \d+, column \d+: process\.exit was called\. A stage returns/,
    )
  })

  test.concurrent('reports an open hole, not a failed request', async ({ learner }) => {
    const { chapter, write } = learner(engine.host)
    write(2, '    await askForUpgrade(created, kit)\n    return reference.run(created, kit)')
    const { code, stderr } = await chapter('2', '--mine', '--plain')
    expect(code).toBe(1)
    expect(stderr).toContain('exercise 2 start: not written yet\nWrite it where the file says')
    expect(stderr).not.toContain('error during connect')
  })

  test.concurrent('reports an error thrown in a callback, with its line', async ({ learner }) => {
    const { chapter, write } = learner(engine.host)
    write(
      2,
      "    setTimeout(() => { throw new Error('late') })\n    await new Promise(() => void [created, kit])",
    )
    const { code, stderr } = await chapter('2', '--mine', '--plain')
    expect(code).toBe(1)
    expect(stderr).toMatch(
      /your code threw an error: chapters\/mine\/02-start\.ts, line \d+, column \d+: Error: late/,
    )
    expect(stderr).not.toContain('a bug in the workbook')
  })

  test.concurrent('kills a stage that loops in raw mode, and restores the terminal', async ({
    expect,
    learner,
  }) => {
    const { open, write } = learner(engine.host)
    write(4, '    await reference.run(hijacked, kit)\n    for (;;);')
    const terminal = open('chapter', ['4', '--mine', '--plain'], {}, { staysOpen: true })
    await terminal.waitFor('To get out: q')
    const { code, screen, modesBefore } = await terminal.ended
    expect(code).toBe(137)
    expect(screen.toString()).toContain('Your code has blocked the process for 10 seconds')
    // The terminal guard restores the modes a moment after the process has
    // died.
    await expect.poll(terminal.modes).toBe(modesBefore)
    await terminal.stop()
  })

  test.concurrent('reports a stage that leaves the terminal raw, and restores it', async ({
    learner,
  }) => {
    const { open, write } = learner(engine.host)
    const empty = "rawMode: kit.scope.hold('raw mode', 'raw' as const, () => {})"
    write(4, `    kit.terminal.setModes(...rawFlags)\n    return { ...hijacked, ${empty} }`)
    const terminal = open('chapter', ['4', '--mine'], { TERM: 'xterm' })
    await terminal.waitFor('Enter run it')
    await terminal.waitFor('chapters')
    terminal.type('\r')
    await terminal.waitFor('To get out: q')
    await expect.poll(terminal.describeModes).toContain('-icanon')
    terminal.type('q')
    await terminal.waitFor('the terminal is yours again')
    await terminal.waitFor(/Your stage left the terminal raw[\s\S]*npm run check\s+4/)
    await terminal.waitFor('Enter continue')
    process.kill(terminal.pid(), 'SIGTERM')
    await terminal.waitFor('everything has been restored')
    const { modesBefore, modesAfter } = await terminal.ended
    expect(modesAfter).toBe(modesBefore)
  })

  test.concurrent('reports a stage that hangs for ten seconds, and Ctrl-C stops it', async ({
    learner,
  }) => {
    const { open, write } = learner(engine.host)
    write(1, '    setInterval(() => {}, 1000)\n    return new Promise(() => void [asked, kit])')
    const terminal = open('chapter', ['1', '--mine', '--plain'])
    await terminal.waitFor('your stage 1 has not returned for 10 seconds; press Ctrl-C to stop')
    terminal.type('\x03')
    expect((await terminal.ended).code).toBe(130)
  })

  test.concurrent('ends a stage that hangs in raw mode, where Ctrl-C does nothing', async ({
    learner,
  }) => {
    const { open, write } = learner(engine.host)
    const wait = 'setInterval(() => {}, 1000)\n    return new Promise(() => {})'
    write(4, `    await reference.run(hijacked, kit)\n    ${wait}`)
    const terminal = open('chapter', ['4', '--mine', '--plain'])
    const { code, screen, modesBefore, modesAfter } = await terminal.ended
    expect(screen.toString()).toContain('your stage 4 has not returned for 10 seconds')
    expect([code, modesAfter]).toEqual([1, modesBefore])
  })

  test.concurrent('offers the exercise, and a rerun with --mine, after a stage throws', async ({
    learner,
  }) => {
    const { open, write } = learner(engine.host)
    write(3, "    throw new Error('no')")
    const terminal = open('chapter', ['3', '--mine'], { TERM: 'xterm' })
    await terminal.waitFor('hijack, yours (chapters/mine/03-hijack.ts)')
    await terminal.waitFor('Enter run it')
    terminal.type('\r')
    await terminal.waitFor('your stage threw an error')
    await terminal.waitFor('(npm run chapter -- 3 --mine)')
    await terminal.waitFor(/●\S* (\d )?Do the exercise/)
    await terminal.stop()
  })

  test.concurrent('keeps the output of a stage out of the JSON document', async ({ learner }) => {
    const { chapter, write } = learner(engine.host)
    write(2, "    console.log('DEBUG')\n    return reference.run(created, kit)")
    const { stdout, stderr } = await chapter('2', '--mine', '--json')
    expect(JSON.parse(stdout)).toMatchObject({ stages: [{}, {}] })
    expect(stderr).toContain('DEBUG\n')
  })

  test.concurrent('warns before the run if the stage has not passed its last check', async ({
    learner,
  }) => {
    const { check, chapter, write, edit } = learner(engine.host)
    write(2, '    return reference.run(created, kit)')
    const before = await chapter('2', '--mine', '--plain')
    expect(before.stderr).toContain('your stage has not been checked yet: run npm run check 2\n')
    expect((await check('2')).code).toBe(0)
    expect((await chapter('2', '--mine', '--plain')).stderr).not.toContain('your stage')
    edit(2, '    return reference', '    // changed\n    return reference')
    const after = await chapter('2', '--mine', '--plain')
    expect(after.stderr).toContain('your stage has changed since its last check')
    expect((await check()).stdout).toMatch(/^2 +changed since /m)
  })

  test.concurrent('shows the learner’s file in the source view', async ({ learner }) => {
    const { chapter, write } = learner(engine.host)
    write(2, '    return reference.run(created, kit)')
    const { stdout } = await chapter('2', '--mine', '--view', 'source')
    expect(stdout).toContain('here: chapters/mine/02-start.ts\n')
    expect(stdout).toContain('return reference.run(created, kit)')
  })
})
