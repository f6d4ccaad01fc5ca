/**
 * `npm run chapter -- N --mine`: the learner's own stage in the story, and what it may do to the
 * process that it runs in.
 *
 * @module
 */

import { expect, test } from 'vitest'
import { describeWithEngine } from '../support/engine.ts'
import { learner } from './learner-project.ts'

const neverComesBack = 'your stage has not come back, and nothing is left that could wake it'

describeWithEngine('a stage of one’s own in the story', (engine) => {
  test.concurrent('that never comes back is named, and the run ends with 1', async () => {
    const { chapter, write } = learner(engine.host)
    write(2, '    await new Promise(() => void [created, kit])')
    const told = await chapter('2', '--mine', '--plain')
    expect(told.code).toBe(1)
    expect(told.stderr).toContain(
      `${neverComesBack}\nnpm run check 2 names the case in which it happens.\n`,
    )

    const { code, stdout } = await chapter('2', '--mine', '--json')
    expect(code).toBe(1)
    expect(JSON.parse(stdout).error.message).toBe(neverComesBack)
  })

  test.concurrent('that never comes back is named in a terminal, which is as before', async () => {
    const { open, write } = learner(engine.host)
    write(2, '    await new Promise(() => void [created, kit])')
    const terminal = open('chapter', ['2', '--mine', '--plain'])
    const { code, screen, modesBefore, modesAfter } = await terminal.ended
    expect(screen.toString()).toContain(neverComesBack)
    expect(code).toBe(1)
    expect(modesAfter).toBe(modesBefore)
  })

  test.concurrent('that ends the process is named, and everything is given back', async () => {
    const { chapter, write } = learner(engine.host)
    write(2, '    process.exit(0)')
    const { code, stdout } = await chapter('2', '--mine', '--json')
    expect(code).toBe(1)
    expect(JSON.parse(stdout).error.message).toMatch(
      /^your code ended the process: chapters\/mine\/02-start\.ts, line \d+, column \d+: process\.exit was called\. A stage returns/,
    )
  })

  test.concurrent('that comes to an open hole says so, and not that the request failed', async () => {
    const { chapter, write } = learner(engine.host)
    write(2, '    await askForUpgrade(created, kit)\n    return reference.run(created, kit)')
    const { code, stderr } = await chapter('2', '--mine', '--plain')
    expect(code).toBe(1)
    expect(stderr).toContain('exercise 2 start: not written yet\nWrite it where the file says')
    expect(stderr).not.toContain('error during connect')
  })

  test.concurrent('that throws in a callback is named with its line', async () => {
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

  test.concurrent('that loops in raw mode is ended, and the terminal is as before', async ({
    expect,
  }) => {
    const { open, write } = learner(engine.host)
    write(4, '    await reference.run(hijacked, kit)\n    for (;;);')
    const terminal = open('chapter', ['4', '--mine', '--plain'], {}, { staysOpen: true })
    await terminal.waitFor('To get out: q')
    const { code, screen, modesBefore } = await terminal.ended
    expect(code).toBe(137)
    expect(screen.toString()).toContain('Your code has not given control back for 10 seconds')
    // The seat belt restores the modes when the process is dead, and so a moment later.
    await expect.poll(terminal.modes).toBe(modesBefore)
    await terminal.stop()
  })

  test.concurrent('that leaves the terminal raw is named, and the terminal is as before', async () => {
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
    await terminal.waitFor('Enter go on')
    process.kill(terminal.pid(), 'SIGTERM')
    await terminal.waitFor('everything has been restored')
    const { modesBefore, modesAfter } = await terminal.ended
    expect(modesAfter).toBe(modesBefore)
  })

  test.concurrent('that waits for nothing is named after ten seconds, and Ctrl-C leaves', async () => {
    const { open, write } = learner(engine.host)
    write(1, '    setInterval(() => {}, 1000)\n    return new Promise(() => void [asked, kit])')
    const terminal = open('chapter', ['1', '--mine', '--plain'])
    await terminal.waitFor('your stage 1 has not come back for 10 seconds; Ctrl-C leaves')
    terminal.type('\x03')
    expect((await terminal.ended).code).toBe(130)
  })

  test.concurrent('that waits for nothing in raw mode is ended, for no Ctrl-C would', async () => {
    const { open, write } = learner(engine.host)
    const wait = 'setInterval(() => {}, 1000)\n    return new Promise(() => {})'
    write(4, `    await reference.run(hijacked, kit)\n    ${wait}`)
    const terminal = open('chapter', ['4', '--mine', '--plain'])
    const { code, screen, modesBefore, modesAfter } = await terminal.ended
    expect(screen.toString()).toContain('your stage 4 has not come back for 10 seconds')
    expect([code, modesAfter]).toEqual([1, modesBefore])
  })

  test.concurrent('that throws leads to its exercise, and is run again with --mine', async () => {
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

  test.concurrent('may print, and the document on stdout stays whole', async () => {
    const { chapter, write } = learner(engine.host)
    write(2, "    console.log('DEBUG')\n    return reference.run(created, kit)")
    const { stdout, stderr } = await chapter('2', '--mine', '--json')
    expect(JSON.parse(stdout)).toMatchObject({ stages: [{}, {}] })
    expect(stderr).toContain('DEBUG\n')
  })

  test.concurrent('was not right: the run says so before it begins', async () => {
    const { check, chapter, write, edit } = learner(engine.host)
    write(2, '    return reference.run(created, kit)')
    const before = await chapter('2', '--mine', '--plain')
    expect(before.stderr).toContain('your stage was not checked yet: npm run check 2 judges it\n')
    expect((await check('2')).code).toBe(0)
    expect((await chapter('2', '--mine', '--plain')).stderr).not.toContain('your stage')
    edit(2, '    return reference', '    // changed\n    return reference')
    const after = await chapter('2', '--mine', '--plain')
    expect(after.stderr).toContain('your stage has changed since its last check')
    expect((await check()).stdout).toMatch(/^2 +changed since /m)
  })

  test.concurrent('is the source that is shown', async () => {
    const { chapter, write } = learner(engine.host)
    write(2, '    return reference.run(created, kit)')
    const { stdout } = await chapter('2', '--mine', '--view', 'source')
    expect(stdout).toContain('here: chapters/mine/02-start.ts\n')
    expect(stdout).toContain('return reference.run(created, kit)')
  })
})
