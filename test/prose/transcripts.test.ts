/**
 * Each chapter's `transcript.md` is what the chapter prints.
 *
 * @module
 */

import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { dockerExec } from '../../chapters/index.ts'
import { root } from '../support/scripts.ts'
import { expectPage } from './page.ts'
import { transcript, transcriptPath } from './transcript.ts'

// The pages show the terminal flags and the `uname` of Linux.
describe.skipIf(process.platform !== 'linux')('the transcript', () => {
  test.each(dockerExec.stages.map(({ name }, at) => [at + 1, name] as const))(
    'of chapter %i, %s, is what a run prints',
    async (number) => expectPage(transcriptPath(number), await transcript(number)),
  )
})

test('every chapter has one transcript', () => {
  const wanted = dockerExec.stages.map((_, at) => transcriptPath(at + 1))
  const found = readdirSync(join(root, 'chapters'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('transcript.md'))
    .map((file) => join('chapters', file))
  expect(found.sort()).toEqual(wanted.sort())
})
