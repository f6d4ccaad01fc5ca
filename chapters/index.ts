/**
 * The seven chapters in order. This *is* `docker exec`.
 *
 * ```text
 *   1 create       Asked    → Created    POST /containers/{id}/exec
 *   2 start        Created  → Started    POST /exec/{id}/start
 *   3 hijack       Started  → Hijacked   the connection stops being HTTP
 *   4 raw mode     Hijacked → Raw        our terminal passes keys on unchanged
 *   5 copy loops   Raw      → Copying    bytes flow both ways
 *   6 resize       Copying  → Resizing   POST /exec/{id}/resize
 *   7 exit code    Resizing → Exited     GET /exec/{id}/json
 * ```
 *
 * Each `add` compiles only if the stage takes what the one before it passes
 * on. So the types allow exactly one order.
 *
 * @module
 */

import { courseFrom } from '../src/course/stage.ts'
import { type Asked, create } from './01-create/stage.ts'
import { start } from './02-start/stage.ts'
import { hijack } from './03-hijack/stage.ts'
import { rawMode } from './04-raw-mode/stage.ts'
import { copyLoops } from './05-copy-loops/stage.ts'
import { resize } from './06-resize/stage.ts'
import { exitCode } from './07-exit-code/stage.ts'

/** The whole course. */
export const dockerExec = courseFrom<Asked>()
  .add(create)
  .add(start)
  .add(hijack)
  .add(rawMode)
  .add(copyLoops)
  .add(resize)
  .add(exitCode)
