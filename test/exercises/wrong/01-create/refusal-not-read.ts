/**
 * Reads the answer to the container, and believes the one to the create.
 *
 * Verdict: readAnswer makes a Failure of a refusal
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
import { containerPath } from '../../../../src/engine/answer.ts'

export const create: Stage<Asked, Created> = {
  ...reference,

  async run(asked, kit) {
    await checkContainer(asked, kit)
    if (!asked.detach) checkTtyInput(asked, kit)
    const { body } = await kit.engine.request(
      'POST',
      `${containerPath(asked.container)}/exec`,
      execConfig(asked, kit),
    )
    return { ...asked, execId: (JSON.parse(body) as { Id: string }).Id }
  },
}
