/**
 * Tests that the story of each chapter fits on one screen.
 *
 * @module
 */

import { expect, test } from 'vitest'
import { chapterFolders } from '../../chapters/commands/chapter-folders.ts'
import { wrapText } from '../../src/text/width.ts'

test.each(chapterFolders.map(({ folder, lesson }) => [folder, lesson] as const))(
  'the story of %s fits above a picture in a window of 80 by 24',
  (_, lesson) => {
    for (const { story, missing } of [lesson, lesson.withoutTty ?? lesson]) {
      expect(story.length).toBeLessThanOrEqual(420)
      expect(wrapText(story, 78).length).toBeLessThanOrEqual(6)
      expect(wrapText(missing, 78).length).toBeLessThanOrEqual(4)
      for (const text of [story, missing]) expect(text).toMatch(/^[A-Z].*\.$/)
    }
  },
)
