/**
 * The command between two runs: as it is shown, and as it is read again.
 *
 * @module
 */

import { expect, test } from 'vitest'
import { commandText, readCommand } from '../../src/guide/change-settings.ts'

test('plain words are a program and its arguments, and everything else is for a shell', () => {
  expect(readCommand('sh')).toEqual(['sh'])
  expect(readCommand(' ls -la  /tmp ')).toEqual(['ls', '-la', '/tmp'])
  for (const text of ['echo *', 'exit 3; true', 'A=b env', "echo 'a  b'", 'cat <x', 'echo 漢字']) {
    expect(readCommand(text)).toEqual(['sh', '-c', text])
  }
})

test('a command is shown as it was typed, so that it does not grow each time', () => {
  for (const text of ['sh', 'ls -la /', 'echo *; exit 3', "echo 'a  b'"]) {
    const command = readCommand(text)
    expect(commandText(command)).toBe(text)
    expect(readCommand(commandText(command))).toEqual(command)
  }
  expect(commandText(['echo', 'a  b', "it's"])).toBe("echo 'a  b' 'it'\\''s'")
})
