/**
 * The fields of a body: the members of JSON, or the whole text.
 *
 * @module
 */

import { countOf } from '../../text/count.ts'
import { type BodyRules, bodies } from './body-rules.ts'
import type { MessageContext } from './first-line.ts'
import { withChunks } from './header-lines.ts'
import { type JsonMember, membersOf } from './json-members.ts'
import { kindOf } from './request-kinds.ts'
import { type AnyRule, type Field, fieldOf, type Rule } from './rule.ts'
import { api, docker, rfc } from './sources.ts'

const begin: Rule = {
  rule: 'JSON begins',
  always: 'A brace begins an object, the outermost value of every JSON body here.',
  says: 'A JSON object begins.',
  source: rfc(8259, '4'),
}

const end: Rule = {
  rule: 'JSON ends',
  always: 'A brace ends the object.',
  says: 'The JSON object ends.',
  source: rfc(8259, '4'),
}

const newline: Rule = {
  rule: 'newline',
  always: 'Go’s JSON encoder ends with a line feed, and so do we. A parser skips it.',
  says: 'A line feed that belongs to the body.',
  source: docker.writeJson,
}

const details: Rule<readonly string[]> = {
  rule: 'container details',
  always: 'We only wanted to know whether the container exists. We discard the rest.',
  says: (text, keys) => {
    const names = keys.length > 3 ? `${keys[0]} to ${keys.at(-1)}` : keys.join(', ')
    return `${names}: ${countOf(Buffer.byteLength(text), 'byte')} that we discard.`
  },
  source: api.container,
}

const member: Rule<JsonMember> = {
  rule: 'JSON member',
  always: 'A key that Docker’s API does not describe for this body.',
  says: (_, { key, value }) => `${key} is ${JSON.stringify(value)}.`,
  source: rfc(8259, '4'),
}

const text: Rule = {
  rule: 'text body',
  always: 'A body that is no JSON object. Proxies send text where a daemon sends JSON.',
  says: (body) => (body.trim() === '' ? 'Only a line end.' : `The text “${body.trim()}”.`),
  source: rfc(9110, '6.4'),
}

/** The rules of bodies. */
export const bodyRules: readonly AnyRule[] = [
  ...[begin, end, newline, details, member, text],
  ...Object.values(bodies).flatMap((rules) => Object.values(rules)),
]

/** Returns the fields of a message's body, with its chunks. */
export function bodyFields(context: MessageContext): Field[] {
  const { event } = context
  return withChunks(event, event.body === '' ? [] : contentFields(event.body, rulesFor(context)))
}

function rulesFor({ event, request }: MessageContext): BodyRules | undefined {
  const kind = request && kindOf(request)
  if (event.kind === 'request') {
    return kind === 'create' || kind === 'start' ? bodies[kind] : undefined
  }
  if (event.status >= 300) return bodies.error
  if (kind === 'create') return bodies.created
  if (kind === 'inspect') return bodies.exec
  return kind === 'inspect container' ? bodies.container : undefined
}

function contentFields(body: string, rules: BodyRules | undefined): Field[] {
  const json = membersOf(body)
  if (!json) return [fieldOf(text, body, undefined)]
  const [, brace = '', after = ''] = /^(\s*\})(\s*)$/.exec(json.end) ?? []
  return [
    fieldOf(begin, json.begin, undefined),
    ...memberFields(json.members, rules),
    fieldOf(end, brace, undefined),
    ...(after === '' ? [] : [fieldOf(newline, after, undefined)]),
  ]
}

/** Joins the members of a container that have no rule into large fields. */
function memberFields(members: readonly JsonMember[], rules: BodyRules = {}): Field[] {
  const fields: Field[] = []
  let others: JsonMember[] = []
  const flush = (): void => {
    if (others.length === 0) return
    const keys = others.map(({ key }) => key)
    fields.push(fieldOf(details, others.map((each) => each.text).join(''), keys))
    others = []
  }
  for (const each of members) {
    const rule = Object.hasOwn(rules, each.key) ? rules[each.key] : undefined
    if (!rule && rules === bodies.container) {
      others.push(each)
      continue
    }
    flush()
    fields.push(fieldOf(rule ?? member, each.text, each))
  }
  flush()
  return fields
}
