import { describe, expect, test } from 'vitest'
import { askedFrom } from '../../chapters/commands/asked.ts'
import { dockerExec } from '../../chapters/index.ts'
import { createScope } from '../../src/course/scope.ts'
import { type Course, examineSession } from '../../src/doctor/check-session.ts'
import type { Finding } from '../../src/doctor/finding.ts'
import { connectTo } from '../../src/engine/engine.ts'
import { withPractice } from '../practice/daemon.ts'

const course: Course = {
  stages: dockerExec.stages,
  ask: (container, command, tty) => askedFrom({ interactive: true, tty }, container, command),
}

/** Checks a session on a practice daemon with these faults. */
async function examined(faults: readonly string[], tty = true) {
  const findings: Finding[] = []
  const scope = createScope()
  const works = await withPractice(faults, ({ host, container }) => {
    const address = { kind: 'socket', host, path: host.replace('unix://', '') } as const
    const config = { folder: '', detachKeys: '', currentContext: '', httpHeaders: {} }
    return examineSession(
      {
        connect: (record) => connectTo(address, config, { environment: {}, record }),
        ...{ container, tty, timeout: 3 },
      },
      course,
      scope,
      {
        ...{ part: () => {}, trying: () => {}, progress: () => {} },
        report: (finding) => void findings.push(finding),
      },
    )
  })
  expect(scope.live()).toEqual([])
  const problem = findings.find(({ status }) => status === 'problem')
  return { works, findings, problem }
}

describe('a session', () => {
  test.each([[[]], [['early-output']], [['slow-writer']], [['late-exit-code']]])(
    'works with the faults %j',
    async (faults) => {
      const { works, findings } = await examined(faults)
      expect(findings.map(({ about, status }) => `${about}: ${status}`)).toEqual(
        dockerExec.stages.map(({ name }, at) => `${at + 1} ${name}: ok`),
      )
      expect(works).toBe(true)
    },
  )

  test.each([[[]], [['split-header']], [['early-output']]])(
    'works without a terminal, with the faults %j',
    async (faults) => {
      const { works, findings } = await examined(faults, false)
      const skipped = findings.filter(({ status }) => status === 'skipped')
      expect(skipped.map(({ about }) => about)).toEqual(['4 raw mode', '6 resize'])
      expect(works).toBe(true)
    },
  )

  test.each([
    ['no-upgrade', '3 hijack', 'upgrade-dropped'],
    ['proxy-drops-upgrade', '3 hijack', 'upgrade-dropped'],
    ['silent', '2 start', 'start-refused'],
    ['no-exit-code', '7 exit code', 'exit-code-wrong'],
    ['gone-before-inspect', '7 exit code', 'exit-code-wrong'],
  ])('fails with the fault %s: %s reports %s', async (fault, about, failure) => {
    const { works, problem } = await examined([fault])
    expect(problem).toMatchObject({ about, failure })
    expect(works).toBe(false)
  })

  test('fails if the frames are invalid', async () => {
    const { works, problem } = await examined(['unknown-stream'], false)
    expect(problem).toMatchObject({ failure: 'output-missing' })
    expect(works).toBe(false)
  })

  test('works if the daemon refuses every resize, and reports the refusals', async () => {
    const { works, problem } = await examined(['resize-refused=100'])
    expect(problem).toMatchObject({ about: '6 resize', failure: 'resize-refused' })
    expect(works).toBe(true)
  })
})
