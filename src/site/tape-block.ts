/**
 * Shows one event of a recorded run inside a text:
 * `<!-- tape: NAME KIND N mark FROM-TO -->`.
 *
 * @module
 */

import { join } from 'node:path'
import { fieldsHtml } from '../export/page/fields-html.ts'
import { type Html, html, nothing } from '../export/page/html.ts'
import { fieldsIn } from '../tape/fields.ts'
import { momentsOf } from '../tape/moments.ts'
import { narrate } from '../tape/narrate.ts'
import { readTape } from '../tape/read.ts'

/** The words of such a comment. */
const words =
  /^(?<name>[\w-]+) (?<kind>[a-z][a-z -]*?) (?<number>\d+)(?: mark (?<from>\d+)-(?<to>\d+))?$/

/** The event that a comment names, and the bytes to mark. */
export type TapeReference = {
  readonly name: string
  readonly kind: string
  /** Counted from 1 among the events of this kind. */
  readonly number: number
  readonly mark?: { readonly from: number; readonly to: number }
}

/**
 * Reads the words of a comment.
 *
 * @throws an Error if they have another form
 */
export function readTapeReference(text: string): TapeReference {
  const { name = '', kind = '', number, from, to } = words.exec(text.trim())?.groups ?? {}
  if (number === undefined) throw new Error(`not a reference to a tape: ${text}`)
  const mark = from === undefined ? {} : { mark: { from: Number(from), to: Number(to) } }
  return { name, kind, number: Number(number), ...mark }
}

/**
 * Returns a function that shows the event of a comment, with ids that are
 * unique on its page.
 *
 * @param folder - the folder of the tapes
 */
export function createTapeBlocks(folder: string): (text: string) => Html {
  let count = 0
  return (text) => {
    const { name, kind, number, mark } = readTapeReference(text)
    const { head, events } = readTape(join(folder, `${name}.tape`))
    const places = events.flatMap((event, at) => (event.kind === kind ? [at] : []))
    const at = places[number - 1]
    if (at === undefined) throw new Error(`the tape ${name} has no ${kind} ${number}`)
    count += 1
    const fields = fieldsIn(events)[at] ?? []
    const moment = momentsOf(events)[at]
    const title = moment ? narrate(moment).title : kind
    const { product, version } = head.daemon
    return html`<figure class="tape-block">
<figcaption><b>${title}</b> ${product === '' ? nothing : html`<span class="note">recorded on ${product} ${version}</span>`}</figcaption>
${fields.length === 0 ? nothing : fieldsHtml(fields, { id: `tape-${count}`, ...(mark && { mark }) })}
</figure>`
  }
}
