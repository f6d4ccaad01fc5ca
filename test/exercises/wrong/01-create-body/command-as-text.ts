/**
 * Sends the command as one text, as a shell would take it.
 *
 * Verdict: Cmd is a list
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
    AttachStdin: !asked.detach && asked.interactive,
    AttachStderr: !asked.detach,
    AttachStdout: !asked.detach,
    Detach: asked.detach,
    DetachKeys: asked.detachKeys || engine.config.detachKeys,
    Env: asked.env.length > 0 ? asked.env : null,
    WorkingDir: asked.workingDir,
    Cmd: asked.command.join(' '),
  }
}
