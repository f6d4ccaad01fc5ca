/**
 * Wrong solutions of the exercises of chapter 2, each a misconception, and right ones that look
 * different from ours.
 *
 * @module
 */

import type { Attempts } from '../../exercises/attempts.ts'

const background = 'if (created.detach) return startDetached(created, kit)'

/** The attempts at the exercises of chapter 2. */
export const attempts: Attempts = {
  '02-start': [
    {
      name: 'has written the stage and not the callback of the 101',
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
      name: 'starts an exec of its own invention',
      verdict: 'the daemon did not give that exec ID',
      changes: [['startPath(created), body', "startPath({ ...created, execId: 'e1' }), body"]],
    },
    {
      name: 'mistypes the path of the start',
      verdict: 'you sent POST /exec/ID/starts instead, and the daemon answered 404',
      changes: [['startPath(created), body', '`${startPath(created)}s`, body']],
    },
    {
      name: 'says that there is a tty even if there is none',
      verdict: 'you sent "Tty":true with the start',
      changes: [['...execStartCheck(created)', 'Detach: false, Tty: true']],
    },
    {
      name: 'holds the connection, and passes on the one that is not held',
      verdict: 'what goes on is what kit.scope.hold gives back',
      body: `
        const started = await reference.run(created, kit)
        if (created.detach) return started
        return { ...started, connection: started.connection?.value }`,
    },
    {
      name: 'holds the connection without a way to close it',
      verdict: 'the connection is still open',
      changes: [['() => socket.destroy()', '() => {}']],
    },
    {
      name: 'starts in the background, and goes on as if there were a session',
      verdict: 'and you passed on a state as if it went on',
      changes: [
        [background, 'if (created.detach) { await startDetached(created, kit); return created }'],
      ],
    },
    {
      name: 'sends the two fields without the size of the window',
      verdict: 'takes it here as well',
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
      name: 'sends the start as a request like any other',
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
      name: 'looks for the exec below its container',
      verdict: 'the path is /exec/{id}/start',
      changes: [
        ['startPath(created)', '`/containers/${created.container}/exec/${created.execId}/start`'],
      ],
    },
    {
      name: 'throws what the daemon refuses',
      verdict: 'a refusal is passed on as the reply',
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
      name: 'sends the size at once, so that the window is right from the first moment',
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
      name: 'passes on the status in place of the reply',
      verdict: 'the reply that you passed on has no status',
      body: `
        const started = await reference.run(created, kit)
        return created.detach ? started : { ...started, reply: started.reply.status }`,
    },
    {
      name: 'leaves out the body, because the daemon knows it all from the create',
      verdict: 'these two have to be the same as in the create',
      changes: [['...execStartCheck(created), ...consoleSize(created, kit)', '']],
    },
    {
      name: 'gives the connection back with a half-close',
      verdict: 'you only half-closed',
      changes: [['() => socket.destroy()', '() => socket.end()']],
    },
    {
      name: 'knows the Content-Type by heart',
      verdict: 'it is read from the headers of the answer',
      changes: [
        [
          "const contentType = String(headers['content-type'] ?? '')",
          "const contentType = 'application/vnd.docker.raw-stream'",
        ],
      ],
    },
    {
      name: 'looks for the Content-Type as it is written on the wire',
      verdict: 'undici writes their names in small letters',
      changes: [
        [
          "const contentType = String(headers['content-type'] ?? '')",
          "const contentType = String(headers['Content-Type'] ?? '')",
        ],
      ],
    },
    {
      name: 'waits for the end of the body behind a 200',
      verdict: 'that body is the session, and the session waits for you',
      changes: [["if (status < 300) controller.abort(new Error('not upgraded'))", '']],
    },
    {
      name: 'aborts every answer that is no 101',
      verdict: 'Only a 200 is aborted',
      changes: [['if (status < 300) controller', 'controller']],
    },
    {
      name: 'does not look at the answer that is no 101',
      verdict: 'and the status that you passed on is 0',
      changes: [
        ["reply = { status, contentType: String(headers['content-type'] ?? ''), body: '' }", ''],
      ],
    },
    {
      name: 'passes on the answer, and drops the socket',
      verdict: 'you passed on null for it',
      changes: [['socket: socket as Socket })', 'socket: null })']],
    },
    {
      name: 'starts in the background, and does not read the answer',
      verdict: 'startDetached reads the answer',
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
      name: 'starts in the background with the body of a session',
      verdict: 'with "Detach":false the daemon would send a session',
      changes: [
        [
          background,
          `if (created.detach) return startDetached({ ...created, detach: false }, kit)`,
        ],
      ],
    },
    {
      name: 'lets the socket flow, so that output comes at once',
      verdict: 'what flows before chapter 3 takes it is lost',
      changes: [
        [
          'resolve({ reply: { status, contentType',
          'socket.resume()\n        resolve({ reply: { status, contentType',
        ],
      ],
    },
    {
      name: 'reads the session as text',
      verdict: 'the session is bytes and not text',
      changes: [
        [
          'resolve({ reply: { status, contentType',
          "socket.setEncoding('utf8')\n        resolve({ reply: { status, contentType",
        ],
      ],
    },
    {
      name: 'gives the connection another label',
      verdict: 'its label has to be "connection"',
      changes: [["hold('connection'", "hold('the connection'"]],
    },
    {
      name: 'waits for the first output before it goes on',
      verdict: 'your stage waits for more',
      changes: [
        [
          'const { reply, socket } = await askForUpgrade(created, kit)',
          "const { reply, socket } = await askForUpgrade(created, kit)\n    await new Promise((resolve) => socket?.once('readable', resolve) ?? resolve(0))",
        ],
      ],
    },
    {
      name: 'holds a connection where there is none',
      verdict: 'Cannot read properties of null',
      changes: [
        ['connection: socket && kit', 'connection: kit'],
        ['() => socket.destroy()', '() => socket!.destroy()'],
      ],
    },
    {
      name: 'puts the answer into the body of the reply as JSON',
      verdict: "chapter 3 shows the daemon's sentence",
      changes: [['body: reply.body + piece', 'body: JSON.stringify(reply.body + piece)']],
    },
    {
      name: 'throws an error of its own at a refusal',
      verdict: 'a refusal is passed on as the reply',
      changes: [
        [
          'const { reply, socket } = await askForUpgrade(created, kit)',
          "const { reply, socket } = await askForUpgrade(created, kit)\n    if (!socket) throw new Error('not upgraded')",
        ],
      ],
    },
    {
      name: 'closes the client behind the 101: it has given its socket away',
      changes: [
        [
          'resolve({ reply: { status, contentType',
          'client.destroy()\n        resolve({ reply: { status, contentType',
        ],
      ],
    },
    {
      name: 'asks for the connection in the background too',
      verdict: 'you asked for an upgrade with -d',
      changes: [[background, '']],
    },
  ],

  '02-start-head': [
    {
      name: 'counts characters instead of bytes',
      verdict: 'Content-Length is 42, and the body has 43 bytes',
      changes: [['Buffer.byteLength(body)', 'body.length']],
    },
    {
      name: 'ends lines as a text file does',
      verdict: 'in HTTP it is \\r\\n',
      changes: [["${head.join('\\r\\n')}\\r\\n\\r\\n", "${head.join('\\n')}\\n\\n"]],
    },
    {
      name: 'sends Upgrade without Connection',
      verdict: 'the header Connection is missing',
      changes: [["'Connection: Upgrade',", '']],
    },
    {
      name: 'puts the body right behind the headers',
      verdict: 'there is no empty line behind the headers',
      changes: [['\\r\\n\\r\\n', '\\r\\n']],
    },
    {
      name: 'leaves out the host, because a socket file has none',
      verdict: 'the header Host is missing',
      changes: [["'Host: docker',", '']],
    },
    {
      name: 'ends the body with a line feed, as a file ends',
      verdict: 'what follows is the first input of the command',
      changes: [['${body}`', '${body}\\r\\n`']],
    },
    {
      name: 'puts the name of the exec where the path should be',
      verdict: 'with the path as it was given',
      changes: [['`POST ${path} HTTP/1.1`', "`POST ${path.slice(path.indexOf('/', 1))} HTTP/1.1`"]],
    },
    {
      name: 'speaks the older version of HTTP',
      verdict: 'only HTTP/1.1 knows Upgrade',
      changes: [['HTTP/1.1', 'HTTP/1.0']],
    },
    {
      name: 'asks for a websocket',
      verdict: 'docker says tcp',
      changes: [["'Upgrade: tcp'", "'Upgrade: websocket'"]],
    },
    {
      name: 'uses another order, small letters, a list in Connection and a charset',
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
