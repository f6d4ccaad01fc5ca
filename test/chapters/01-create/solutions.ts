/**
 * Wrong solutions of the exercises of chapter 1, each a misconception, and right ones that look
 * different from ours.
 *
 * @module
 */

import type { Attempts } from '../../exercises/attempts.ts'

const createsExec = 'readAnswer<{ Id?: string }>(reply, kit.engine)'
const checksTerminal = 'if (!asked.detach) checkTtyInput(asked, kit)'
const passesOn = 'return { ...asked, execId }'

/** The attempts at the exercises of chapter 1. */
export const attempts: Attempts = {
  '01-create': [
    {
      name: 'checks the answer about the container, and trusts the one to the create',
      verdict: 'readAnswer makes a Failure of a refusal',
      changes: [
        [createsExec, 'JSON.parse(reply.body)'],
        ["if (!execId) throw new Failure('exec ID empty')", ''],
      ],
    },
    {
      name: 'starts the exec as well, because one command should be one request',
      verdict: 'that is chapter 2',
      changes: [
        [
          passesOn,
          `await kit.engine.request('POST', \`/exec/\${execId}/start\`, { Detach: true })
           ${passesOn}`,
        ],
      ],
    },
    {
      name: 'passes on what is new, and forgets what came in',
      verdict: 'is missing in what you passed on',
      changes: [
        [passesOn, 'return { container: asked.container, command: asked.command, execId }'],
      ],
    },
    {
      name: 'takes the ID out of an answer whatever its status is',
      verdict: 'the daemon answered 404 and you went on',
      changes: [
        ['await checkContainer', 'if (!asked.detach && asked.tty) await checkContainer'],
        [createsExec, 'JSON.parse(reply.body)'],
        ["if (!execId) throw new Failure('exec ID empty')", ''],
      ],
    },
    {
      name: 'looks at the terminal after the create, as the client of 2015 did',
      verdict: 'before you looked at the terminal',
      changes: [
        [checksTerminal, ''],
        [passesOn, `${checksTerminal}\n${passesOn}`],
      ],
    },
    {
      name: 'looks at the terminal before the container',
      verdict: 'you complained about the terminal',
      changes: [
        [checksTerminal, ''],
        ['await checkContainer', `${checksTerminal}\nawait checkContainer`],
      ],
    },
    {
      name: 'wants a terminal even if nothing will be typed',
      verdict: 'with -d nothing is typed',
      changes: [[checksTerminal, 'checkTtyInput(asked, kit)']],
    },
    {
      name: 'asks for the container only where the terminal could be blamed instead',
      changes: [
        ['await checkContainer(asked, kit)', ''],
        [
          checksTerminal,
          `if (asked.interactive && asked.tty && !asked.detach) {
             await checkContainer(asked, kit)
             checkTtyInput(asked, kit)
           }`,
        ],
        ["if (!execId) throw new Failure('exec ID empty')", ''],
      ],
    },
  ],

  '01-create-body': [
    {
      name: 'attaches the streams in the background too',
      verdict: 'with -d nothing is attached',
      changes: [['const attach = !asked.detach', 'const attach = true']],
    },
    {
      name: 'sends the command as one text, as a shell would take it',
      verdict: 'Cmd is a list',
      changes: [['Cmd: asked.command', "Cmd: asked.command.join(' ')"]],
    },
    {
      name: 'names the container in the body as well, as the client of 2015 did',
      verdict: 'the create has no such field',
      changes: [['User: asked.user', 'Container: asked.container, User: asked.user']],
    },
    {
      name: 'attaches no stderr to a terminal',
      verdict: 'without it the errors are, with a tty or not',
      changes: [['AttachStderr: attach', 'AttachStderr: attach && !asked.tty']],
    },
    {
      name: 'prefers the configuration to the command line',
      verdict: 'come before those of the configuration',
      changes: [
        [
          'asked.detachKeys || engine.config.detachKeys',
          'engine.config.detachKeys || asked.detachKeys',
        ],
      ],
    },
    {
      name: 'leaves the size of the window to chapter 6',
      verdict: 'the size of the window goes with the request',
      changes: [['...consoleSize(asked, { engine, terminal })', 'ConsoleSize: undefined']],
    },
    {
      name: 'forgets the user',
      verdict: 'it is who runs the command',
      changes: [['User: asked.user', "User: ''"]],
    },
    {
      name: 'takes -t for -i',
      verdict: 'with -i stdin is attached',
      changes: [['attach && asked.interactive', 'attach && asked.tty']],
    },
    {
      name: 'sends the width before the height',
      verdict: 'the height first and then the width',
      changes: [
        [
          'const attach',
          'const { ConsoleSize: size } = consoleSize(asked, { engine, terminal })\nconst attach',
        ],
        [
          '...consoleSize(asked, { engine, terminal }),',
          '...(size && { ConsoleSize: [size[1], size[0]] }),',
        ],
      ],
    },
  ],
}
