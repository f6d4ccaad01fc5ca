/**
 * Takes -t for -i.
 *
 * Verdict: with -i stdin is attached
 */

import type { Asked } from '../../../../chapters/01-create.ts'
import { consoleSize } from '../../../../chapters/01-create.ts'
import type { Kit } from '../../../../src/kit.ts'

export function execConfig(asked: Asked, { engine, terminal }: Kit): object {
  return {
    User: asked.user,
    Privileged: asked.privileged,
    Tty: asked.tty,
    ...consoleSize(asked, { engine, terminal }),
    AttachStdin: !asked.detach && asked.tty,
    AttachStderr: !asked.detach,
    AttachStdout: !asked.detach,
    Detach: asked.detach,
    DetachKeys: asked.detachKeys || engine.config.detachKeys,
    Env: asked.env.length > 0 ? asked.env : null,
    WorkingDir: asked.workingDir,
    Cmd: asked.command,
  }
}
