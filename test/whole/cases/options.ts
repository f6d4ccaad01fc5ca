/**
 * The options and their effects in the container.
 *
 * @module
 */

import { createHash } from 'node:crypto'
import { type Case, script, sinceDocker28 } from './case.ts'

const showVariables = script('echo "[$A] [$B] [$C]"')

/** A case with an environment file, and with options before its own. */
function withEnvFile(
  title: string,
  content: string | Uint8Array,
  ...options: readonly string[]
): Case {
  return {
    title,
    files: { variables: content },
    env: { B: 'from the client', C: undefined },
    args: ({ folder }) => [...options, '--env-file', `${folder}/variables`, ...showVariables],
  }
}

const environment: readonly Case[] = [
  { title: 'a variable', args: ['-e', 'A=b', ...showVariables] },
  { title: 'a variable with the long option', args: ['--env=A=b', ...showVariables] },
  { title: 'a variable without a space after -e', args: ['-eA=b', ...showVariables] },
  {
    title: 'several variables',
    args: ['-e', 'A=1', '-e', 'B=2', '--env', 'C=3', ...showVariables],
  },
  {
    title: 'the last value of a variable wins',
    args: ['-e', 'A=1', '-e', 'A=2', ...showVariables],
  },
  { title: 'an empty value', args: ['-e', 'A=', ...script('env | grep ^A=')] },
  { title: 'a value with = in it', args: ['-e', 'A=b=c=', ...showVariables] },
  { title: 'a value with blanks and line breaks', args: ['-e', 'A= b \n c ', ...showVariables] },
  { title: 'a value in UTF-8', args: ['-e', 'A=grüß 漢字 🐳', ...showVariables] },
  {
    title: 'a bare name takes its value from the client’s environment',
    args: ['-e', 'A', ...showVariables],
    env: { A: 'from the client' },
  },
  {
    title: 'a bare name that the client does not have removes the variable',
    args: ['-e', 'PATH_TO_NOWHERE', '-e', 'HOME', ...script('env | grep ^HOME= || echo none')],
    env: { HOME: undefined, PATH_TO_NOWHERE: undefined },
  },
  {
    title: 'a variable without a name',
    since: 28,
    args: ['-e', '=b', ...showVariables],
    namesItself: true,
  },
  { title: 'an empty variable', since: 28, args: ['-e', '', ...showVariables], namesItself: true },
  { title: 'a name with a blank in it', args: ['-e', 'A B=c', 'BOX', 'env'] },
  withEnvFile('a file of variables', 'A=1\nB=2\n'),
  withEnvFile('comments and blank lines in the file', '# A=0\n\n   # A=9\n  \nA=1\n'),
  withEnvFile('a file that starts with a byte order mark', '\ufeffA=1\nB=2\n'),
  withEnvFile('a file with CRLF line ends', 'A=1\r\nB=2\r\n'),
  withEnvFile('a file without a final line end', 'A=1\nB=2'),
  withEnvFile('a bare name in a file takes its value from the client', 'A=1\nB\nC\n'),
  sinceDocker28(
    withEnvFile(
      'blanks before a name are dropped, those around a value are kept',
      '   A= 1 \nB =2\n',
    ),
  ),
  withEnvFile('quotes in the file are part of the value', 'A="1"\n'),
  sinceDocker28(withEnvFile('a name with a blank in the file', 'A=1\nB AD=2\n')),
  sinceDocker28(withEnvFile('a line without a name', '=2\n')),
  sinceDocker28(
    withEnvFile('a file that is not UTF-8', Uint8Array.of(0x41, 0x3d, 0xff, 0xfe, 0x0a)),
  ),
  withEnvFile('an empty file', ''),
  withEnvFile('a byte order mark in the second line is part of a name', 'A=1\n\ufeffB=2\n'),
  withEnvFile('the longest allowed line', `A=1\n#${'x'.repeat(65_534)}\nC=3\n`),
  withEnvFile('a line that is too long', `A=1\n#${'x'.repeat(65_535)}\nC=3\n`),
  {
    title: 'a path below a file',
    args: ['--env-file', '/etc/passwd/variables', ...showVariables],
  },
  withEnvFile('-e overrides the file', 'A=file\nB=file\n', '-e', 'A=option'),
  {
    title: 'several files, of which the last one wins',
    files: { one: 'A=1\nB=1\n', two: 'B=2\nC=2\n' },
    args: ({ folder }) => [
      '--env-file',
      `${folder}/one`,
      '--env-file',
      `${folder}/two`,
      ...showVariables,
    ],
  },
  {
    title: 'a missing file',
    args: ({ folder }) => ['--env-file', `${folder}/nothing`, ...showVariables],
  },
  {
    title: 'an env file whose name is too long',
    args: ['--env-file', `/${'x'.repeat(300)}`, ...showVariables],
  },
  {
    title: 'a folder instead of an env file',
    since: 28,
    args: ({ folder }) => ['--env-file', folder, ...showVariables],
  },
]

