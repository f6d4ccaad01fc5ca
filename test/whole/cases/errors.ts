/**
 * Errors before the command runs, and during the session.
 *
 * @module
 */

import { type Case, script, sinceDocker28 } from './case.ts'

const missing: readonly Case[] = [
  { title: 'a missing container', args: ['no-such-box', 'true'] },
  {
    title: 'a missing container is reported before a missing terminal',
    args: ['-it', 'no-such-box', 'sh'],
  },
  { title: 'a missing container, detached', args: ['-d', 'no-such-box', 'true'] },
  { title: 'a container without a name', args: ['', 'true'] },
  { title: 'an invalid container name', args: ['no/such box', 'true'] },
  { title: 'a name with .. in it', args: ['../version', 'true'] },
  { title: 'a name with two slashes in it', args: ['https://box', 'true'] },
]

const containers: readonly Case[] = [
  { title: 'a container by its ID', args: ({ id }) => [id, 'echo', 'hello'] },
  {
    title: 'a container by a prefix of its ID',
    args: ({ id }) => [id.slice(0, 12), 'echo', 'hi'],
  },
  { title: 'a container by its ID with a leading slash', args: ({ id }) => [`/${id}`, 'true'] },
  { title: 'a container by its ID with a trailing slash', args: ({ id }) => [`${id}/`, 'true'] },
  { title: 'a container by a path to its ID', args: ({ id }) => [`./x/..//${id}`, 'true'] },
  {
    title: 'blanks around a container name are ignored',
    since: 28,
    args: ({ id }) => [` ${id}\n`, 'true'],
  },
  { title: 'a stopped container', args: ['BOX', 'true'], container: 'stopped' },
  {
    title: 'a stopped container, detached',
    args: ['-d', 'BOX', 'true'],
    container: 'stopped',
  },
  { title: 'a paused container', args: ['BOX', 'true'], container: 'paused' },
  {
    title: 'a paused container, by its ID',
    args: ({ id }) => [id, 'true'],
    container: 'paused',
  },
]

/** A case with an invalid command line. */
function usage(title: string, ...args: readonly string[]): Case {
  return sinceDocker28({ title, args, namesItself: true })
}

const commandLines: readonly Case[] = [
  usage('no arguments at all'),
  usage('a container without a command', 'BOX'),
  usage('options without a container', '-it'),
  usage('-- with nothing after it', '--'),
  usage('an unknown long option', '--bogus', 'BOX', 'true'),
  usage('an unknown long option with a value', '--bogus=1', 'BOX', 'true'),
  usage('an unknown short option', '-Z', 'BOX', 'true'),
  usage('an unknown short option after a known one', '-iZ', 'BOX', 'true'),
  usage('a long option without its value', '--user'),
  usage('a short option without its value', '-u'),
  usage('a short option without its value, after another option', '-iw'),
  usage('an abbreviated long option', '--inter', 'BOX', 'true'),
  usage('an option with one dash too many', '---tty', 'BOX', 'true'),
  usage('an option with an empty name', '--=x', 'BOX', 'true'),
  usage('a switch with an invalid value', '--tty=maybe', 'BOX', 'true'),
  usage('a short switch with an invalid value', '-it=maybe', 'BOX', 'true'),
  usage('a switch with an empty value', '--detach=', 'BOX', 'true'),
  usage('a short switch with = and no value', '-t=', 'BOX', 'true'),
  usage('two short switches with = and no value', '-it=', 'BOX', 'true'),
  usage('a short option with = and no value takes = as its value', '-e=', 'BOX', 'true'),
  usage('a dash after a letter', '-i-', 'BOX', 'true'),
  usage('a dash and a letter between letters', '-i-t', 'BOX', 'true'),
  usage('a letter of two bytes', '-iÖ', 'BOX', 'true'),
  usage('help with an invalid value', '--help=maybe'),
  usage('a single dash is a container', '-', 'true'),
  usage('help', '--help'),
  usage('help overrides missing arguments', '-it', '--help'),
  usage('the short form of help is deprecated', '-h'),
]

