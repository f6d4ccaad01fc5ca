/**
 * An engine that is reached over TLS, such as one that a whole class shares.
 *
 * @module
 */

import { spawnSync } from 'node:child_process'
import { expect, onTestFinished, type TestContext, test } from 'vitest'
import { describeWithEngine, startContainer } from '../support/engine.ts'
import { temporaryFolder } from '../support/folder.ts'
import { run } from '../support/run.ts'
import { script } from '../support/scripts.ts'
import { needsOpenssl, startTlsEngine, type TlsEngine } from '../support/tls.ts'

describeWithEngine('over TLS', (engine) => {
  async function throughTls(context: TestContext): Promise<TlsEngine['env']> {
    needsOpenssl(context)
    const { env, stop } = await startTlsEngine(engine.host)
    onTestFinished(stop)
    return env
  }

  async function box(): Promise<string> {
    const container = await startContainer()
    onTestFinished(container.release)
    return container.name
  }

  test('the requests, the upgrade and the session’s bytes look the same as without TLS', async (context) => {
    const env = await throughTls(context)
    const command = ['sh', '-c', 'read word; echo $word; exit 3']
    const [node, ...words] = script('chapter', '7', '--json', '--no-tape', await box(), ...command)
    const ran = await run(node, words, { env, stdin: 'hello\n' })
    expect(ran.code).toBe(3)
    const { stages } = JSON.parse(ran.stdout.toString()) as {
      stages: { wire: { kind: string; path?: string; status?: number; hex?: string }[] }[]
    }
    const wire = stages.flatMap((stage) => stage.wire)
    const requests = wire.filter(({ kind }) => kind === 'request').map(({ path = '' }) => path)
    expect(requests.map((path) => path.replace(/[0-9a-f]{64}/, 'ID'))).toEqual([
      expect.stringMatching(/^\/v[\d.]+\/containers\/.+\/json$/),
      expect.stringMatching(/^\/v[\d.]+\/containers\/.+\/exec$/),
      expect.stringMatching(/^\/v[\d.]+\/exec\/ID\/start$/),
      expect.stringMatching(/^\/v[\d.]+\/exec\/ID\/json$/),
    ])
    const answers = wire.filter(({ kind }) => kind === 'answer').map(({ status }) => status)
    expect(answers).toEqual([200, 201, 101, 200])
    const hex = (wanted: string): string =>
      wire.flatMap(({ kind, hex }) => (kind === wanted && hex ? [hex] : [])).join('')
    expect(hex('sent')).toBe('68656c6c6f0a')
    expect(hex('received')).toBe('010000000000000668656c6c6f0a')
  })

  test('EOF on stdin is a half-close, and the output still arrives', async (context) => {
    const env = await throughTls(context)
    const [node, ...words] = script('exec', '-i', await box(), 'cat')
    const input = 'x'.repeat(300_000)
    const ran = await run(node, words, { env, stdin: input })
    expect([ran.code, ran.stderr.toString(), ran.stdout.toString() === input]).toEqual([
      0,
      '',
      true,
    ])
  })

  test.for([
    ['with its certificates', 'ca=CERTS/ca.pem,cert=CERTS/cert.pem,key=CERTS/key.pem', 0],
    [
      'without a check of the daemon',
      'cert=CERTS/cert.pem,key=CERTS/key.pem,skip-tls-verify=true',
      0,
    ],
    ['without the daemon’s CA', 'cert=CERTS/cert.pem,key=CERTS/key.pem', 1],
  ] as const)(
    'a context that docker made %s works as in docker',
    async ([, files, code], context) => {
      const { DOCKER_HOST, DOCKER_CERT_PATH = '' } = await throughTls(context)
      if (spawnSync('docker', ['--version']).status !== 0) context.skip('no docker client')
      const env = { DOCKER_CONFIG: temporaryFolder(), DOCKER_HOST: undefined }
      const host = `host=${DOCKER_HOST},${files.replaceAll('CERTS', DOCKER_CERT_PATH)}`
      await run('docker', ['context', 'create', 'lab', '--docker', host], { env })
      await run('docker', ['context', 'use', 'lab'], { env })
      // With input, because the server in front of the engine is Node's. If
      // the client half-closes at once, it may end both directions.
      const args = ['-i', await box(), 'cat']
      const [node, ...words] = script('exec', ...args)
      const expected = await run('docker', ['exec', ...args], { env, stdin: 'hi\n' })
      const ran = await run(node, words, { env, stdin: 'hi\n' })
      const described = [ran, expected].map((one) => [one.code, `${one.stdout}`, `${one.stderr}`])
      expect(described[0]).toEqual(described[1])
      expect(ran.code).toBe(code)
    },
  )
})
