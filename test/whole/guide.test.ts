/**
 * The guide: a chapter in pages, from its story to the menu, and the whole
 * course with Enter.
 *
 * @module
 */

import { describe, expect, test } from 'vitest'
import { widthOf } from '../../src/text/width.ts'
import { type GuideSession, openGuide } from '../support/guide.ts'

const enter = '\r'

describe.skipIf(process.platform === 'win32')('the guide', () => {
  test('walks through all seven chapters with Enter and shows every request, flag and frame', {
    timeout: 180_000,
  }, async () => {
    const guide = openGuide(['1', '--practice'])
    const { at } = guide
    await at('How does the daemon learn what we want to run?', enter)
    await continueTo(guide, 'Chapter 2 of 7')
    await continueTo(guide, 'Chapter 3 of 7')
    await continueTo(guide, 'Chapter 4 of 7')
    await at('Enter run it', enter)
    await guide.waitFor('To get out: q')
    // Once a key is shown, the terminal is raw.
    guide.type('a')
    await guide.waitFor(/61 +a/)
    guide.type('\x03')
    await guide.waitFor(/03 +\^C/)
    guide.type('q')
    await continueTo(guide, 'Chapter 5 of 7')
    await at('Enter run it', enter)
    await guide.waitFor('To get out:')
    guide.type('exit\r')
    await continueTo(guide, 'Chapter 6 of 7')
    await at('Enter run it', enter)
    await guide.waitFor('To get out:')
    guide.type('exit\r')
    await continueTo(guide, 'Chapter 7 of 7')
    await at('Enter run it', enter)
    await guide.waitFor('To get out:')
    guide.type('exit 5\r')
    await continueTo(guide, 'You have built docker exec')
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

  test('continues after Ctrl-D ends the input of a session', async () => {
    const guide = openGuide(['5', '--no-tty', '--practice'])
    await guide.at('Enter run it', enter)
    await guide.waitFor('Ctrl-D ends your input')
    guide.type('echo hi\r')
    await guide.waitFor('echo hi\r\n')
    await guide.waitFor('hi\r\n')
    guide.type('\x04')
    await guide.at('Enter continue', enter)
    await guide.waitFor('What does the header')
  })

  test('draws the connections again after a stage changes them', async () => {
    const guide = openGuide(['3', '--practice'])
    await guide.at('Enter run it', enter)
    await continueTo(guide, 'Take over the connection')
    expect(await guide.now()).toMatch(/╚═2═ hijacked ═+╝ +running/)
    const seen = await guide.seen()
    expect(seen).toMatch(/┌─1─ HTTP ─+┐ +in the container/)
    expect(seen).toMatch(/you ─── terminal ─── this client +daemon ── terminal ── sh/)
    expect(seen).toMatch(/╚═2═ hijacked ═+╝ +running/)
    expect(seen).toMatch(/you ─── terminal ─── this client +daemon$/m)
    await guide.at('Enter continue', '\x03')
    await guide.at('What next?', '\x03')
    await guide.at('Which chapter?', '\x03')
    expect((await guide.ended).code).toBe(0)
  })

  test('shows picture, narration and bytes together, and returns from the viewer to the answer', async () => {
    const guide = openGuide(['1', '--practice'])
    await guide.at('Enter run it', enter)
    await continueTo(guide, 'Create the exec')
    const create = await guide.now()
    expect(create).toMatch(/sh\n +24x80 +not started\n/)
    expect(create).toMatch(/This is the exec ID\..*\n←1 201 Created\n.*\n +\{"Id":"/)
    await guide.at('Enter continue', enter)
    // The question did not fit there.
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

  test('judges an answer at once and asks again two chapters later if it was wrong', {
    timeout: 120_000,
  }, async () => {
    const guide = openGuide(['2', '--practice'])
    const { at } = guide
    await at('Enter run it', enter)
    await at('We sent the create on', '1')
    await guide.waitFor('✗')
    await at('Start the exec', enter)
    await at('Which status does the daemon answer', '3')
    await at('✓ Right: 101', enter)
    await at('Show the answer', enter)
    await continueTo(guide, 'Chapter 3 of 7')
    expect(await guide.now()).toContain('1 of 2 correct')
    await continueTo(guide, 'Chapter 4 of 7')
    await at('Enter run it', enter)
    await guide.waitFor('To get out: q')
    guide.type('q')
    await at('terminal is yours again', enter)
    await at('Review of chapter 2', '2')
    await guide.waitFor('✓')
    await at('Enter continue', '\x03')
    await at('What next?', 'q')
    await at('Which chapter?', '')
    expect(await guide.now()).toMatch(/2 start +✓ +questions 2\/3/)
    await at('Which chapter?', 'q')
    expect((await guide.ended).code).toBe(0)
  })

  test('says in chapter 4 without a TTY that our terminal stays unchanged', async () => {
    const guide = openGuide(['4', '--practice', '--no-tty'])
    await guide.at('Here the command gets no tty', enter)
    await guide.at('Our terminal stays unchanged', enter)
    await guide.at('Raw mode is not needed: without a tty in the container', enter)
    await guide.at('Your terminal still collects your lines', 'q')
    await guide.at('Which chapter?', 'q')
    expect((await guide.ended).code).toBe(0)
    expect(await guide.seen()).not.toMatch(/belongs to the session|stops interpreting/)
  })

  test('asks no question if the container does not exist', async () => {
    const guide = openGuide(['3', '--practice', 'nosuch'])
    await guide.at('Enter run it', enter)
    await guide.at('No such container: nosuch', 'v')
    // The last event on the tape is what stopped it.
    await guide.waitFor('[1 event]')
    await guide.waitFor('The run stopped early.')
    guide.type('q')
    await guide.waitFor(/1049l[\s\S]*└/)
    // The error is right above the menu, and the title of the page is still
    // visible.
    expect(await guide.now()).toMatch(
      /Chapter 3 of 7[\s\S]*No such container: nosuch\n\n◆ {2}What next/,
    )
    guide.type('q')
    await guide.at('Which chapter?', 'q')
    expect((await guide.ended).code).toBe(0)
    expect(await guide.seen()).not.toContain('Show the answer')
  })

  test('shows an experiment page by page and ignores keys while it runs', async () => {
    const guide = await openMenuOfChapter1()
    const { at } = guide
    await at('What next?', 'x')
    await at('Which experiment?', '2')
    // Enter alone is not a guess.
    await at('● 5 Show the answer', enter)
    await guide.waitFor('Starting a practice daemon')
    guide.type(enter)
    guide.type('8')
    await at('Answer: 409', enter)
    const found = await guide.now()
    expect(found).toMatch(/── A paused container ─+\n\n── what happened/)
    expect(found).not.toMatch(/^8/m)
    await at('── what docker does', enter)
    await at('Which experiment?', 'q')
    await at('What next?', 'q')
    await at('Which chapter?', 'q')
    expect((await guide.ended).code).toBe(0)
  })

  test('names a change on every page and undoes it', { timeout: 120_000 }, async () => {
    const guide = await openMenuOfChapter1()
    const { at } = guide
    await at('What next?', 'c')
    await at('What do you want to change?', '3')
    await at('true → false', 'q')
    await at('changed: no TTY', enter)
    await guide.waitFor('Chapter 2 of 7')
    await at('changed: no TTY', enter)
    await continueTo(guide, 'What next?', 'q')
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
    // The story does not fit above the engine.
    await guide.at('How does an HTTP request', enter)
    await guide.at('Enter run it', enter)
    await continueTo(guide, 'Go to chapter 3')
    const lines = (await guide.seen()).split('\n')
    expect(lines).toContain('20x40: your window has 20 rows and 40')
    expect(lines.filter((line) => widthOf(line) > 40)).toEqual([])
    // A line that the terminal wrapped would continue in the next row.
    expect(lines.join('\n')).toContain('├─1─ HTTP ── daemon')
    await guide.at('Go to chapter 3', '\x03')
    await guide.at('Which chapter?', '\x03')
    expect((await guide.ended).code).toBe(0)
  })

  test('opens the views, the experiments and the exercises with numbers', {
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
    await choose('What does it ask?', 'Show the answer')
    await guide.waitFor('Does the container exist?')
    await choose('What next?', 'menu')
    await choose('What next?', 'Inspect this run')
    await choose('Which view do you want?', 'wire')
    await guide.waitFor('POST /v1.')
    await choose('Which view do you want?', 'Go back')

    await choose('What next?', 'Run an experiment')
    await choose('Which experiment?', 'Go back')

    await choose('What next?', 'Do the exercise')
    await choose('Which exercise?', 'write the body')
    await guide.waitFor('Your code is tested with:')
    await choose('Exercise: ', 'Get a hint')
    await guide.waitFor('$ npm run check -- 1 body --hint --practice')
    await guide.waitFor('Hint 1 of 3: ')
    await choose('Exercise: ', 'Do the next exercise')
    await guide.waitFor('Exercise 2: ')
    await choose('Exercise: ', 'Go back')

    await choose('What next?', 'Leave the workbook')
    const { code, modesBefore, modesAfter } = await guide.ended
    expect(code).toBe(0)
    expect(modesAfter).toBe(modesBefore)
  })
})

/**
 * Presses Enter, or another key, at each prompt until a text is on the
 * screen.
 */
async function continueTo({ at, now }: GuideSession, text: string, key = enter): Promise<void> {
  for (let pages = 0; pages < 30; pages += 1) {
    await at('', '')
    if ((await now()).includes(text)) return
    await at('', key)
  }
  throw new Error(`${text} did not appear: ${await now()}`)
}

/**
 * Opens the menu of chapter 1: runs the chapter and leaves its pages at the
 * first question.
 */
async function openMenuOfChapter1(): Promise<GuideSession> {
  const guide = openGuide(['1', '--practice'])
  await guide.at('Enter run it', enter)
  await guide.at('Show the answer', 'q')
  await guide.at('Enter continue', 'q')
  return guide
}
