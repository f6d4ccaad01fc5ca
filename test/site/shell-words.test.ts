/**
 * Lets real shells read what we write for them.
 *
 * @module
 */

import { expect, test } from 'vitest'
import { printfText, quoted } from '../../src/site/shell-words.ts'
import { findOnPath } from '../support/image.ts'
import { run } from '../support/run.ts'

const shells = ['sh', 'dash', 'bash', 'zsh']

const texts = [
  `it's "quoted" and $HOME and \`date\` and \\n and !!`,
  'two\nlines and a\ttab',
  'caf\u00e9 \u{1f433} \u202egnp.exe',
  '-n',
  '-- %s %d 100%',
  "''",
  '\x033 keys',
]

test.for(shells)('%s reads a quoted text and bytes unchanged', async (shell, context) => {
  if (!findOnPath(shell)) return context.skip(`${shell} is not installed`)
  for (const text of texts) {
    const words = await run(shell, ['-c', `printf %s ${quoted(text)}`])
    expect(words.stdout.toString()).toBe(text)
    const bytes = await run(shell, ['-c', printfText(Buffer.from(text))])
    expect(bytes.stdout.toString()).toBe(text)
  }
  const allBytes = Uint8Array.from({ length: 256 }, (_, at) => at)
  expect((await run(shell, ['-c', printfText(allBytes)])).stdout).toEqual(Buffer.from(allBytes))
})

test('writes keys as a reader knows them', () => {
  expect(printfText(Buffer.from('echo 100%\r'))).toBe(String.raw`printf 'echo 100%%\r'`)
  expect(printfText(Buffer.from('\x1b[A\x03'))).toBe(String.raw`printf '\033[A\003'`)
  expect(printfText(Buffer.from('caf\u00e9'))).toBe("printf 'caf\u00e9'")
})