const place: readonly Case[] = [
  { title: 'a working directory', args: ['-w', '/tmp', 'BOX', 'pwd'] },
  { title: 'a working directory with the long option', args: ['--workdir=/etc', 'BOX', 'pwd'] },
  { title: 'a missing working directory', args: ['-w', '/missing', 'BOX', 'pwd'] },
  { title: 'a relative working directory', args: ['-w', 'tmp', 'BOX', 'pwd'] },
  { title: 'an empty working directory means the default', args: ['-w', '', 'BOX', 'pwd'] },
  { title: 'a user by name', args: ['-u', 'nobody', 'BOX', 'id'] },
  { title: 'a user by number', args: ['--user', '1234', 'BOX', 'id'] },
  { title: 'a user and a group', args: ['-u', '1234:5678', 'BOX', 'id'] },
  { title: 'a user and a group by name', args: ['-u', 'nobody:root', 'BOX', 'id'] },
  { title: 'an unknown user', args: ['-u', 'stranger', 'BOX', 'id'] },
  { title: 'an unknown group', args: ['-u', 'root:strangers', 'BOX', 'id'] },
  {
    title: 'privileged',
    args: ['--privileged', 'BOX', 'grep', 'CapEff', '/proc/self/status'],
  },
  { title: 'not privileged', args: ['BOX', 'grep', 'CapEff', '/proc/self/status'] },
]

const notation: readonly Case[] = [
  { title: 'short options in one word', args: ['-iu', 'nobody', 'BOX', 'id', '-un'] },
  { title: 'a value without a space after its letter', args: ['-unobody', 'BOX', 'id', '-un'] },
  { title: 'a value after the letter and =', args: ['-u=nobody', 'BOX', 'id', '-un'] },
  {
    title: 'options given twice, of which the last one counts',
    args: ['-w', '/', '-w', '/tmp', 'BOX', 'pwd'],
  },
  { title: '-- before the container', args: ['--', 'BOX', 'echo', 'hello'] },
  { title: 'options, -- and the container', args: ['-i', '--', 'BOX', 'echo', 'hello'] },
  { title: '-- after the container is the command', args: ['BOX', '--', 'echo', 'hello'] },
  { title: '-- inside the command is kept', args: ['BOX', 'echo', '--', 'hello'] },
  {
    title: 'options after the container belong to the command',
    args: ['BOX', 'echo', '-it', '-d'],
  },
  {
    title: 'words that look like our options belong to the command',
    args: ['BOX', 'ls', '-d', '--', '/tmp'],
  },
  {
    title: 'arguments keep their blanks and quotes',
    args: ['BOX', 'printf', '<%s>', ' a "b" ', '', "'"],
  },
  { title: 'arguments in UTF-8', args: ['BOX', 'echo', 'grüß 漢字 🐳'] },
]

