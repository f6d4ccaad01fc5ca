/**
 * Wrong solutions of the exercises of chapter 4, each a misconception.
 *
 * @module
 */

import type { Attempts } from '../../exercises/attempts.ts'

const restores = '() => kit.terminal.setModes(modes)'
const passesOn = 'return { ...hijacked, rawMode }'

/** The attempts at the exercises of chapter 4. */
export const attempts: Attempts = {
  '04-raw-mode': [
    {
      name: 'does not know NORAW',
      verdict: 'NORAW is set and you switched to raw mode',
      changes: [[' && !process.env.NORAW', '']],
    },
    {
      name: 'takes an empty NORAW for a set one',
      verdict: 'empty counts as unset',
      changes: [['!process.env.NORAW', 'process.env.NORAW === undefined']],
    },
    {
      name: 'switches, and throws away the way back',
      verdict: 'you left the terminal raw',
      changes: [[restores, '() => {}']],
    },
    {
      name: 'does not ask whether there is a terminal',
      verdict: 'a pipe has no modes',
      changes: [[' && terminal.inputIsTerminal', '']],
    },
    {
      name: 'changes the terminal, and passes nothing on',
      verdict: 'your stage returned nothing',
      changes: [
        ['if (!wantsRawMode(hijacked, kit)) return { ...hijacked, rawMode: null }', ''],
        [passesOn, ''],
      ],
    },
    {
      name: 'gives the terminal back in its own finally',
      verdict: 'you gave the terminal back before the session began',
      changes: [
        [
          passesOn,
          `try {
             return { ...hijacked, rawMode }
           } finally {
             await rawMode.release()
           }`,
        ],
      ],
    },
    {
      name: 'switches for -t alone',
      verdict: 'without -i you switched to raw mode',
      changes: [['return interactive && tty', 'return tty']],
    },
    {
      name: 'switches for -i alone',
      verdict: 'without -t you switched to raw mode',
      changes: [['return interactive && tty', 'return interactive']],
    },
  ],

  '04-raw-mode-flags': [
    {
      name: 'switches off all that is on',
      verdict: 'has nothing to do with keys or output',
      changes: [['inTheWay.filter', 'Object.keys(flags).filter']],
    },
    {
      name: 'gives one text with spaces in it',
      verdict: 'stty wants each word by itself',
      changes: [
        ['.map((flag) => `-${flag}`)', ".map((flag) => `-${flag}`).join(' ').split('\\n')"],
      ],
    },
    {
      name: 'stops at what Node calls raw, and leaves output processed',
      verdict: 'opost is still on',
      changes: [["'opost',", '']],
    },
    {
      name: 'takes raw mode for "no line, no echo"',
      verdict: 'isig is still on: Ctrl-C ends this program',
      changes: [['inTheWay.filter', "['icanon', 'echo'].filter"]],
    },
    {
      name: 'forgets the minus',
      verdict: 'icanon is still on ("icanon" switches it on)',
      changes: [['`-${flag}`', 'flag']],
    },
    {
      name: 'turns every flag over, including those that are off',
      verdict: 'you gave "ixon" for it',
      changes: [
        ['.filter((flag) => flags[flag])', ''],
        ['`-${flag}`', '(flags[flag] ? `-${flag}` : flag)'],
      ],
    },
    {
      name: 'gives every word, whatever the flags are',
      verdict: 'ixon was off already',
      changes: [['.filter((flag) => flags[flag])', '']],
    },
  ],
}
