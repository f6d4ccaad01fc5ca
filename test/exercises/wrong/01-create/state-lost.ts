/**
 * Passes on what is new, and forgets what came in.
 *
 * Verdict: is missing in what you passed on
 */

import {
  type Asked,
  type Created,
  checkContainer,
  checkTtyInput,
  execConfig,
  create as reference,
} from '../../../../chapters/01-create/stage.ts'
import type { Stage } from '../../../../src/course/stage.ts'
import { containerPath, readAnswer } from '../../../../src/engine/answer.ts'

export const create: Stage<Asked, Created> = {
  ...reference,

  async run(asked, kit) {
    await checkContainer(asked, kit)
    if (!asked.detach) checkTtyInput(asked, kit)
    const reply = await kit.engine.request(
      'POST',
      `${containerPath(asked.container)}/exec`,
      execConfig(asked, kit),
    )
    const { Id: execId } = readAnswer<{ Id?: string }>(reply, kit.engine)
    return { container: asked.container, command: asked.command, execId } as unknown as Created
  },
}
