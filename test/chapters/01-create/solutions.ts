/**
 * Attempts at the exercises of chapter 1: wrong ones, each with a misconception,
 * and right ones that look different from ours.
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
      name: 'passes on an ID that it made up',
      verdict: 'you passed on an exec ID that the daemon never sent',
      changes: [[passesOn, "return { ...asked, execId: 'a'.repeat(64) }"]],
    },
    {
      name: 'throws its own error for a refusal of the container',
      verdict: 'rethrow the Failure itself',
      changes: [
        [
          'await checkContainer(asked, kit)',
          'try { await checkContainer(asked, kit) } catch (error) { throw new Error((error as Error).message) }',
        ],
      ],
    },
    {
      name: 'checks the answer about the container but not the one to the create',
      verdict: 'readAnswer throws a Failure for a refusal',
      changes: [
        [createsExec, 'JSON.parse(reply.body)'],
        ["if (typeof execId !== 'string' || execId === '') throw new Failure('exec ID empty')", ''],
      ],
    },
    {
      name: 'starts the exec as well, as if one request had to do everything',
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
      name: 'passes on only what is new',
      verdict: 'is missing from the state you returned',
      changes: [
        [passesOn, 'return { container: asked.container, command: asked.command, execId }'],
      ],
    },
    {
      name: 'reads the ID from an answer of any status',
      verdict: 'the daemon answered 404, but you went on',
      changes: [
        ['await checkContainer', 'if (!asked.detach && asked.tty) await checkContainer'],
        [createsExec, 'JSON.parse(reply.body)'],
        ["if (typeof execId !== 'string' || execId === '') throw new Failure('exec ID empty')", ''],
      ],
    },
    {
      name: 'checks the terminal after the create, as the client of 2015 did',
      verdict: 'before you checked the terminal',
      changes: [
        [checksTerminal, ''],
        [passesOn, `${checksTerminal}\n${passesOn}`],
      ],
    },
    {
      name: 'checks the terminal before the container',
      verdict: 'you complained about the terminal',
      changes: [
        [checksTerminal, ''],
        ['await checkContainer', `${checksTerminal}\nawait checkContainer`],
      ],
    },
    {
      name: 'requires a terminal with -d',
      verdict: 'with -d you type nothing',
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
      name: 'requires a terminal for every -t',
      verdict: 'with -t alone you type nothing',
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
      name: 'puts the name into the path verbatim',
      verdict: 'a name may start with a slash',
      changes: [['${containerPath(asked.container)}/exec', '/containers/${asked.container}/exec']],
    },
    {
      name: 'escapes the slash in the name instead of removing it',
      verdict: 'a name may start with a slash',
      changes: [
        [
          '${containerPath(asked.container)}/exec',
          '/containers/${encodeURIComponent(asked.container)}/exec',
        ],
      ],
    },
    {
      name: 'does not wait for the answer about the container',
      verdict: 'without await the 404 comes too late',
      changes: [['await checkContainer(asked, kit)', 'void checkContainer(asked, kit)']],
    },
    {
      name: 'ignores a missing container and lets the create find out',
      verdict: 'the daemon answered 404 for the container, but you went on',
      changes: [
        ['await checkContainer(asked, kit)', 'await checkContainer(asked, kit).catch(() => {})'],
      ],
    },
    {
      name: 'sends the command without the other fields',
      verdict: 'in the body of your create User is missing',
      changes: [
        [
          'execConfig(asked, kit),',
          '{ Cmd: asked.command, Tty: asked.tty, AttachStdin: asked.interactive, AttachStdout: true, AttachStderr: true },',
        ],
      ],
    },
    {
      name: 'accepts only a 200',
      verdict: '201 means that the create succeeded',
      changes: [
        [
          'const { Id: execId }',
          `if (reply.status !== 200) throw new Failure(reply.body)
           const { Id: execId }`,
        ],
      ],
    },
    {
      name: 'shows the refusal as raw JSON',
      verdict: 'the daemon\'s words are the "message" in it',
      changes: [
        [
          'const { Id: execId }',
          `if (reply.status !== 201) throw new Failure(reply.body.trim())
           const { Id: execId }`,
        ],
      ],
    },
    {
      name: 'throws its own error for a refused create',
      verdict: 'but you threw an error without its message',
      changes: [
        [
          'const { Id: execId }',
          `if (reply.status !== 201) throw new Error('create failed')
           const { Id: execId }`,
        ],
      ],
    },
    {
      name: 'refuses every -it',
      verdict: 'our input is a terminal, but you refused -it',
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
      name: 'asks for a tty because our input is one',
      verdict: 'Tty is true, but it has to be false',
      changes: [
        [
          'execConfig(asked, kit),',
          'execConfig({ ...asked, tty: kit.terminal.inputIsTerminal }, kit),',
        ],
      ],
    },
    {
      name: 'retries a refused create',
      verdict: 'If the daemon refuses a create, an immediate retry fails too',
      changes: [
        ['const reply = await', 'const send = () =>'],
        [
          'const { Id: execId }',
          'let reply = await send()\n    if (reply.status !== 201) reply = await send()\n    const { Id: execId }',
        ],
      ],
    },
    {
      name: 'encodes the body as JSON before the kit does',
      verdict: 'is a string of JSON',
      changes: [['execConfig(asked, kit),', 'JSON.stringify(execConfig(asked, kit)) as never,']],
    },
    {
      name: 'sends the create without a body',
      verdict: 'your create has no body',
      changes: [['execConfig(asked, kit),', 'undefined,']],
    },
    {
      name: 'shortens the ID to 12 digits, as docker ps does',
      verdict: '64 hexadecimal digits',
      changes: [[passesOn, 'return { ...asked, execId: execId.slice(0, 12) }']],
    },
    {
      name: "uses the container's ID instead of its name",
      changes: [
        [
          'await checkContainer(asked, kit)',
          "const { Id } = readAnswer<{ Id: string }>(await kit.engine.request('GET', `${containerPath(asked.container)}/json`), kit.engine)",
        ],
        ['containerPath(asked.container)}/exec', 'containerPath(Id)}/exec'],
      ],
    },
    {
      name: 'finds the ID with a regular expression',
      changes: [
        [
          `const { Id: execId } = ${createsExec}`,
          `readAnswer(reply, kit.engine)
           const execId = /[0-9a-f]{64}/.exec(reply.body)?.[0]`,
        ],
      ],
    },
    {
      name: 'checks the container only if it checks the terminal',
      changes: [
        ['await checkContainer(asked, kit)', ''],
        [
          checksTerminal,
          `if (asked.interactive && asked.tty && !asked.detach) {
             await checkContainer(asked, kit)
             checkTtyInput(asked, kit)
           }`,
        ],
        ["if (typeof execId !== 'string' || execId === '') throw new Failure('exec ID empty')", ''],
      ],
    },
  ],

  '01-create-body': [
    {
      name: 'attaches stdin without -i',
      verdict: 'attach stdin with -i, but not without it',
      changes: [['attach && asked.interactive', 'attach']],
    },
    {
      name: 'attaches the streams with -d',
      verdict: 'attach nothing with -d',
      changes: [['const attach = !asked.detach', 'const attach = true']],
    },
    {
      name: 'sends the command as one string, as for a shell',
      verdict: 'Cmd is a list',
      changes: [['Cmd: asked.command', "Cmd: asked.command.join(' ')"]],
    },
    {
      name: 'names the container in the body as well, as the client of 2015 did',
      verdict: 'the create has no such field',
      changes: [['User: asked.user', 'Container: asked.container, User: asked.user']],
    },
    {
      name: 'does not attach stderr with a tty',
      verdict: 'always attach stderr otherwise, with or without a tty',
      changes: [['AttachStderr: attach', 'AttachStderr: attach && !asked.tty']],
    },
    {
      name: 'prefers the detach keys of the configuration',
      verdict: 'override those from the configuration',
      changes: [
        [
          'asked.detachKeys || engine.config.detachKeys',
          'engine.config.detachKeys || asked.detachKeys',
        ],
      ],
    },
    {
      name: 'leaves the size of the window to chapter 6',
      verdict: 'the request carries the size of the window',
      changes: [['...consoleSize(asked, { engine, terminal })', 'ConsoleSize: undefined']],
    },
    {
      name: 'forgets the user',
      verdict: 'it says who runs the command',
      changes: [['User: asked.user', "User: ''"]],
    },
    {
      name: 'attaches stdin for -t',
      verdict: 'attach stdin with -i',
      changes: [['attach && asked.interactive', 'attach && asked.tty']],
    },
    {
      name: 'writes the field names in camel case',
      verdict: 'the API spells its fields with a capital letter',
      body: '  return Object.fromEntries(Object.entries({ User: asked.user, Privileged: asked.privileged, Tty: asked.tty, AttachStdin: asked.interactive, AttachStderr: true, AttachStdout: true, Detach: false, DetachKeys: asked.detachKeys, Env: null, WorkingDir: asked.workingDir, Cmd: asked.command }).map(([name, value]) => [name[0]?.toLowerCase() + name.slice(1), value]))',
    },
    {
      name: 'is async, as requests are',
      verdict: 'your function returned a promise',
      changes: [
        ['export function execConfig', 'export async function execConfig'],
        [
          ', { engine, terminal }: Kit): object {',
          ', { engine, terminal }: Kit): Promise<object> {',
        ],
      ],
    },
    {
      name: 'sends the variables as an object',
      verdict: 'Env is a list',
      changes: [
        [
          'Env: asked.env.length > 0 ? asked.env : null',
          "Env: asked.env.length > 0 ? Object.fromEntries(asked.env.map((one) => one.split('='))) : null",
        ],
      ],
    },
    {
      name: 'reads the size of a window that does not exist',
      verdict: 'Cannot read properties of undefined',
      changes: [
        [
          '...consoleSize(asked, { engine, terminal }),',
          'ConsoleSize: [(terminal.size() as any).rows, (terminal.size() as any).columns],',
        ],
      ],
    },
    {
      name: 'sends / as the default working directory',
      verdict: 'send it even if it is empty',
      changes: [['WorkingDir: asked.workingDir', "WorkingDir: asked.workingDir || '/'"]],
    },
    {
      name: 'sends the width before the height',
      verdict: 'height first, then width',
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
