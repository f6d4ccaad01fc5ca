/**
 * The companions of the stages, in the order of the chapters.
 *
 * @module
 */

import type { AnyCompanion } from '../../src/run/companion.ts'
import { companion as create } from '../01-create/companion.ts'
import { companion as start } from '../02-start/companion.ts'
import { companion as hijack } from '../03-hijack/companion.ts'
import { companion as rawMode } from '../04-raw-mode/companion.ts'
import { companion as copyLoops } from '../05-copy-loops/companion.ts'
import { companion as resize } from '../06-resize/companion.ts'
import { companion as exitCode } from '../07-exit-code/companion.ts'

/** One for each stage of the course. */
export const companions: readonly AnyCompanion[] = [
  create,
  start,
  hijack,
  rawMode,
  copyLoops,
  resize,
  exitCode,
]
