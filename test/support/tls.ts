/**
 * Puts TLS with client certificates in front of an engine, like dockerd's
 * `--tlsverify`.
 *
 * @module
 */

import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createConnection, type Socket } from 'node:net'
import { join } from 'node:path'
import { createServer } from 'node:tls'
import type { TestContext } from 'vitest'
import { connectionOptions } from './api.ts'
import { isEngineRequired } from './engine.ts'
import { removeFolder, temporaryFolder } from './folder.ts'

/** An engine with TLS. */
export type TlsEngine = {
  /** docker's environment variables for the address and the certificates. */
  readonly env: Readonly<Record<string, string>>
  readonly stop: () => Promise<void>
}

/**
 * Skips a test if openssl is missing. With WORKBOOK_REQUIRE_ENGINE=1 it fails
 * instead.
 */
export function needsOpenssl({ skip }: Pick<TestContext, 'skip'>): void {
  if (spawnSync('openssl', ['version']).status === 0) return
  const reason =
    'openssl, which makes the certificates, is not installed. Fix: apt-get install openssl'
  if (isEngineRequired()) throw new Error(reason)
  skip(reason)
}

/** Listens on a loopback port for clients with one of our certificates. */
export async function startTlsEngine(host: string): Promise<TlsEngine> {
  const folder = temporaryFolder('wbtls')
  const { server: own, client } = makeCertificates(folder)
  const open = new Set<Socket>()
  const server = createServer(
    { ...own, requestCert: true, rejectUnauthorized: true, allowHalfOpen: true },
    (socket) => {
      const engine = createConnection({ ...connectionOptions(host), allowHalfOpen: true })
      socket.on('error', () => engine.destroy())
      engine.on('error', () => socket.destroy())
      socket.pipe(engine)
      engine.pipe(socket)
    },
  )
  // Also a connection whose TLS handshake failed.
  server.on('connection', (socket: Socket) => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as import('node:net').AddressInfo
  return {
    env: {
      DOCKER_HOST: `tcp://127.0.0.1:${port}`,
      DOCKER_TLS_VERIFY: '1',
      DOCKER_CERT_PATH: client,
    },
    async stop() {
      for (const socket of open) socket.destroy()
      await new Promise<void>((resolve) => void server.close(() => resolve()))
      removeFolder(folder)
    },
  }
}

/**
 * Makes a CA and a certificate for each side. The client's are in a folder
 * for docker.
 */
function makeCertificates(folder: string) {
  const at = (name: string): string => join(folder, name)
  const openssl = (...args: string[]): void =>
    void execFileSync('openssl', args, { stdio: 'ignore', cwd: folder })
  const key = ['-newkey', 'rsa:2048', '-nodes']
  openssl('req', '-x509', ...key, '-subj', '/CN=ca', '-keyout', 'ca.key', '-out', 'ca.pem')
  writeFileSync(at('names'), 'subjectAltName=IP:127.0.0.1\n')
  for (const name of ['server', 'client']) {
    openssl('req', ...key, '-subj', `/CN=${name}`, '-keyout', `${name}.key`, '-out', `${name}.csr`)
    const signed = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', 'names']
    openssl('x509', '-req', '-in', `${name}.csr`, ...signed, '-out', `${name}.pem`)
  }
  const client = at('client')
  mkdirSync(client)
  const forClient = { 'ca.pem': 'ca.pem', 'client.pem': 'cert.pem', 'client.key': 'key.pem' }
  for (const [from, to] of Object.entries(forClient)) {
    writeFileSync(join(client, to), readFileSync(at(from)))
  }
  const [ca, cert, ownKey] = ['ca.pem', 'server.pem', 'server.key'].map((name) =>
    readFileSync(at(name)),
  )
  return { server: { ca, cert, key: ownKey }, client }
}
