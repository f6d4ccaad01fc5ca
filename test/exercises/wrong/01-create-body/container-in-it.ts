/**
 * Names the container in the body as well, as the client of 2015 did.
 *
 * Verdict: the create has no such field
 */

import { type Asked, execConfig as reference } from '../../../../chapters/01-create/stage.ts'
import type { Kit } from '../../../../src/course/kit.ts'

export function execConfig(asked: Asked, kit: Kit): object {
  return { ...reference(asked, kit), Container: asked.container }
}
