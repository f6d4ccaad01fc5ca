import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { examineMachine, type Machine } from '../../src/doctor/check-machine.ts'
import { removeFolder, temporaryFolder } from '../support/folder.ts'
import { root } from '../support/scripts.ts'
import { keepingWatcher } from './watcher.ts'

function examined(changes: Partial<Machine> = {}) {
  const watcher = keepingWatcher()
  const canStart = examineMachine(
    { root, environment: {}, platform: 'linux', nodeVersion: process.versions.node, ...changes },
    watcher,
  )
  return { canStart, ...watcher }
}

/** A project that wants undici 7.30.2, with what is given in its node_modules. */
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
    const { canStart, about } = examined({ nodeVersion })
    expect(about('Node.js')?.status).toBe(status)
    expect(canStart).toBe(status === 'ok')
  })
})

describe('packages', () => {
  test('those of this project are installed', () => {
    expect(examined().about('packages')).toMatchObject({ status: 'ok' })
  })

  test.each([
    [{}, 'undici is missing'],
    [{ undici: '6.0.0' }, 'undici is 6.0.0 and not 7.30.2'],
  ])('%j is a problem, and nothing can start', (installed, saw) => {
    const { canStart, about } = examined({ root: projectWith(installed) })
    expect(about('packages')).toMatchObject({ status: 'problem', saw, failure: 'packages-missing' })
    expect(canStart).toBe(false)
  })

  test.each([
    [{ undici: '7.30.2' }, 'some-binding is not installed'],
    [{ undici: '7.30.2', 'some-binding': '1.0.0' }, 'some-binding 1.0.0 does not load here'],
  ])('an optional one that is not there or does not fit is a note: %j', (installed, saw) => {
    const { canStart, about } = examined({ root: projectWith(installed) })
    expect(about('pty binding')).toMatchObject({ status: 'note', saw })
    expect(canStart).toBe(true)
  })
})

describe('npm', () => {
  test('its silence is said where it is switched on', () => {
    const environment = {
      npm_config_user_agent: 'npm/11.1.0 node/v20',
      npm_config_loglevel: 'silent',
    }
    const finding = examined({ environment }).about('npm')
    expect(finding?.saw).toMatch(/^11\.1\.0\. Options go behind --.*does nothing at all\.$/)
  })

  test('Git Bash rewrites arguments unless it is told not to', () => {
    const bash = (environment: NodeJS.ProcessEnv) =>
      examined({ environment, platform: 'win32' }).about('Git Bash')
    expect(bash({ MSYSTEM: 'MINGW64' })).toMatchObject({ failure: 'path-conversion' })
    expect(bash({ MSYSTEM: 'MINGW64', MSYS_NO_PATHCONV: '1' })).toBeUndefined()
  })
})