const terminals: readonly Case[] = [
  { title: '-t without a terminal', args: script('test -t 0; test -t 1 && echo tty', '-t') },
  { title: '-t with input but without -i', args: script('echo hello', '-t'), stdin: 'unread' },
  { title: '-t sets TERM', args: script('echo "$TERM"', '-t') },
  { title: 'without -t TERM is not set', args: script('env | grep ^TERM= || echo none') },
  { title: '-it without a terminal', args: ['-it', 'BOX', 'cat'], stdin: 'hello\n' },
  { title: '-ti is the same', args: ['-ti', 'BOX', 'cat'], stdin: 'hello\n' },
  { title: '-i -t is the same', args: ['-i', '-t', 'BOX', 'cat'], stdin: 'hello\n' },
  { title: '--interactive --tty is the same', args: ['--interactive', '--tty', 'BOX', 'cat'] },
  { title: '-it=false is -i without -t', args: ['-it=false', 'BOX', 'cat'], stdin: 'hello\n' },
  { title: '--tty=true is -t', args: script('test -t 1 && echo tty', '--tty=true') },
  { title: '--tty=0 means no -t', args: script('test -t 1 || echo none', '--tty=0') },
  { title: '--tty=T is -t', args: script('test -t 1 && echo tty', '--tty=T') },
  {
    title: 'invalid detach keys are rejected by the daemon',
    args: ['--detach-keys=ctrl-!!', 'BOX', 'true'],
  },
  {
    title: 'detach keys without a tty have no effect',
    args: ['--detach-keys=a', 'BOX', 'echo', 'aa'],
  },
  {
    title: 'detach keys in the input have no effect without a tty',
    args: ['-i', 'BOX', 'cat'],
    stdin: 'a\x10\x11b',
  },
]

const waitForFile = 'until [ -f /tmp/done ]; do sleep 0.05; done; cat /tmp/done'

const detached: readonly Case[] = [
  {
    title: 'detached: the client exits and the command runs',
    args: script('echo from afar >/tmp/part; mv /tmp/part /tmp/done', '-d'),
    ownContainer: true,
    afterwards: waitForFile,
  },
  {
    title: 'detached, with a tty',
    args: script('tty >/tmp/part; mv /tmp/part /tmp/done', '-d', '-t'),
    ownContainer: true,
    afterwards: waitForFile,
  },
  {
    title: 'detached, with -it and no terminal',
    args: script('echo "$A" >/tmp/part; mv /tmp/part /tmp/done', '-dit', '-e', 'A=b'),
    ownContainer: true,
    afterwards: waitForFile,
  },
  { title: 'detached: the exit code is not reported', args: script('exit 3', '-d') },
  { title: 'detached: a command that is not found', args: ['-d', 'BOX', 'no-such-command'] },
  { title: 'detached: a file that is not executable', args: ['--detach', 'BOX', '/etc/passwd'] },
  { title: '--detach=false waits', args: script('exit 3', '--detach=false') },
]

