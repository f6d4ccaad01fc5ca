import { describe, expect, test } from 'vitest'
import { execOptions } from '../../chapters/commands/asked.ts'
import { rejectOptionsNpmTook, rejectScriptTypo } from '../../src/process/npm.ts'

const table = {
  ...execOptions,
  json: { type: 'switch' },
  edit: { type: 'switch' },
  guess: { type: 'list' },
  image: { type: 'value' },
  at: {
    type: 'value',
    check: (value: string) => (/^\d+$/.test(value) ? undefined : 'not a number'),
  },
  view: { type: 'list', check: (value: string) => (value === 'wire' ? undefined : 'no view') },
} as const

/** The environment variables that npm 11 sets when it takes an option. */
function refuse(taken: NodeJS.ProcessEnv, words: string, script = 'chapter'): void {
  const environment = { npm_lifecycle_event: script, npm_config_loglevel: 'silent', ...taken }
  rejectOptionsNpmTook('chapter', table, words.split(' '), environment)
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
    [{ npm_config_all: 'true', npm_config_long: 'true' }, '5 box ls', '-- 5 box ls -a -l'],
    [{ npm_config_guess: 'true' }, '2 start-status=2', '-- 2 --guess start-status=2'],
    [{ npm_config_image: 'true' }, '7 some/image', '-- 7 --image some/image'],
    [{ npm_config_image: 'true' }, 'some/image 7 box', '-- --image some/image 7 box'],
    [{ npm_config_at: 'true' }, 'x.tape 12', '-- x.tape --at 12'],
    [{ npm_config_guess: 'true\n\ntrue' }, '2 a=1 b=2', 'npm run chapter -- …'],
    [{ npm_config_guess: 'a=1', npm_config_json: 'true' }, '2', '-- --json --guess=a=1 2'],
    [{ npm_config_editor: '2' }, 'split', 'npm run chapter -- --edit 2 split'],
    [{ npm_config_viewer: 'wire' }, '1', 'npm run chapter -- --view=wire 1'],
  ])('%j is detected, and the error shows the correct form', (taken, words, form) => {
    expect(() => refuse(taken, words)).toThrow(form)
  })

  test('is detected under the other names of a script', () => {
    expect(() => refuse({ npm_config_json: 'true' }, '4', 'chapter4')).toThrow('-- --json 4')
    expect(() => refuse({ npm_config_json: 'true' }, '4', 'start')).toThrow('-- --json 4')
  })

  test('is not reported if npm took none', () => {
    expect(() => refuse({}, '4')).not.toThrow()
    const settings = { npm_config_viewer: 'man', npm_config_editor: 'vim' }
    expect(() => refuse(settings, '4')).not.toThrow()
  })

  test('is ignored if npm runs another script that starts us', () => {
    expect(() => refuse({ npm_config_json: 'true' }, '4', 'test')).not.toThrow()
  })
})

describe('the script name', () => {
  test.each(['chaper', 'chapte', 'capter', 'chpater', 'chapetr'])(
    '%s is rejected as a typo',
    (event) => {
      expect(() =>
        rejectScriptTypo('chapter', ['4', 'a b'], { npm_lifecycle_event: event }),
      ).toThrow(`unknown script ${event}: did you mean npm run chapter 4 'a b'?`)
    },
  )

  test.each(['chapter', 'chapters', 'chapter4', 'start', 'test', 'check', undefined])(
    '%s is accepted',
    (event) => {
      expect(() => rejectScriptTypo('chapter', ['4'], { npm_lifecycle_event: event })).not.toThrow()
    },
  )
})
