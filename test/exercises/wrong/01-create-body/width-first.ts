/**
 * Sends the width before the height.
 *
 * Verdict: the height first and then the width
 */

import {
  type Asked,
  consoleSize,
  execConfig as reference,
} from '../../../../chapters/01-create/stage.ts'
import type { Kit } from '../../../../src/course/kit.ts'

export function execConfig(asked: Asked, kit: Kit): object {
  const { ConsoleSize: size } = consoleSize(asked, kit)
  return { ...reference(asked, kit), ...(size && { ConsoleSize: [size[1], size[0]] }) }
}
