/**
 * The drawn menus of the guide, as they appear on the screen.
 *
 * @module
 */

import { describe, expect, test } from 'vitest'
import { openGuide } from '../support/guide.ts'

/** Lower than a chapter with its first menu, so the menu is at the bottom. */
const size = { columns: 80, rows: 18 }

describe.skipIf(process.platform === 'win32')('a drawn menu', () => {
  test('selects a chapter by number, and goes back on Esc and Ctrl-C', async () => {
    const guide = openGuide(['--practice'], size)
    await guide.at('Which chapter?', '2')
    // The story fills such a window.
    await guide.at('WebSocket the same way', '\r')
    await guide.at('q chapters', '\x03')
    await guide.at('Which chapter?', '')
    expect(await guide.seen()).toContain('Chapter 2 of 7: start')
    expect(await guide.seen()).not.toContain('q chapters')
    await guide.at('Which chapter?', '\x1b')
    const { code, modesBefore, modesAfter, screen } = await guide.ended
    expect(code).toBe(0)
    expect(modesAfter).toBe(modesBefore)
    expect(screen.lastIndexOf('\x1b[?25h')).toBeGreaterThan(screen.lastIndexOf('\x1b[?25l'))
  })
})
