/**
 * A walk through the seven chapters, in the size and with the names that the lessons have.
 *
 * @module
 */

import type { Asked } from '../../chapters/01-create/stage.ts'
import { dockerExec } from '../../chapters/index.ts'
import { walk } from '../../src/course/walk.ts'
import { addedNames, type PrintedState, printState } from '../../src/tape/state.ts'
import type { WireEvent } from '../../src/tape/tape.ts'
import type { Target } from '../conformance/raw.ts'
import { asked, makeKit } from '../support/kit.ts'
import { shownExecId } from './normalise.ts'

/** What a stage did. */
export type Walked = {
  readonly before: PrintedState
  readonly after: PrintedState
  readonly added: readonly string[]
  readonly wire: readonly WireEvent[]
}

/** The window of the article. */
const size = { rows: 69, columns: 236 }

/** As in the lessons: a shell with a prompt, which is left at once, and the API of an older daemon. */
export const shell: Partial<Asked> = {
  command: ['sh'],
  tty: true,
  interactive: true,
  // Every shell has another prompt of its own.
  env: ['PS1=# '],
}

/** Walks with a person who types, and gives what each of the stages did. */
export async function walkThrough(
  { host, container }: Target,
  question: Partial<Asked> = shell,
  input = 'exit\n',
): Promise<Walked[]> {
  const environment = { DOCKER_API_VERSION: '1.41' }
  const kit = await makeKit(host, { isTerminal: true, size, open: true }, environment)
  kit.tape.take()
  const befores: PrintedState[] = []
  const steps: Walked[] = []
  const before = (_: unknown, state: object): void => {
    befores.push(printState(state))
    // Until the last stage begins the session is open, however slow the machine is.
    if (befores.length === dockerExec.stages.length) kit.person.type(input)
  }
  let execId = ''
  const first = asked({ ...question, container })
  for await (const { state, number } of walk(dockerExec, first, kit, { before })) {
    execId = (state as { execId: string }).execId
    const [was, is] = [befores[number - 1] ?? {}, printState(state)]
    steps.push({ before: was, after: is, added: addedNames(was, is), wire: kit.tape.take() })
  }
  return JSON.parse(
    JSON.stringify(steps, keepBytes)
      .replaceAll(execId, shownExecId)
      .replaceAll(`/containers/${container}/`, '/containers/box/')
      .replaceAll(`"container":"${container}"`, '"container":"box"'),
    readBytes,
  ) as Walked[]
}

/** Bytes that came, frames and all, in one piece. */
export function received(steps: readonly Walked[]): Buffer {
  const events = steps.flatMap(({ wire }) => wire)
  return Buffer.concat(
    events.flatMap((event) => (event.kind === 'received' ? [Buffer.from(event.bytes)] : [])),
  )
}

function keepBytes(_: string, value: unknown): unknown {
  return value instanceof Uint8Array ? { hex: Buffer.from(value).toString('hex') } : value
}

function readBytes(_: string, value: unknown): unknown {
  const { hex } = (value ?? {}) as { hex?: unknown }
  return typeof hex === 'string' ? Buffer.from(hex, 'hex') : value
}
