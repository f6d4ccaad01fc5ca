/**
 * Splits what was on the wire into fields, and says what each field means.
 * The rules are in `grammar/`.
 *
 * @module
 */

import { type EventOf, hasBytes, type TapeEvent } from './event.ts'
import { bodyFields, bodyRules } from './grammar/body-fields.ts'
import { firstLineFields, firstLineRules, type MessageContext } from './grammar/first-line.ts'
import { frameRules, pieceFields } from './grammar/frame-fields.ts'
import { chunkRules, headerFields, headerRules } from './grammar/header-lines.ts'
import { kindOf } from './grammar/request-kinds.ts'
import { type AnyRule, type Field, fieldOf } from './grammar/rule.ts'
import { createTerminalSplitter } from './grammar/terminal-bytes.ts'
import { ends, sessionRules, standardInput } from './grammar/terminal-rules.ts'
import { type Moment, momentsOf } from './moments.ts'

export type { Field } from './grammar/rule.ts'

/** All rules of the grammar. */
export const grammar: readonly AnyRule[] = [
  ...[...firstLineRules, ...headerRules, ...bodyRules, ...chunkRules],
  ...[...frameRules, ...sessionRules],
]

/**
 * Returns the fields of each event. The bytes of an event's fields, joined,
 * are the bytes of the event on the wire. An event without bytes that ends a
 * direction has one empty field, every other one has none.
 */
export function fieldsIn(events: readonly TapeEvent[]): (readonly Field[])[] {
  const contextOf = createContextFinder()
  const written = createTerminalSplitter('written')
  const pressed = createTerminalSplitter('pressed')
  let framing: 'raw' | 'stdcopy' = 'raw'

  return momentsOf(events).map((moment): readonly Field[] => {
    const { event, pieces } = moment
    switch (event.kind) {
      case 'request':
      case 'answer': {
        const context = contextOf(event)
        return [...firstLineFields(context), ...headerFields(context), ...bodyFields(context)]
      }
      case 'upgrade':
        framing = event.framing
        return []
      case 'sent':
        return pieces.flatMap(({ bytes }) =>
          framing === 'raw' ? pressed(bytes) : [fieldOf(standardInput, bytes, undefined)],
        )
      case 'received': {
        const fields =
          framing === 'raw'
            ? pieces.flatMap(({ bytes }) => written(bytes))
            : pieces.flatMap(pieceFields)
        return isEarly(moment) ? fields.map(early) : fields
      }
      case 'half-close':
      case 'end':
      case 'cut':
        return [fieldOf(ends[event.kind], '', undefined)]
      default:
        return hasBytes(event)
          ? createTerminalSplitter('written')(pieces[0]?.bytes ?? Buffer.alloc(0))
          : []
    }
  })
}

/** Keeps what the meaning of a message depends on. */
function createContextFinder(): (event: EventOf<'request' | 'answer'>) => MessageContext {
  const requests: { 1?: EventOf<'request'>; 2?: EventOf<'request'> } = {}
  let execId: string | undefined
  return (event) => {
    if (event.kind === 'request') requests[event.connection] = event
    const request = requests[event.connection]
    const context = { event, request, execId }
    if (event.kind === 'answer' && request && kindOf(request) === 'create') {
      execId = /"Id":\s*"(\w+)"/.exec(event.body)?.[1] ?? execId
    }
    return context
  }
}

/**
 * Whether bytes arrived before we had taken the connection over: while the
 * stages up to the hijack were running.
 */
function isEarly({ stage, ended }: Moment): boolean {
  if (stage === undefined) return false
  return stage.name === 'start' || (stage.name === 'hijack' && ended === undefined)
}

function early(field: Field): Field {
  return { ...field, meaning: `Early, before the hijack. ${field.meaning}` }
}
