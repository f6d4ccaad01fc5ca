import { describe, expect, test } from 'vitest'
import { execOptions } from '../../chapters/commands/asked.ts'
import { refuseWhatNpmTook } from '../../src/process/npm.ts'

const table = { ...execOptions, json: { type: 'switch' } } as const

/** What npm leaves in the environment when it takes an option, as npm 11 does it. */
function refuse(taken: NodeJS.ProcessEnv, words: string, script = 'chapter'): void {
  const environment = { npm_lifecycle_event: script, npm_config_loglevel: 'silent', ...taken }
  refuseWhatNpmTook('chapter', table, words.split(' '), environment)
}

describe('an option that npm took for itself', () => {
  test.each([
    [{ npm_config_json: 'true' }, '4', 'npm run chapter -- --json 4'],
    [{ npm_config_tty: '' }, '4', 'npm run chapter -- --no-tty 4'],
    [{ npm_config_it: 'true' }, '4 box sh', 'npm run chapter -- -it 4 box sh'],
    [{ npm_config_t: 'true' }, '4 box sh', 'npm run chapter -- -t 4 box sh'],
    [{ npm_config_loglevel: 'info' }, '2 box sh', 'npm run chapter -- -d 2 box sh'],
    [{ npm_config_user: 'root' }, '4 box id', 'npm run chapter -- --user=root 4 box id'],
    [{ npm_config_env: 'true' }, 'A=b 4 box', 'npm run chapter -- --env A=b 4 box'],
    [{ npm_config_detach_keys: 'a' }, '5', 'npm run chapter -- --detach-keys=a 5'],
    [{ npm_config_call: 'ls' }, '5 box sh', 'npm run chapter -- 5 box sh -c ls'],
    [{ npm_config_long: 'true' }, '5 box ls', 'npm run chapter -- 5 box ls -l'],
  ])('%j is recognized, and the right form is shown', (taken, words, form) => {
    expect(() => refuse(taken, words)).toThrow(form)
  })

  test('is not seen where there is none', () => {
    expect(() => refuse({}, '4')).not.toThrow()
  })

  test('is not our matter where npm runs something else that runs us', () => {
    expect(() => refuse({ npm_config_json: 'true' }, '4', 'test')).not.toThrow()
  })
})
