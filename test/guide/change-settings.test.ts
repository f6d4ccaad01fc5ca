/**
 * The command between two runs: as it is shown, and as it is read again.
 *
 * @module
 */

import { expect, test } from 'vitest'
import {
  changedText,
  changeSettings,
  commandProblem,
  commandText,
  readCommand,
  type Settings,
} from '../../src/guide/change-settings.ts'
import type { Ask } from '../../src/menus/ask.ts'

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

test('a quote that is not closed is told before the command is run', () => {
  expect(commandProblem("sh -c 'echo out; ls /nope; exit 3")).toBe(
    "The single quote ' is not closed.",
  )
  expect(commandProblem('echo "a')).toContain('The double quote "')
  expect(commandProblem('  ')).toContain('There is no command')
  for (const text of ["sh -c 'exit 3'", 'echo "it\'s"', "echo it\\'s", `echo '"'`, 'ls']) {
    expect(commandProblem(text), text).toBeUndefined()
  }
})

test('a command that cannot be used stays in its field, below the reason', async () => {
  const asked: string[][] = []
  const typed = ['ls "/nope', '', 'ls /nope']
  const ask = {
    choose: async () => 'command',
    async text(...[question, , begins = '']: Parameters<Ask['text']>) {
      asked.push([question, begins])
      return typed[asked.length - 1] ?? ''
    },
  } as Partial<Ask> as Ask
  const settings = { container: undefined, command: ['sh'], tty: true, interactive: true }
  expect((await changeSettings(ask, settings, settings)).command).toEqual(['ls', '/nope'])
  expect(asked).toEqual([
    ['Which command?', 'sh'],
    ['The double quote " is not closed. Which command?', 'ls "/nope'],
    ['There is no command. Which command?', ''],
  ])
})

test('a change is named as long as it lasts', () => {
  const original: Settings = {
    container: undefined,
    command: ['sh'],
    tty: true,
    interactive: true,
  }
  expect(changedText(original, original)).toBeUndefined()
  expect(changedText({ ...original, command: ['sh'] }, original)).toBeUndefined()
  expect(changedText({ ...original, tty: false }, original)).toBe(
    'changed: no terminal in the container',
  )
  expect(
    changedText({ container: 'box', command: ['ls'], tty: true, interactive: false }, original),
  ).toBe('changed: our input is not attached, the command is ls, the container is box')
})
