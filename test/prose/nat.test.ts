/**
 * What docs/symptoms.md says about a router: it forgets a half-closed
 * connection that is silent, unless the client sends probes. Measured on a
 * router of our own, in network namespaces, with seconds in place of minutes.
 *
 * @module
 */

import { expect, test } from 'vitest'
import { findOnPath } from '../support/image.ts'
import { run } from '../support/run.ts'

/** How long the router remembers a half-closed connection, in seconds. */
const memory = 2

/** After how many seconds the server answers. */
const silence = 6

/** Answers a half-close after the silence. */
const server = `
  require('node:net').createServer({ allowHalfOpen: true }, (socket) => {
    socket.resume()
    socket.on('error', () => {})
    socket.on('end', () => setTimeout(() => socket.end('done'), ${silence * 1000}))
  }).listen(2375)`

/** Half-closes, and prints what arrives, or that nothing does. */
const client = (probes: boolean): string => `
  const socket = require('node:net').connect({ host: '10.3.0.2', port: 2375, allowHalfOpen: true })
  ${probes ? 'socket.setKeepAlive(true, 1000)' : ''}
  socket.end()
  const end = (text) => { console.log('${probes ? 'with' : 'without'} probes:', text); process.exit() }
  socket.on('data', (text) => end(String(text))).on('error', (error) => end(error.code))
  setTimeout(() => end('nothing'), ${(silence + 6) * 1000})`

/**
 * The namespace of this shell is the router. The client and the server each
 * have one of their own.
 */
const network = `
  set -e
  ip link set lo up
  sysctl -qw net.ipv4.ip_forward=1
  unshare -n sleep 60 & client=$!
  unshare -n sleep 60 & server=$!
  trap 'kill $client $server $listener 2>/dev/null' EXIT
  sleep 1
  join() {
    ip link add $2 type veth peer name eth0 netns $1
    ip addr add $3.1/24 dev $2
    ip link set $2 up
    nsenter -t $1 -n sh -c "ip link set lo up; ip addr add $3.2/24 dev eth0; ip link set eth0 up; ip route add default via $3.1"
  }
  join $client inside 10.2.0
  join $server outside 10.3.0
  iptables -t nat -A POSTROUTING -o outside -j MASQUERADE
  sysctl -qw net.netfilter.nf_conntrack_tcp_timeout_close_wait=${memory}
  nsenter -t $server -n "$0" -e "$1" & listener=$!
  sleep 1
  nsenter -t $client -n "$0" -e "$2" & first=$!
  nsenter -t $client -n "$0" -e "$3" & second=$!
  wait $first $second`

const missing = ['unshare', 'nsenter', 'ip', 'iptables'].filter((name) => !findOnPath(name))
const reason =
  process.getuid?.() !== 0
    ? 'only root can build a network'
    : missing.length > 0
      ? `${missing.join(', ')} not installed`
      : undefined

test('a router forgets a silent half-closed connection without probes', async (context) => {
  if (reason) return context.skip(reason)
  const programs = [process.execPath, server, client(true), client(false)]
  const { stdout, stderr, code } = await run('unshare', ['-n', 'sh', '-c', network, ...programs])
  if (code !== 0) return context.skip(`this machine allows no network of its own: ${stderr}`)
  const lines = stdout.toString().trim().split('\n').sort()
  expect(lines).toEqual(['with probes: done', 'without probes: nothing'])
})
