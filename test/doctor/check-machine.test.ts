import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { examineMachine, type Machine } from '../../src/doctor/check-machine.ts'
import { removeFolder, temporaryFolder } from '../support/folder.ts'
import { root } from '../support/scripts.ts'

function examined(changes: Partial<Machine> = {}) {
  const findings = examineMachine({
    ...{ root, environment: {}, platform: 'linux', nodeVersion: process.versions.node },
    ...changes,
  })
  return (thing: string) => findings.find(({ about }) => about === thing)
}

/**
 * A project that requires undici 7.30.2, with these packages in node_modules.
 */
function projectWith(installed: Record<string, string>): string {
  const folder = temporaryFolder('wbproject')
  onTestFinished(() => removeFolder(folder))
  const write = (path: string, content: object): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), JSON.stringify(content))
  }
  write('package.json', {
    engines: { node: '>=20.18.1' },
    dependencies: { undici: '7.30.2' },
    optionalDependencies: { 'some-binding': '1.0.0' },
  })
  for (const [name, version] of Object.entries(installed)) {
    write(`node_modules/${name}/package.json`, { name, version, main: 'no-such-file.js' })
  }
  return folder
}

describe('Node', () => {
  test.each([
    ['20.18.1', 'ok'],
    ['20.20.0', 'ok'],
    ['22.1.0', 'ok'],
    ['20.18.0', 'problem'],
    ['20.9.9', 'problem'],
    ['18.20.4', 'problem'],
  ])('%s is %s', (nodeVersion, status) => {
    expect(examined({ nodeVersion })('Node.js')?.status).toBe(status)
  })
})

describe('packages', () => {
  test('are installed in this project', () => {
    expect(examined()('packages')).toMatchObject({ status: 'ok' })
  })

  test.each([
    [{}, 'undici is missing'],
    [{ undici: '6.0.0' }, 'undici is 6.0.0 instead of 7.30.2'],
  ])('are a problem if node_modules has only %j', (installed, observed) => {
    const found = examined({ root: projectWith(installed) })('packages')
    expect(found).toMatchObject({ status: 'problem', observed, failure: 'packages-missing' })
  })

  test.each([
    [{ undici: '7.30.2' }, 'some-binding is not installed'],
    [{ undici: '7.30.2', 'some-binding': '1.0.0' }, 'some-binding 1.0.0 does not load here'],
  ])('are only a note if they are optional: %j', (installed, observed) => {
    const found = examined({ root: projectWith(installed) })('pty binding')
    expect(found).toMatchObject({ status: 'note', observed })
  })
})

describe('npm', () => {
  test('has a note if its log level is silent', () => {
    const environment = {
      npm_config_user_agent: 'npm/11.1.0 node/v20',
      npm_config_loglevel: 'silent',
    }
    const finding = examined({ environment })('npm')
    expect(finding?.observed).toMatch(/^11\.1\.0\. Options go after --.*prints nothing at all\.$/)
  })

  test('has a note about Git Bash unless MSYS_NO_PATHCONV is set', () => {
    const bash = (environment: NodeJS.ProcessEnv) =>
      examined({ environment, platform: 'win32' })('Git Bash')
    expect(bash({ MSYSTEM: 'MINGW64' })).toMatchObject({ failure: 'path-conversion' })
    expect(bash({ MSYSTEM: 'MINGW64', MSYS_NO_PATHCONV: '1' })).toBeUndefined()
  })
})
