/**
 * Asks for the container only where the terminal could be blamed instead.
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
    if (asked.interactive && asked.tty && !asked.detach) {
      await checkContainer(asked, kit)
      checkTtyInput(asked, kit)
    }
    const path = `${containerPath(asked.container)}/exec`
    const reply = await kit.engine.request('POST', path, execConfig(asked, kit))
    return { ...asked, execId: readAnswer<{ Id: string }>(reply, kit.engine).Id }
  },
}
