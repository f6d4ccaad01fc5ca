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
      name: 'sets raw mode first, and registers the way back then',
      verdict: 'you set raw mode first and registered the way back then',
      changes: [
        [
          'const rawMode = kit.scope',
          'kit.terminal.setModes(...rawFlags)\n    const rawMode = kit.scope',
        ],
        ['    // Set.\n    kit.terminal.setModes(...rawFlags)\n', ''],
      ],
    },
    {
      name: 'reads the modes when they are raw already',
      verdict: 'what it was before is lost',
      changes: [
        [
          'const modes = kit.terminal.readModes()',
          'kit.terminal.setModes(...rawFlags)\n    const modes = kit.terminal.readModes()',
        ],
      ],
    },
    {
      name: 'switches off what Node calls raw, and leaves the output processed',
      verdict: 'without -opost',
      changes: [
        ['setModes(...rawFlags)', "setModes(...rawFlags.filter((flag) => flag !== '-opost'))"],
      ],
    },
    {
      name: 'takes raw mode for no lines and no echo',
      verdict: 'you switched to raw mode without -icrnl',
      changes: [['setModes(...rawFlags)', "setModes('-icanon', '-echo')"]],
    },
    {
      name: 'gives all flags as one word',
      verdict: 'it takes each one by itself',
      changes: [['setModes(...rawFlags)', "setModes(rawFlags.join(' '))"]],
    },
    {
      name: 'gives the list of the flags as one word',
      verdict: 'it takes each one by itself',
      changes: [['setModes(...rawFlags)', 'setModes(rawFlags as never)']],
    },
    {
      name: 'makes the terminal sane in place of what it was',
      verdict: 'nothing set the modes that readModes() had returned',
      changes: [[restores, "() => kit.terminal.setModes('sane')"]],
    },
    {
      name: 'gives the modes back letter by letter',
      verdict: 'nothing set the modes that readModes() had returned',
      changes: [[restores, '() => kit.terminal.setModes(...modes)']],
    },
    {
      name: 'turns the flags over for the way back',
      verdict: 'nothing set the modes that readModes() had returned',
      changes: [
        [
          restores,
          "() => kit.terminal.setModes(...rawFlags.filter((flag) => flag.startsWith('-')).map((flag) => flag.slice(1)))",
        ],
      ],
    },
    {
      name: 'knows only NORAW=1',
      verdict: 'NORAW is set and you switched to raw mode',
      changes: [['!process.env.NORAW', "process.env.NORAW !== '1'"]],
    },
    {
      name: 'passes on a word in place of what is held',
      verdict: 'which nobody can release',
      changes: [[passesOn, "void rawMode\n    return { ...hijacked, rawMode: 'raw' as never }"]],
    },
    {
      name: 'gives raw mode another label',
      verdict: 'its label has to be "raw mode"',
      changes: [["hold('raw mode'", "hold('terminal'"]],
    },
    {
      name: 'switches a moment later, so that nothing is lost',
      verdict: 'only when your stage had returned',
      changes: [
        [
          'kit.terminal.setModes(...rawFlags)',
          'setTimeout(() => kit.terminal.setModes(...rawFlags), 0)',
        ],
      ],
    },
    {
      name: 'asks Node for raw mode, as its manual says',
      verdict: 'setRawMode is not a function',
      changes: [['kit.terminal.setModes(...rawFlags)', 'process.stdin.setRawMode(true)']],
    },
    {
      name: 'asks Node whether the input is a terminal',
      verdict: 'the terminal was not switched to raw mode',
      changes: [['terminal.inputIsTerminal', 'process.stdin.isTTY']],
    },
    {
      name: 'gives the terminal back when the process ends',
      verdict: 'nothing set the modes that readModes() had returned',
      changes: [
        [restores, '() => {}'],
        [
          'const rawMode = kit',
          "process.on('exit', () => kit.terminal.setModes(modes))\n    const rawMode = kit",
        ],
      ],
    },
    {
      name: 'looks at the framing in place of the tty: they say the same',
      changes: [
        [
          'wantsRawMode({ interactive, tty }: Hijacked',
          'wantsRawMode({ interactive, framing }: Hijacked',
        ],
        ['return interactive && tty', "return interactive && framing === 'raw'"],
      ],
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
      name: 'knows only the flags that are on in most terminals',
      verdict: 'rawFlags switches it off in any case',
      changes: [
        ['.filter((flag) => flags[flag])', ".filter((flag) => flags[flag] && flag !== 'istrip')"],
      ],
    },
    {
      name: 'says raw, and lets stty decide',
      verdict: 'icanon is still on',
      body: "  return flags.icanon ? ['raw', '-echo'] : []",
    },
    {
      name: 'switches off what makes characters, too',
      verdict: 'has nothing to do with keys or output',
      changes: [["'opost', //", "'opost',\n    'cread', //"]],
    },
    {
      name: 'gives the flags as one text',
      verdict: 'it has to be a list',
      body: "  return '-icanon -echo -isig -iexten -ixon -icrnl -opost' as never",
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
      verdict: 'you gave "igncr" for it',
      changes: [
        ['.filter((flag) => flags[flag])', ''],
        ['`-${flag}`', '(flags[flag] ? `-${flag}` : flag)'],
      ],
    },
    {
      name: 'gives every word, whatever the flags are',
      verdict: 'igncr was off already',
      changes: [['.filter((flag) => flags[flag])', '']],
    },
  ],
}
