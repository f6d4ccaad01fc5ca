import { describe, expect, test } from 'vitest'
import type { Asked } from '../../chapters/01-create/stage.ts'
import { create } from '../../chapters/01-create/stage.ts'
import { start } from '../../chapters/02-start/stage.ts'
import { hijack } from '../../chapters/03-hijack/stage.ts'
import { dockerExec } from '../../chapters/index.ts'
import { courseFrom } from '../../src/course/stage.ts'

describe('a course', () => {
  test('has the seven chapters in order', () => {
    expect(dockerExec.stages.map(({ name }) => name)).toEqual([
      'create',
      'start',
      'hijack',
      'raw mode',
      'copy loops',
      'resize',
      'exit code',
    ])
  })

  test('does not compile in a wrong order', () => {
    const created = courseFrom<Asked>().add(create)
    // @ts-expect-error: hijack takes what start passes on, and start is missing.
    created.add(hijack)
    // @ts-expect-error: start takes an exec ID, and create is missing.
    courseFrom<Asked>().add(start)
    expect(created.add(start).add(hijack).stages).toHaveLength(3)
  })
})
