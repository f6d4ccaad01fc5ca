/**
 * Keeps a page with much output small: the first fields of a session are
 * shown one by one, later ones joined.
 *
 * @module
 */

import type { Field } from '../../tape/fields.ts'
import { countOf } from '../../text/count.ts'

/** How many fields of long output a page shows one by one. */
const fieldsShown = 600

/** How many bytes are joined into one field. */
const longestJoined = 192

/** Returns a function that is given the fields of each event in order. */
export function createFieldJoiner(): (fields: readonly Field[]) => readonly Field[] {
  let seen = 0
  return (given) => {
    const fields = given.flatMap(inParts)
    const left = Math.max(0, fieldsShown - seen)
    seen += fields.length
    return [...fields.slice(0, left), ...groupsOf(fields.slice(left)).map(joined)]
  }
}

/** Groups the fields of a frame header, and the fields between headers. */
function groupsOf(fields: readonly Field[]): Field[][] {
  const groups: Field[][] = []
  let length = 0
  for (const field of fields) {
    const last = groups.at(-1)
    const isStart = field.rule === 'frame stream'
    const isSame = last?.[0] && isHeader(last[0]) === isHeader(field) && !isStart
    length += field.bytes.length
    if (last && isSame && length <= longestJoined) last.push(field)
    else {
      groups.push([field])
      length = field.bytes.length
    }
  }
  return groups
}

function isHeader({ rule }: Field): boolean {
  return ['frame stream', 'frame zeros', 'frame length'].includes(rule)
}

/** Splits a long field, so that all of its bytes are shown. */
function inParts(field: Field): Field[] {
  const parts: Field[] = []
  for (let at = 0; at < field.bytes.length; at += longestJoined) {
    parts.push({ ...field, bytes: field.bytes.subarray(at, at + longestJoined) })
  }
  return parts
}

/** Makes one field of several. */
function joined(fields: readonly Field[]): Field {
  const [first, ...others] = fields as [Field, ...Field[]]
  if (others.length === 0) return first
  const bytes = Buffer.concat(fields.map((field) => field.bytes))
  if (isHeader(first)) {
    const meaning = fields.map((field) => field.meaning).join(' ')
    return { rule: 'frame header', bytes, name: 'frame header', meaning }
  }
  const names = [...new Set(fields.map(({ name }) => name))]
  const meaning = `A page with this much output explains them together: ${names.join(', ')}.`
  return { rule: 'joined', bytes, name: countOf(fields.length, 'field'), meaning }
}
