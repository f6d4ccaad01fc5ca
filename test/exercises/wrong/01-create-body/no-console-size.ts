/**
 * Leaves the size of the window to chapter 6.
 *
 * Verdict: the size of the window goes with the request
 */

import type { Asked } from '../../../../chapters/01-create.ts'
import type { Kit } from '../../../../src/kit.ts'

export function execConfig(asked: Asked, { engine, terminal }: Kit): object {
  void terminal
  return {
    User: asked.user,
    Privileged: asked.privileged,
    Tty: asked.tty,
    AttachStdin: !asked.detach && asked.interactive,
    AttachStderr: !asked.detach,
    AttachStdout: !asked.detach,
    Detach: asked.detach,
    DetachKeys: asked.detachKeys || engine.config.detachKeys,
    Env: asked.env.length > 0 ? asked.env : null,
    WorkingDir: asked.workingDir,
    Cmd: asked.command,
  }
}