const daemons: readonly Case[] = [
  {
    title: 'a missing socket',
    args: ['BOX', 'true'],
    env: { DOCKER_HOST: 'unix:///no/such/docker.sock' },
  },
  {
    title: 'a file that is not a socket',
    args: ['BOX', 'true'],
    files: { 'docker.sock': '' },
    env: ({ folder }) => ({ DOCKER_HOST: `unix://${folder}/docker.sock` }),
  },
  {
    title: 'a port without a listener',
    args: ['BOX', 'true'],
    env: { DOCKER_HOST: 'tcp://127.0.0.1:1' },
  },
  {
    title: 'no daemon, detached',
    args: ['-d', 'BOX', 'true'],
    env: { DOCKER_HOST: 'unix:///no/such/docker.sock' },
  },
  {
    title: 'no daemon and no terminal',
    args: ['-it', 'BOX', 'sh'],
    env: { DOCKER_HOST: 'unix:///no/such/docker.sock' },
  },
  {
    title: 'an address with an unknown scheme',
    args: ['BOX', 'true'],
    since: 28,
    env: { DOCKER_HOST: 'gopher://x' },
  },
  {
    title: 'an address without a scheme',
    args: ['BOX', 'true'],
    env: { DOCKER_HOST: '127.0.0.1:1' },
  },
  {
    title: 'an address with a port that is not a number',
    args: ['BOX', 'true'],
    since: 28,
    env: { DOCKER_HOST: 'tcp://127.0.0.1:port' },
  },
  ...[
    'tcp://[::1]:1',
    'tcp://[::1]',
    'tcp://[::1',
    'tcp://127.0.0.1:',
    'tcp://127.0.0.1:01',
    'tcp://127.0.0.1:1/behind/a/proxy/',
    'tcp://somebody:secret@127.0.0.1:1',
    'tcp://127.0.0.1:1?query#fragment',
    ' tcp://127.0.0.1:1\n',
    'tcp://127.0.0.1:1/%zz',
    'tcp://a b:1',
    'tcp:x',
    '127.0.0.1:1:x',
    'TCP://127.0.0.1:1',
    'x-y://z',
    '://z',
    'http://127.0.0.1:1',
    'npipe:////./pipe/docker_engine',
    'fd://',
    `unix:///tmp/${'x'.repeat(120)}`,
  ].map(
    (address): Case => ({
      title: `the address ${JSON.stringify(address)}`,
      args: ['BOX', 'true'],
      since: 28,
      env: { DOCKER_HOST: address },
    }),
  ),
  {
    title: 'TLS without a CA certificate',
    args: ['BOX', 'true'],
    since: 28,
    env: { DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: '/no/such/folder' },
  },
  {
    title: 'TLS with a folder instead of a certificate',
    args: ['BOX', 'true'],
    since: 28,
    files: { 'ca.pem/file': '' },
    env: ({ folder }) => ({
      DOCKER_HOST: 'tcp://127.0.0.1:1',
      DOCKER_TLS_VERIFY: '1',
      DOCKER_CERT_PATH: folder,
    }),
  },
  {
    title: 'an API version with a leading v',
    args: ['BOX', 'echo', 'hello'],
    env: { DOCKER_API_VERSION: 'v1.41' },
  },
  { title: 'tcp:// without an address', args: ['BOX', 'true'], env: { DOCKER_HOST: 'tcp://' } },
  { title: 'a socket without a path', args: ['BOX', 'true'], env: { DOCKER_HOST: 'unix://' } },
  {
    title: 'an unknown context',
    args: ['BOX', 'true'],
    since: 28,
    env: { DOCKER_HOST: undefined, DOCKER_CONTEXT: 'elsewhere' },
  },
  {
    title: 'a supported API version that is set explicitly',
    args: ['BOX', 'echo', 'hello'],
    env: { DOCKER_API_VERSION: '1.40' },
    wire: true,
  },
  {
    title: 'an API version that is too new',
    args: ['BOX', 'echo', 'hello'],
    env: { DOCKER_API_VERSION: '1.999' },
  },
  {
    title: 'an API version that is too old',
    args: ['BOX', 'echo', 'hello'],
    env: { DOCKER_API_VERSION: '1.0' },
  },
]

const interruptions: readonly Case[] = [
  {
    title: 'signals that docker ignores are ignored',
    args: script('echo ready; sleep 1; echo over; exit 9'),
    async during(running) {
      await running.waitFor('ready')
      for (const signal of ['SIGUSR1', 'SIGUSR2', 'SIGIO', 'SIGPROF', 'SIGXCPU'] as const) {
        running.signal(signal)
      }
    },
  },
  {
    title: 'Ctrl-C without a tty does not stop the command',
    args: script('echo ready; sleep 777'),
    ownContainer: true,
    since: 28,
    async during(running) {
      await running.waitFor('ready')
      running.signal('SIGINT')
    },
    afterwards: 'ps | grep -c "[s]leep 777"',
  },
  {
    title: 'SIGTERM without a tty does not stop the command',
    args: script('echo ready; sleep 777', '-i'),
    stdin: 'open',
    ownContainer: true,
    since: 28,
    async during(running) {
      await running.waitFor('ready')
      running.signal('SIGTERM')
    },
    afterwards: 'ps | grep -c "[s]leep 777"',
  },
  {
    title: 'a stream that breaks while the daemon is alive',
    args: script('echo ready; sleep 777'),
    ownContainer: true,
    cut: { after: 'ready', daemon: 'alive' },
  },
  {
    title: 'a stream that breaks because the daemon is gone',
    args: script('echo ready; sleep 777'),
    ownContainer: true,
    cut: { after: 'ready', daemon: 'gone' },
  },
]

export const errors: readonly Case[] = [
  ...missing.map(sinceDocker28),
  ...containers,
  ...commandLines,
  ...daemons,
  ...interruptions,
]
