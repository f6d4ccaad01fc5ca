import { describe, expect, test } from 'vitest'
import type { Asked } from '../../chapters/01-create/stage.ts'
import { create } from '../../chapters/01-create/stage.ts'
import { start } from '../../chapters/02-start/stage.ts'
import { hijack } from '../../chapters/03-hijack/stage.ts'
import { dockerExec } from '../../chapters/index.ts'
import { courseFrom } from '../../src/course/stage.ts'

describe('a course', () => {
  test('is the seven chapters in their order', () => {
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

  test('in a wrong order does not compile', () => {
    const created = courseFrom<Asked>().add(create)
    // @ts-expect-error: hijack takes what start passes on, and nothing has been started.
    created.add(hijack)
    // @ts-expect-error: start takes an exec ID, and nothing has been created.
    courseFrom<Asked>().add(start)
    expect(created.add(start).add(hijack).stages).toHaveLength(3)
  })
})
