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
      name: 'mistypes the path of the create',
      verdict: 'you sent POST /containers/box/execs instead, and the daemon answered 404',
      changes: [['}/exec`', '}/execs`']],
    },
    {
      name: 'passes on an ID of its own invention',
      verdict: 'the daemon did not give the exec ID that you passed on',
      changes: [[passesOn, "return { ...asked, execId: 'a'.repeat(64) }"]],
    },
    {
      name: 'makes an error of its own of a refusal',
      verdict: 'pass on the Failure itself',
      changes: [
        [
          'await checkContainer(asked, kit)',
          'try { await checkContainer(asked, kit) } catch (error) { throw new Error((error as Error).message) }',
        ],
      ],
    },
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
      name: 'sends the create twice, to be sure',
      verdict: 'you sent POST /containers/{id}/exec 2 times',
      changes: [
        [
          'const { Id: execId }',
          `await kit.engine.request('POST', \`\${containerPath(asked.container)}/exec\`, execConfig(asked, kit))
           const { Id: execId }`,
        ],
      ],
    },
    {
      name: 'wants a terminal for every -t',
      verdict: 'with -t alone nothing is typed',
      changes: [
        [
          checksTerminal,
          `if (!asked.detach && asked.tty && !kit.terminal.inputIsTerminal) {
             throw new Failure('the input device is not a TTY')
           }`,
        ],
      ],
    },
    {
      name: 'puts the name into the path as it was typed',
      verdict: 'a name may begin with a slash',
      changes: [['${containerPath(asked.container)}/exec', '/containers/${asked.container}/exec']],
    },
    {
      name: 'escapes the name, and does not clean it',
      verdict: 'a name may begin with a slash',
      changes: [
        [
          '${containerPath(asked.container)}/exec',
          '/containers/${encodeURIComponent(asked.container)}/exec',
        ],
      ],
    },
    {
      name: 'does not wait for the answer about the container',
      verdict: 'without it the 404 comes too late',
      changes: [['await checkContainer(asked, kit)', 'void checkContainer(asked, kit)']],
    },
    {
      name: 'goes on where the container does not exist, and lets the create find out',
      verdict: 'the daemon answered 404 to the question for the container, and you went on',
      changes: [
        ['await checkContainer(asked, kit)', 'await checkContainer(asked, kit).catch(() => {})'],
      ],
    },
    {
      name: 'sends the command and nothing else of what was asked',
      verdict: 'in the body of your create User is missing',
      changes: [
        [
          'execConfig(asked, kit),',
          '{ Cmd: asked.command, Tty: asked.tty, AttachStdin: asked.interactive, AttachStdout: true, AttachStderr: true },',
        ],
      ],
    },
    {
      name: 'takes 200 for the only yes',
      verdict: '201 is the yes to a create',
      changes: [
        [
          'const { Id: execId }',
          `if (reply.status !== 200) throw new Failure(reply.body)
           const { Id: execId }`,
        ],
      ],
    },
    {
      name: 'shows the refusal as JSON',
      verdict: 'the daemon\'s sentence is the "message" in it',
      changes: [
        [
          'const { Id: execId }',
          `if (reply.status !== 201) throw new Failure(reply.body.trim())
           const { Id: execId }`,
        ],
      ],
    },
    {
      name: 'throws an error of its own where the daemon refuses',
      verdict: 'readAnswer makes a Failure of it, and anything else loses it',
      changes: [
        [
          'const { Id: execId }',
          `if (reply.status !== 201) throw new Error('create failed')
           const { Id: execId }`,
        ],
      ],
    },
    {
      name: 'refuses -it wherever it is',
      verdict: 'our input is a terminal, and you refused -it',
      changes: [
        [
          checksTerminal,
          `if (!asked.detach && asked.interactive && asked.tty) {
             throw new Failure('the input device is not a TTY')
           }`,
        ],
      ],
    },
    {
      name: 'asks for a tty because we sit at one',
      verdict: 'Tty is true, and it has to be false',
      changes: [
        [
          'execConfig(asked, kit),',
          'execConfig({ ...asked, tty: kit.terminal.inputIsTerminal }, kit),',
        ],
      ],
    },
    {
      name: 'tries a refused create once more',
      verdict: 'What it refuses once it refuses again',
      changes: [
        ['const reply = await', 'const send = () =>'],
        [
          'const { Id: execId }',
          'let reply = await send()\n    if (reply.status !== 201) reply = await send()\n    const { Id: execId }',
        ],
      ],
    },
    {
      name: 'makes JSON of the body before the kit does',
      verdict: 'is a text with JSON in it',
      changes: [['execConfig(asked, kit),', 'JSON.stringify(execConfig(asked, kit)) as never,']],
    },
    {
      name: 'sends the create without a body',
      verdict: 'your create has no body',
      changes: [['execConfig(asked, kit),', 'undefined,']],
    },
    {
      name: 'passes on the ID as docker ps would show it',
      verdict: '64 hexadecimal digits',
      changes: [[passesOn, 'return { ...asked, execId: execId.slice(0, 12) }']],
    },
    {
      name: 'asks the container for its own ID, and names it by that',
      changes: [
        [
          'await checkContainer(asked, kit)',
          "const { Id } = readAnswer<{ Id: string }>(await kit.engine.request('GET', `${containerPath(asked.container)}/json`), kit.engine)",
        ],
        ['containerPath(asked.container)}/exec', 'containerPath(Id)}/exec'],
      ],
    },
    {
      name: 'finds the ID by its form',
      changes: [
        [
          `const { Id: execId } = ${createsExec}`,
          `readAnswer(reply, kit.engine)
           const execId = /[0-9a-f]{64}/.exec(reply.body)?.[0]`,
        ],
      ],
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
      name: 'attaches stdin as it attaches the output',
      verdict: 'without -i nothing is attached to it',
      changes: [['attach && asked.interactive', 'attach']],
    },
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
      name: 'writes the fields as JavaScript does',
      verdict: 'the names begin with a capital letter',
      body: '  return Object.fromEntries(Object.entries({ User: asked.user, Privileged: asked.privileged, Tty: asked.tty, AttachStdin: asked.interactive, AttachStderr: true, AttachStdout: true, Detach: false, DetachKeys: asked.detachKeys, Env: null, WorkingDir: asked.workingDir, Cmd: asked.command }).map(([name, value]) => [name[0]?.toLowerCase() + name.slice(1), value]))',
    },
    {
      name: 'is async, as requests are',
      verdict: 'your function gave a promise',
      changes: [
        ['export function execConfig', 'export async function execConfig'],
        [
          ', { engine, terminal }: Kit): object {',
          ', { engine, terminal }: Kit): Promise<object> {',
        ],
      ],
    },
    {
      name: 'makes an object of the variables',
      verdict: 'Env is a list',
      changes: [
        [
          'Env: asked.env.length > 0 ? asked.env : null',
          "Env: asked.env.length > 0 ? Object.fromEntries(asked.env.map((one) => one.split('='))) : null",
        ],
      ],
    },
    {
      name: 'takes a window that is not there for one',
      verdict: 'Cannot read properties of undefined',
      changes: [
        [
          '...consoleSize(asked, { engine, terminal }),',
          'ConsoleSize: [(terminal.size() as any).rows, (terminal.size() as any).columns],',
        ],
      ],
    },
    {
      name: 'lets the folder begin where the container does',
      verdict: 'an empty one is the working directory of the container',
      changes: [['WorkingDir: asked.workingDir', "WorkingDir: asked.workingDir || '/'"]],
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