const onTheWire: readonly Case[] = [
  { title: 'requests of a plain command', args: ['BOX', 'true'], wire: true },
  {
    title: 'requests with all options',
    args: [
      ...['-i', '-t=false', '--privileged', '-u', 'nobody', '-w', '/tmp', '-e', 'A=b'],
      ...['--detach-keys', 'ctrl-x,x', 'BOX', 'cat', '-'],
    ],
    wire: true,
  },
  { title: 'requests of a detached command', args: ['-d', 'BOX', 'true'], wire: true },
  { title: 'requests with -t', args: ['-t', 'BOX', 'true'], wire: true },
  {
    title: 'requests with <, >, & and UTF-8 in the arguments',
    args: ['-e', 'A=<grüß & 漢字>', 'BOX', 'echo', '<&>\u2028"\\\t'],
    wire: true,
  },
  {
    title: 'headers of the config file are sent but do not replace the client’s own',
    args: ['BOX', 'true'],
    files: {
      'config.json': JSON.stringify({
        HttpHeaders: { 'X-Meta': 'workbook', 'User-Agent': 'somebody else' },
      }),
    },
    env: ({ folder }) => ({ DOCKER_CONFIG: folder }),
    wire: true,
  },
  {
    title: 'detach keys of the config file are sent to the daemon',
    args: ['BOX', 'true'],
    files: { 'config.json': '{"detachKeys":"ctrl-x"}' },
    env: ({ folder }) => ({ DOCKER_CONFIG: folder }),
    wire: true,
  },
  {
    title: 'a header outside Latin-1 is sent as UTF-8',
    args: ['BOX', 'true'],
    files: { 'config.json': '{"HttpHeaders":{"X-Meta":"grüß 漢字"}}' },
    env: ({ folder }) => ({ DOCKER_CONFIG: folder }),
    wire: true,
  },
]

/** A case with this config file. */
function withConfig(content: string): Case {
  return {
    title: `a config file with ${JSON.stringify(content)} in it`,
    since: 28,
    args: ['BOX', 'echo', 'hello'],
    files: { 'config.json': content },
    env: ({ folder }) => ({ DOCKER_CONFIG: folder }),
  }
}

const configuration: readonly Case[] = [
  ...['', ' \n', 'null', '{}', '{"HttpHeaders":null,"detachKeys":null}'].map(withConfig),
  // Names that differ in case: the last one counts.
  ...['{"DETACHKEYS":"ctrl-!!"}', '{"detachKeys":"a","DetachKeys":"ctrl-!"}'].map(withConfig),
  // Fields that an exec does not need.
  ...['{"features":{"x":"y"},"currentContext":"default"}', '{"a":1}\n'].map(withConfig),
  // Headers that HTTP forbids.
  ...['{"HttpHeaders":{"X Y":"z"}}', '{"HttpHeaders":{"X":"a\\nb"}}'].map(withConfig),
  {
    title: 'a folder instead of a config file',
    since: 28,
    args: ['BOX', 'echo', 'hello'],
    files: { 'config.json/file': '' },
    env: ({ folder }) => ({ DOCKER_CONFIG: folder }),
  },
]

/** The folder of the context `elsewhere`, in `meta` or `tls`. */
const elsewhere = createHash('sha256').update('elsewhere').digest('hex')

/** A case with a context whose file has this content. */
function withContext(title: string, content: string): Case {
  return {
    title: `a context ${title}`,
    since: 28,
    args: ['BOX', 'echo', 'hello'],
    files: { [`contexts/meta/${elsewhere}/meta.json`]: content },
    env: ({ folder }) => ({
      DOCKER_HOST: undefined,
      DOCKER_CONTEXT: 'elsewhere',
      DOCKER_CONFIG: folder,
    }),
  }
}

const nowhere = 'unix:///no/such/docker.sock'
const contexts: readonly Case[] = [
  withContext(
    'with an address',
    `{"Name":"elsewhere","Endpoints":{"docker":{"Host":"${nowhere}"}}}`,
  ),
  withContext('with other letter case', `{"endpoints":{"docker":{"HOST":"${nowhere}"}}}`),
  withContext('without endpoints', '{}'),
  {
    title: 'a context with a folder instead of a file',
    since: 28,
    args: ['BOX', 'echo', 'hello'],
    files: { [`contexts/meta/${elsewhere}/meta.json/file`]: '' },
    env: ({ folder }) => ({
      DOCKER_HOST: undefined,
      DOCKER_CONTEXT: 'elsewhere',
      DOCKER_CONFIG: folder,
    }),
  },
]

export const options: readonly Case[] = [
  ...environment,
  ...place,
  ...notation,
  ...terminals,
  ...detached,
  ...onTheWire,
  ...configuration,
  ...contexts,
]
