/**
 * Wrong solutions to the exercises of chapter 4. Each shows one
 * misconception.
 *
 * @module
 */

import type { Attempts } from '../../exercises/attempts.ts'

const restores = '() => kit.terminal.setModes(modes)'
const passesOn = 'return { ...hijacked, rawMode }'

/** The wrong solutions, by the name of the exercise. */
export const attempts: Attempts = {
  '04-raw-mode': [
    {
      name: 'ignores NORAW',
      verdict: 'you set raw mode although NORAW is set',
      changes: [[' && !process.env.NORAW', '']],
    },
    {
      name: 'treats an empty NORAW as set',
      verdict: 'empty counts as unset',
      changes: [['!process.env.NORAW', 'process.env.NORAW === undefined']],
    },
    {
      name: 'sets raw mode and never restores',
      verdict: 'you left the terminal raw',
      changes: [[restores, '() => {}']],
    },
    {
      name: 'does not check for a terminal',
      verdict: 'a pipe has no modes',
      changes: [[' && terminal.inputIsTerminal', '']],
    },
    {
      name: 'sets raw mode and returns nothing',
      verdict: 'your stage returned nothing',
      changes: [
        ['if (!wantsRawMode(hijacked, kit)) return { ...hijacked, rawMode: null }', ''],
        [passesOn, ''],
      ],
    },
    {
      name: 'restores the terminal in its own finally',
      verdict: 'you restored the terminal before the session began',
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
      name: 'sets raw mode for -t alone',
      verdict: 'you set raw mode without -i',
      changes: [['return interactive && tty', 'return tty']],
    },
    {
      name: 'sets raw mode before it registers the restore',
      verdict: 'you set raw mode before you registered the restore',
      changes: [
        [
          'const rawMode = kit.scope',
          'kit.terminal.setModes(...rawFlags)\n    const rawMode = kit.scope',
        ],
        ['    // Set.\n    kit.terminal.setModes(...rawFlags)\n', ''],
      ],
    },
    {
      name: 'reads the modes after it has set raw mode',
      verdict: 'the old ones are lost',
      changes: [
        [
          'const modes = kit.terminal.readModes()',
          'kit.terminal.setModes(...rawFlags)\n    const modes = kit.terminal.readModes()',
        ],
      ],
    },
    {
      name: 'clears what Node clears and leaves output processing on',
      verdict: 'without -opost',
      changes: [
        ['setModes(...rawFlags)', "setModes(...rawFlags.filter((flag) => flag !== '-opost'))"],
      ],
    },
    {
      name: 'takes raw mode to be no lines and no echo',
      verdict: 'you set raw mode without -icrnl',
      changes: [['setModes(...rawFlags)', "setModes('-icanon', '-echo')"]],
    },
    {
      name: 'passes all flags as one word',
      verdict: 'It needs each flag as a separate word',
      changes: [['setModes(...rawFlags)', "setModes(rawFlags.join(' '))"]],
    },
    {
      name: 'passes the list of the flags as one word',
      verdict: 'It needs each flag as a separate word',
      changes: [['setModes(...rawFlags)', 'setModes(rawFlags as never)']],
    },
    {
      name: 'restores with stty sane',
      verdict: 'nothing restored the modes that readModes() had returned',
      changes: [[restores, "() => kit.terminal.setModes('sane')"]],
    },
    {
      name: 'restores the modes letter by letter',
      verdict: 'nothing restored the modes that readModes() had returned',
      changes: [[restores, '() => kit.terminal.setModes(...modes)']],
    },
    {
      name: 'restores by inverting the raw flags',
      verdict: 'nothing restored the modes that readModes() had returned',
      changes: [
        [
          restores,
          "() => kit.terminal.setModes(...rawFlags.filter((flag) => flag.startsWith('-')).map((flag) => flag.slice(1)))",
        ],
      ],
    },
    {
      name: 'accepts only NORAW=1',
      verdict: 'you set raw mode although NORAW is set',
      changes: [['!process.env.NORAW', "process.env.NORAW !== '1'"]],
    },
    {
      name: 'passes on a string instead of the held value',
      verdict: 'which has no release()',
      changes: [[passesOn, "void rawMode\n    return { ...hijacked, rawMode: 'raw' as never }"]],
    },
    {
      name: 'holds raw mode under another label',
      verdict: 'its label has to be "raw mode"',
      changes: [["hold('raw mode'", "hold('terminal'"]],
    },
    {
      name: 'sets raw mode a moment later',
      verdict: 'only after your stage had returned',
      changes: [
        [
          'kit.terminal.setModes(...rawFlags)',
          'setTimeout(() => kit.terminal.setModes(...rawFlags), 0)',
        ],
      ],
    },
    {
      name: 'asks Node for raw mode',
      verdict: 'setRawMode is not a function',
      changes: [['kit.terminal.setModes(...rawFlags)', 'process.stdin.setRawMode(true)']],
    },
    {
      name: 'asks Node whether the input is a terminal',
      verdict: 'you did not set raw mode',
      changes: [['terminal.inputIsTerminal', 'process.stdin.isTTY']],
    },
    {
      name: 'restores the terminal when the process exits',
      verdict: 'nothing restored the modes that readModes() had returned',
      changes: [
        [restores, '() => {}'],
        [
          'const rawMode = kit',
          "process.on('exit', () => kit.terminal.setModes(modes))\n    const rawMode = kit",
        ],
      ],
    },
    {
      name: 'reads the framing instead of the tty, which is equivalent',
      changes: [
        [
          'wantsRawMode({ interactive, tty }: Hijacked',
          'wantsRawMode({ interactive, framing }: Hijacked',
        ],
        ['return interactive && tty', "return interactive && framing === 'raw'"],
      ],
    },
    {
      name: 'sets raw mode for -i alone',
      verdict: 'you set raw mode without -t',
      changes: [['return interactive && tty', 'return interactive']],
    },
  ],

  '04-raw-mode-flags': [
    {
      name: 'turns off every flag that is on',
      verdict: 'raw mode doesn’t need',
      changes: [['cookedFlags.filter', 'Object.keys(flags).filter']],
    },
    {
      name: 'returns one entry with spaces in it',
      verdict: 'stty needs each flag as a separate word',
      changes: [
        ['.map((flag) => `-${flag}`)', ".map((flag) => `-${flag}`).join(' ').split('\\n')"],
      ],
    },
    {
      name: 'handles only flags that are on in most terminals',
      verdict: 'rawFlags always turns it off',
      changes: [
        ['.filter((flag) => flags[flag])', ".filter((flag) => flags[flag] && flag !== 'istrip')"],
      ],
    },
    {
      name: 'returns raw and leaves the rest to stty',
      verdict: 'icanon is still on',
      body: "  return flags.icanon ? ['raw', '-echo'] : []",
    },
    {
      name: 'also turns off the receiver',
      verdict: 'raw mode doesn’t need',
      changes: [["'opost', //", "'opost',\n    'cread', //"]],
    },
    {
      name: 'returns words for flags that it was not given',
      verdict: 'rawWords was not given brkint',
      changes: [
        ["'opost', //", "'opost',\n    'brkint', //"],
        ['.filter((flag) => flags[flag])', '.filter((flag) => flags[flag] !== false)'],
      ],
    },
    {
      name: 'returns the flags as one string',
      verdict: 'it has to return a list',
      body: "  return '-icanon -echo -isig -iexten -ixon -icrnl -opost' as never",
    },
    {
      name: 'clears only what Node clears',
      verdict: 'opost is still on',
      changes: [["'opost',", '']],
    },
    {
      name: 'clears only icanon and echo',
      verdict: 'isig is still on: Ctrl-C ends this program',
      changes: [['cookedFlags.filter', "['icanon', 'echo'].filter"]],
    },
    {
      name: 'forgets the minus',
      verdict: 'icanon is still on ("icanon" turns it on)',
      changes: [['`-${flag}`', 'flag']],
    },
    {
      name: 'inverts every flag, including those that are off',
      verdict: 'you returned "igncr"',
      changes: [
        ['.filter((flag) => flags[flag])', ''],
        ['`-${flag}`', '(flags[flag] ? `-${flag}` : flag)'],
      ],
    },
    {
      name: 'returns every word regardless of the flags',
      verdict: 'igncr was already off',
      changes: [['.filter((flag) => flags[flag])', '']],
    },
  ],
}
