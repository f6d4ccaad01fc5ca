/**
 * The settings between two runs: how a command is shown and parsed again.
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

test('splits plain words into arguments and passes anything else to a shell', () => {
  expect(readCommand('sh')).toEqual(['sh'])
  expect(readCommand(' ls -la  /tmp ')).toEqual(['ls', '-la', '/tmp'])
  for (const text of ['echo *', 'exit 3; true', 'A=b env', "echo 'a  b'", 'cat <x', 'echo 漢字']) {
    expect(readCommand(text)).toEqual(['sh', '-c', text])
  }
})

test('shows a command as it was typed', () => {
  for (const text of ['sh', 'ls -la /', 'echo *; exit 3', "echo 'a  b'"]) {
    const command = readCommand(text)
    expect(commandText(command)).toBe(text)
    expect(readCommand(commandText(command))).toEqual(command)
  }
  expect(commandText(['echo', 'a  b', "it's"])).toBe("echo 'a  b' 'it'\\''s'")
})

test('reports an unclosed quote before the command runs', () => {
  expect(commandProblem("sh -c 'echo out; ls /nope; exit 3")).toBe(
    "The single quote ' is not closed.",
  )
  expect(commandProblem('echo "a')).toContain('The double quote "')
  expect(commandProblem('  ')).toContain('Enter a command')
  for (const text of ["sh -c 'exit 3'", 'echo "it\'s"', "echo it\\'s", `echo '"'`, 'ls']) {
    expect(commandProblem(text), text).toBeUndefined()
  }
})

test('keeps an invalid command in its field, below the reason', async () => {
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
    ['Which command do you want to run?', 'sh'],
    ['The double quote " is not closed. Which command do you want to run?', 'ls "/nope'],
    ['Enter a command. Which command do you want to run?', ''],
  ])
})

test('names a change until it is undone', () => {
  const original: Settings = {
    container: undefined,
    command: ['sh'],
    tty: true,
    interactive: true,
  }
  expect(changedText(original, original)).toBeUndefined()
  expect(changedText({ ...original, command: ['sh'] }, original)).toBeUndefined()
  expect(changedText({ ...original, tty: false }, original)).toBe('changed: no TTY')
  expect(
    changedText({ container: 'box', command: ['ls'], tty: true, interactive: false }, original),
  ).toBe('changed: standard input is detached, the command is ls, the container is box')
})
