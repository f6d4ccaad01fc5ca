/**
 * The guide: a chapter in pages, from its story to the menu, and the whole course with Enter.
 *
 * @module
 */

import { describe, expect, test } from 'vitest'
import { widthOf } from '../../src/text/width.ts'
import { type GuideSession, openGuide } from '../support/guide.ts'

const enter = '\r'

describe.skipIf(process.platform === 'win32')('the guide', () => {
  test('leads through all seven chapters with Enter, and shows every request, flag and frame', {
    timeout: 180_000,
  }, async () => {
    const guide = openGuide(['1', '--practice'])
    const { at } = guide
    await at('How does the daemon learn what we want to run?', enter)
    await leadOn(guide, 'Chapter 2 of 7')
    await leadOn(guide, 'Chapter 3 of 7')
    await leadOn(guide, 'Chapter 4 of 7')
    await at('Enter run it', enter)
    await guide.waitFor('To get out: q')
    // A key that is shown says that the terminal is raw.
    guide.type('a')
    await guide.waitFor(/61 +a/)
    guide.type('\x03')
    await guide.waitFor(/03 +\^C/)
    guide.type('q')
    await leadOn(guide, 'Chapter 5 of 7')
    await at('Enter run it', enter)
    await guide.waitFor('To get out:')
    guide.type('exit\r')
    await leadOn(guide, 'Chapter 6 of 7')
    await at('Enter run it', enter)
    await guide.waitFor('To get out:')
    guide.type('exit\r')
    await leadOn(guide, 'Chapter 7 of 7')
    await at('Enter run it', enter)
    await guide.waitFor('To get out:')
    guide.type('exit 5\r')
    await leadOn(guide, 'You have built docker exec')
    await at('', enter)
    await at('What next?', 'q')
    await at('Which chapter?', 'q')
    const { code, modesBefore, modesAfter } = await guide.ended
    expect(code).toBe(0)
    expect(modesAfter).toBe(modesBefore)

    const seen = await guide.seen()
    for (const line of [
      /1→ GET \/v1\.\d+\/containers\/practice\/json/,
      /1→ POST \/v1\.\d+\/containers\/practice\/exec/,
      /2→ POST \/v1\.\d+\/exec\/[0-9a-f]+…\/start/,
      /←2 101 /,
      /-icanon .*each key arrives at once/,
      /^ {2}03 +\^C/m,
      /\[01 00 00 00 00 00 00 04\] +stdout, 4 bytes/,
      /\[02 00 00 00 00 00 00 04\] +stderr, 4 bytes/,
      /Half-close/,
      /1→ POST \/v1\.\d+\/exec\/[0-9a-f]+…\/resize\?h=24&w=80/,
      /1→ GET \/v1\.\d+\/exec\/[0-9a-f]+…\/json/,
      /"ExitCode":5/,
    ]) {
      expect(seen).toMatch(line)
    }
    // The diagram of the last run.
    expect(seen).toMatch(/→ 200, exit code 5/)
  })

  test('goes on after Ctrl-D has ended the input of a session', async () => {
    const guide = openGuide(['5', '--no-tty', '--practice'])
    await guide.at('Enter run it', enter)
    await guide.waitFor('Ctrl-D ends your input')
    guide.type('echo hi\r')
    await guide.waitFor('echo hi\r\n')
    await guide.waitFor('hi\r\n')
    guide.type('\x04')
    await guide.at('Enter go on', enter)
    await guide.waitFor('What must it')
  })

  test('draws who is connected to whom, and draws it anew when a stage changes it', async () => {
    const guide = openGuide(['3', '--practice'])
    await guide.at('Enter run it', enter)
    await leadOn(guide, 'Take the connection')
    expect(await guide.now()).toMatch(/╚═2═ hijacked ═+╝ +running/)
    const seen = await guide.seen()
    expect(seen).toMatch(/┌─1─ HTTP ─+┐ +in the container/)
    expect(seen).toMatch(/you ─── terminal ─── this client +daemon ── terminal ── sh/)
    expect(seen).toMatch(/╚═2═ hijacked ═+╝ +running/)
    expect(seen).toMatch(/you ─── terminal ─── this client +daemon$/m)
    await guide.at('go on', '\x03')
    await guide.at('What next?', '\x03')
    await guide.at('Which chapter?', '\x03')
    expect((await guide.ended).code).toBe(0)
  })

  test('shows picture, narration and bytes together, and comes back from the viewer to the answer', async () => {
    const guide = openGuide(['1', '--practice'])
    await guide.at('Enter run it', enter)
    await leadOn(guide, 'Ask for an exec')
    const create = await guide.now()
    expect(create).toMatch(/sh\n +24x80 +not started\n/)
    expect(create).toMatch(/This is the exec ID\..*\n←1 201 Created\n.*\n +\{"Id":"/)
    await guide.at('go on', enter)
    // The question had no room there.
    await guide.at('How many processes has it started for us?', '1')
    await guide.at('✓ Right: none', 'v')
    await guide.waitFor('[2 wire]')
    guide.type('q')
    await guide.waitFor(/1049l[\s\S]*q menu/)
    expect(await guide.now()).toMatch(/How many processes.*\n.*none\n\n✓ Right: none/)
    guide.type(enter)
    await guide.at('State in', 'q')
    await guide.at('What next?', 'q')
    await guide.at('Which chapter?', 'q')
    expect((await guide.ended).code).toBe(0)
  })

  test('answers a question at once, counts, and asks what was wrong again two chapters later', {
    timeout: 120_000,
  }, async () => {
    const guide = openGuide(['2', '--practice'])
    const { at } = guide
    await at('Enter run it', enter)
    await at('We sent the create on', '1')
    await guide.waitFor('✗')
    await at('Ask to start it', enter)
    await at('Which status does the daemon answer', '3')
    await at('✓ Right: 101', enter)
    await at('Show me the answer', enter)
    await leadOn(guide, 'Chapter 3 of 7')
    expect(await guide.now()).toContain('guessed 1 of 2')
    await leadOn(guide, 'Chapter 4 of 7')
    await at('Enter run it', enter)
    await guide.waitFor('To get out: q')
    guide.type('q')
    await at('terminal is yours again', enter)
    await at('Once more, from chapter 2', '2')
    await guide.waitFor('✓')
    await at('go on', '\x03')
    await at('What next?', 'q')
    await at('Which chapter?', '')
    expect(await guide.now()).toMatch(/2 start +✓ +guessed 2\/3/)
    await at('Which chapter?', 'q')
    expect((await guide.ended).code).toBe(0)
  })

  test('tells chapter 4 without a tty as what it is: our terminal is left alone', async () => {
    const guide = openGuide(['4', '--practice', '--no-tty'])
    await guide.at('Here the command gets no tty', enter)
    await guide.at('Our terminal stays as it is', enter)
    await guide.at('Raw mode is not needed: without a tty in the container', enter)
    await guide.at('Your terminal still collects your lines', 'q')
    await guide.at('Which chapter?', 'q')
    expect((await guide.ended).code).toBe(0)
    expect(await guide.seen()).not.toMatch(/belongs to the session|stops interpreting/)
  })

  test('asks nothing about a container that does not exist', async () => {
    const guide = openGuide(['3', '--practice', 'nosuch'])
    await guide.at('Enter run it', enter)
    await guide.at('No such container: nosuch', 'v')
    // What stopped it is the last event of its tape.
    await guide.waitFor('[1 event]')
    await guide.waitFor('The run stopped early.')
    guide.type('q')
    await guide.waitFor(/1049l[\s\S]*└/)
    // The error stands right above the menu, and the title of the page is still there.
    expect(await guide.now()).toMatch(
      /Chapter 3 of 7[\s\S]*No such container: nosuch\n\n◆ {2}What next/,
    )
    guide.type('q')
    await guide.at('Which chapter?', 'q')
    expect((await guide.ended).code).toBe(0)
    expect(await guide.seen()).not.toContain('Show me the answer')
  })

  test('shows an experiment page by page, and swallows the keys that are pressed while it runs', async () => {
    const guide = await openMenuOfChapter1()
    const { at } = guide
    await at('What next?', 'x')
    await at('Which experiment?', '2')
    // Enter alone is no guess.
    await at('● 5 Show me the answer', enter)
    await guide.waitFor('Starting a practice daemon')
    guide.type(enter)
    guide.type('8')
    await at('Answer: 409', enter)
    const found = await guide.now()
    expect(found).toMatch(/── A container that is paused ─+\n\n── what happened/)
    expect(found).not.toMatch(/^8/m)
    await at('── what docker does', enter)
    await at('Which experiment?', 'q')
    await at('What next?', 'q')
    await at('Which chapter?', 'q')
    expect((await guide.ended).code).toBe(0)
  })

  test('says on every page what was changed, and undoes it', { timeout: 120_000 }, async () => {
    const guide = await openMenuOfChapter1()
    const { at } = guide
    await at('What next?', 'c')
    await at('Change what?', '3')
    await at('true → false', 'q')
    await at('changed: no terminal in the container', enter)
    await guide.waitFor('Chapter 2 of 7')
    await at('changed: no terminal in the container', enter)
    await leadOn(guide, 'What next?', 'q')
    await at('What next?', 'u')
    await at('false → true', 'q')
    await at('What next?', 'q')
    expect(await guide.now()).not.toContain('changed:')
    await at('Which chapter?', 'q')
    expect((await guide.ended).code).toBe(0)
  })

  test('fits a window of 40 columns', { timeout: 120_000 }, async () => {
    const size = { columns: 40, rows: 20 }
    const guide = openGuide(['2', '--practice'], size)
    // The story has no room above the engine.
    await guide.at('How does an HTTP request', enter)
    await guide.at('Enter run it', enter)
    await leadOn(guide, 'Next: chapter 3')
    const lines = (await guide.seen()).split('\n')
    expect(lines).toContain('20x40: your window has 20 rows and 40')
    expect(lines.filter((line) => widthOf(line) > 40)).toEqual([])
    // A line that the terminal broke would go on at the beginning of the next row.
    expect(lines.join('\n')).toContain('├─1─ HTTP ── daemon')
    await guide.at('Next: chapter 3', '\x03')
    await guide.at('Which chapter?', '\x03')
    expect((await guide.ended).code).toBe(0)
  })

  test('leads to the views, the experiments and the exercises with numbers too', {
    timeout: 120_000,
  }, async () => {
    const guide = openGuide(['1', '--practice'], undefined, { ACCESSIBLE: '1' })
    const choose = async (question: string, label: string): Promise<void> => {
      await guide.waitFor(question)
      await guide.waitFor(/, or q to [a-z ]+: $/)
      const list = guide.screen().toString()
      const [, number] =
        new RegExp(`(\\d+)\\. ${label}`).exec(list.slice(list.lastIndexOf(question))) ?? []
      expect(number, `${label} in ${list.slice(-1500)}`).toBeDefined()
      guide.type(`${number}\n`)
    }
    await choose('What next?', 'run it')
    await choose('What do we ask?', 'Show me the answer')
    await guide.waitFor('Is the container there?')
    await choose('What next?', 'menu')
    await choose('What next?', 'Inspect this run')
    await choose('Look at what?', 'wire')
    await guide.waitFor('POST /v1.')
    await choose('Look at what?', 'Back')

    await choose('What next?', 'Run an experiment')
    await choose('Which experiment?', 'Back')

    await choose('What next?', 'Do the exercise')
    await choose('Which exercise?', 'write the body')
    await guide.waitFor('Your code is tried with:')
    await choose('Exercise: ', 'Get a hint')
    await guide.waitFor('$ npm run check -- 1 body --hint --practice')
    await guide.waitFor('Hint 1 of 3: ')
    await choose('Exercise: ', 'Next exercise')
    await guide.waitFor('Exercise 2: ')
    await choose('Exercise: ', 'Back')

    await choose('What next?', 'Leave')
    const { code, modesBefore, modesAfter } = await guide.ended
    expect(code).toBe(0)
    expect(modesAfter).toBe(modesBefore)
  })
})

/** Presses Enter, or another key, at each prompt until this is on the screen, above a prompt. */
async function leadOn({ at, now }: GuideSession, wanted: string, key = enter): Promise<void> {
  for (let pages = 0; pages < 30; pages += 1) {
    await at('', '')
    if ((await now()).includes(wanted)) return
    await at('', key)
  }
  throw new Error(`${wanted} did not come: ${await now()}`)
}

/** The guide of chapter 1 with its menu: the run was made, and its telling left at the first question. */
async function openMenuOfChapter1(): Promise<GuideSession> {
  const guide = openGuide(['1', '--practice'])
  await guide.at('Enter run it', enter)
  await guide.at('Show me the answer', 'q')
  await guide.at('go on', 'q')
  return guide
}
