import { describe, expect, test } from 'vitest'
import { execOptions } from '../../chapters/commands/asked.ts'
import { parseCommandLine } from '../../src/process/options.ts'

const parse = (line: string) => parseCommandLine(execOptions, line.split(' '))

describe('a command line', () => {
  test.each([
    ['-it box sh', { interactive: true, tty: true }, 'box sh'],
    ['-i -t box sh -c ls', { interactive: true, tty: true }, 'box sh -c ls'],
    ['box sh -it', {}, 'box sh -it'],
    ['-- box sh', {}, 'box sh'],
    ['box -- sh', {}, 'box -- sh'],
    ['-it=false box sh', { interactive: true, tty: false }, 'box sh'],
    ['-t=0 --interactive=true box sh', { tty: false, interactive: true }, 'box sh'],
    ['-w=/tmp box pwd', { workdir: '/tmp' }, 'box pwd'],
    ['-w/tmp box pwd', { workdir: '/tmp' }, 'box pwd'],
    ['-iw=/tmp box pwd', { interactive: true, workdir: '/tmp' }, 'box pwd'],
    ['--workdir==x box pwd', { workdir: '=x' }, 'box pwd'],
    ['-w -t box', { workdir: '-t' }, 'box'],
    ['-e A=1 --env B=2 -eC=3 box env', { env: ['A=1', 'B=2', 'C=3'] }, 'box env'],
    ['-e A=1 -it=false -e B=2 box', { env: ['A=1', 'B=2'], interactive: true, tty: false }, 'box'],
    ['--tty --tty=false box', { tty: false }, 'box'],
  ])('%s is parsed like docker’s', (line, options, words) => {
    expect(parse(line)).toEqual({ options, words: words.split(' ') })
  })

  test.each([
    ['--bogus box true', 'unknown flag: --bogus'],
    ['--i box true', 'unknown flag: --i'],
    ['--=x box true', 'bad flag syntax: --=x'],
    ['-z box true', "unknown shorthand flag: 'z' in -z"],
    ['-itx box true', "unknown shorthand flag: 'x' in -x"],
    ['-e', "flag needs an argument: 'e' in -e"],
    ['-ie', "flag needs an argument: 'e' in -e"],
    ['--user', 'flag needs an argument: --user'],
    [
      '--detach=maybe box true',
      'invalid argument "maybe" for "-d, --detach" flag: strconv.ParseBool: parsing "maybe": invalid syntax',
    ],
    ['-e =x box', 'invalid argument "=x" for "-e, --env" flag: invalid environment variable: =x'],
    ['--__proto__ box', 'unknown flag: --__proto__'],
  ])('%s is rejected with docker’s message and 125', (line, message) => {
    expect(() => parse(line)).toThrow(expect.objectContaining({ message, exitCode: 125 }))
  })
})
