/**
 * Attempts at the exercises of chapter 2: wrong ones, each with a misconception,
 * and right ones that look different from ours.
 *
 * @module
 */

import type { Attempts } from '../../exercises/attempts.ts'

const background = 'if (created.detach) return startDetached(created, kit)'

/** The attempts at the exercises of chapter 2. */
export const attempts: Attempts = {
  '02-start': [
    {
      name: 'implements the stage but not the callback of the 101',
      verdict: '02-start.ts, line 66 (onRequestUpgrade)',
      changes: [
        [
          "const contentType = String(headers['content-type'] ?? '')\n        resolve",
          "// YOUR CODE\n        throw notWritten('2 start', 1)\n        const contentType = ''\n        resolve",
        ],
      ],
    },
    {
      name: 'throws in the callback of the 101',
      verdict: '02-start.ts, line 66, column 15: Error: no content type',
      changes: [
        [
          "const contentType = String(headers['content-type'] ?? '')\n        resolve",
          "throw new Error('no content type')\n        const contentType = ''\n        resolve",
        ],
      ],
    },
    {
      name: 'starts an exec ID that it made up',
      verdict: 'but the daemon never sent that exec ID',
      changes: [['startPath(created), body', "startPath({ ...created, execId: 'e1' }), body"]],
    },
    {
      name: 'mistypes the path of the start',
      verdict: 'you sent POST /exec/ID/starts instead, and the daemon answered 404',
      changes: [['startPath(created), body', '`${startPath(created)}s`, body']],
    },
    {
      name: 'sends Tty true without a tty',
      verdict: 'you sent "Tty":true with the start',
      changes: [['...execStartCheck(created)', 'Detach: false, Tty: true']],
    },
    {
      name: 'passes on the socket instead of the held connection',
      verdict: 'pass on what kit.scope.hold returns',
      body: `
        const started = await reference.run(created, kit)
        if (created.detach) return started
        return { ...started, connection: started.connection?.value }`,
    },
    {
      name: 'holds the connection but never closes it',
      verdict: 'the connection is still open',
      changes: [['() => socket.destroy()', '() => {}']],
    },
    {
      name: 'starts detached but passes on a state that continues',
      verdict: 'but you passed on a state as if it continued',
      changes: [
        [background, 'if (created.detach) { await startDetached(created, kit); return created }'],
      ],
    },
    {
      name: 'sends the start without the size of the window',
      verdict: 'the create’s ConsoleSize',
      changes: [[', ...consoleSize(created, kit) }', ' }']],
    },
    {
      name: 'does not hold the connection',
      verdict: 'you did not hold the connection',
      changes: [
        [
          "kit.scope.hold('connection', socket, () => socket.destroy())",
          "{ label: 'connection', value: socket, release: async () => {}, isLive: () => true }",
        ],
      ],
    },
    {
      name: 'sends the start as an ordinary request',
      verdict: 'without asking for an upgrade',
      body: `
        ${background}
        const body = { ...execStartCheck(created), ...consoleSize(created, kit) }
        const reply = await kit.engine.request('POST', startPath(created), body)
        return {
          ...created,
          reply: { status: reply.status, contentType: '', body: reply.body },
          connection: null,
        }`,
    },
    {
      name: 'puts the path of the exec under its container',
      verdict: 'the path is /exec/{id}/start',
      changes: [
        ['startPath(created)', '`/containers/${created.container}/exec/${created.execId}/start`'],
      ],
    },
    {
      name: "throws the daemon's refusal",
      verdict: 'pass the refusal on as the reply',
      body: `
        const started = await reference.run(created, kit)
        if (started.connection === null) throw new Failure(started.reply.body)
        return started`,
      changes: [
        [
          'import { notWritten }',
          "import { Failure } from '../../../src/process/failure.ts'\nimport { notWritten }",
        ],
      ],
    },
    {
      name: 'sends the resize before the start',
      verdict: 'you sent resize before the daemon had answered the upgrade',
      changes: [
        [
          background,
          `${background}
           const size = kit.terminal.size() ?? { rows: 24, columns: 80 }
           const query = \`h=\${size.rows}&w=\${size.columns}\`
           kit.engine
             .request('POST', \`/exec/\${created.execId}/resize?\${query}\`)
             .catch(() => {})`,
        ],
      ],
    },
    {
      name: 'passes on the status instead of the reply',
      verdict: 'the reply that you passed on has no status',
      body: `
        const started = await reference.run(created, kit)
        return created.detach ? started : { ...started, reply: started.reply.status }`,
    },
    {
      name: 'sends the start without a body, as if the create were enough',
      verdict: 'both have to match the create',
      changes: [['...execStartCheck(created), ...consoleSize(created, kit)', '']],
    },
    {
      name: 'releases the connection with a half-close',
      verdict: 'you only half-closed',
      changes: [['() => socket.destroy()', '() => socket.end()']],
    },
    {
      name: 'hard-codes the Content-Type',
      verdict: 'read it from the headers of the answer',
      changes: [
        [
          "const contentType = String(headers['content-type'] ?? '')",
          "const contentType = 'application/vnd.docker.raw-stream'",
        ],
      ],
    },
    {
      name: 'looks up the Content-Type with capital letters',
      verdict: 'undici gives header names in lower case',
      changes: [
        [
          "const contentType = String(headers['content-type'] ?? '')",
          "const contentType = String(headers['Content-Type'] ?? '')",
        ],
      ],
    },
    {
      name: "waits for the end of a 200's body",
      verdict: 'that body is the session, which waits for you',
      changes: [["if (status < 300) controller.abort(new Error('not upgraded'))", '']],
    },
    {
      name: 'aborts every answer other than 101',
      verdict: 'Abort only a 200',
      changes: [['if (status < 300) controller', 'controller']],
    },
    {
      name: 'ignores any answer other than 101',
      verdict: 'but you passed on the status 0',
      changes: [
        ["reply = { status, contentType: String(headers['content-type'] ?? ''), body: '' }", ''],
      ],
    },
    {
      name: 'passes on the answer but drops the socket',
      verdict: 'but you passed on null',
      changes: [['socket: socket as Socket })', 'socket: null })']],
    },
    {
      name: 'starts detached without checking the answer',
      verdict: 'startDetached checks the answer',
      changes: [
        [
          background,
          `if (created.detach) {
             await kit.engine.request('POST', \`/exec/\${created.execId}/start\`, execStartCheck(created))
             return { ...created, done: true as const, exitCode: 0 }
           }`,
        ],
      ],
    },
    {
      name: 'starts detached with the body of a session',
      verdict: 'with "Detach":false the daemon opens a session',
      // Podman refuses it: "must provide at least one stream to attach to".
      needsDockerd: true,
      changes: [
        [
          background,
          `if (created.detach) return startDetached({ ...created, detach: false }, kit)`,
        ],
      ],
    },
    {
      name: 'resumes the socket to get output sooner',
      verdict: 'chapter 3 never gets those bytes',
      changes: [
        [
          'resolve({ reply: { status, contentType',
          'socket.resume()\n        resolve({ reply: { status, contentType',
        ],
      ],
    },
    {
      name: 'reads the session as text',
      verdict: 'the session is bytes, not text',
      changes: [
        [
          'resolve({ reply: { status, contentType',
          "socket.setEncoding('utf8')\n        resolve({ reply: { status, contentType",
        ],
      ],
    },
    {
      name: 'holds the connection under another label',
      verdict: 'its label has to be "connection"',
      changes: [["hold('connection'", "hold('the connection'"]],
    },
    {
      name: 'waits for the first output before it returns',
      verdict: 'your stage waits for more',
      changes: [
        [
          'const { reply, socket } = await askForUpgrade(created, kit)',
          "const { reply, socket } = await askForUpgrade(created, kit)\n    await new Promise((resolve) => socket?.once('readable', resolve) ?? resolve(0))",
        ],
      ],
    },
    {
      name: 'holds a connection that does not exist',
      verdict: 'Cannot read properties of null',
      changes: [
        ['connection: socket && kit', 'connection: kit'],
        ['() => socket.destroy()', '() => socket!.destroy()'],
      ],
    },
    {
      name: 'encodes the body of the reply as JSON',
      verdict: "chapter 3 shows the daemon's message",
      changes: [['body: reply.body + piece', 'body: JSON.stringify(reply.body + piece)']],
    },
    {
      name: 'throws its own error for a refused start',
      verdict: 'pass the refusal on as the reply',
      changes: [
        [
          'const { reply, socket } = await askForUpgrade(created, kit)',
          "const { reply, socket } = await askForUpgrade(created, kit)\n    if (!socket) throw new Error('not upgraded')",
        ],
      ],
    },
    {
      name: 'destroys the client after the 101, which no longer owns the socket',
      changes: [
        [
          'resolve({ reply: { status, contentType',
          'client.destroy()\n        resolve({ reply: { status, contentType',
        ],
      ],
    },
    {
      name: 'asks for an upgrade with -d',
      verdict: 'you asked for an upgrade with -d',
      changes: [[background, '']],
    },
  ],

  '02-start-head': [
    {
      name: 'counts characters instead of bytes',
      verdict: 'Content-Length is 42, but the body has 43 bytes',
      changes: [['Buffer.byteLength(body)', 'body.length']],
    },
    {
      name: 'ends lines with a line feed alone',
      verdict: 'HTTP requires \\r\\n',
      changes: [["${head.join('\\r\\n')}\\r\\n\\r\\n", "${head.join('\\n')}\\n\\n"]],
    },
    {
      name: 'sends Upgrade without Connection',
      verdict: 'the header Connection is missing',
      changes: [["'Connection: Upgrade',", '']],
    },
    {
      name: 'leaves out the blank line',
      verdict: 'your request has no blank line after the headers',
      changes: [['\\r\\n\\r\\n', '\\r\\n']],
    },
    {
      name: 'leaves out Host, as if a Unix socket needed none',
      verdict: 'the header Host is missing',
      changes: [["'Host: docker',", '']],
    },
    {
      name: 'appends a line ending to the body',
      verdict: 'the bytes after it are the first input of the command',
      changes: [['${body}`', '${body}\\r\\n`']],
    },
    {
      name: 'removes the API version from the path',
      verdict: 'with the unchanged path',
      changes: [['`POST ${path} HTTP/1.1`', "`POST ${path.slice(path.indexOf('/', 1))} HTTP/1.1`"]],
    },
    {
      name: 'sends HTTP/1.0',
      verdict: 'Upgrade needs HTTP/1.1',
      changes: [['HTTP/1.1', 'HTTP/1.0']],
    },
    {
      name: 'asks for a WebSocket',
      verdict: 'docker says tcp',
      changes: [["'Upgrade: tcp'", "'Upgrade: websocket'"]],
    },
    {
      name: 'uses another order, lower case, a list in Connection and a charset',
      // Podman answers a list in Connection with 200.
      needsDockerd: true,
      body: `
  return [
    \`POST \${path} HTTP/1.1\`,
    'content-type: application/json; charset=utf-8',
    \`content-length: \${new TextEncoder().encode(body).length}\`,
    'upgrade: tcp',
    'connection: keep-alive, Upgrade',
    'host: localhost',
    '',
    body,
  ].join('\\r\\n')`,
    },
  ],
}
