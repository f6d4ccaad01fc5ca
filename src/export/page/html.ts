/**
 * HTML that is put together from texts which nobody has checked.
 *
 * A tape holds what a daemon sent, what a program wrote and what somebody named a container. Any of
 * it may be `</script><img onerror=…>`. So there is one way to make HTML here, the template below,
 * and it escapes whatever it is given that is not HTML already.
 *
 * @module
 */

/** A piece of HTML, made by {@link html}. */
export type Html = { readonly html: string }

/** What may stand in a template: HTML goes in as it is, everything else as text. */
type Value = Html | readonly Html[] | string | number

/** Makes HTML: ``html`<p>${text}</p>` ``. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  return { html: String.raw({ raw: parts }, ...values.map(htmlOf)) }
}

/** Nothing. */
export const nothing: Html = { html: '' }

function htmlOf(value: Value): string {
  if (typeof value === 'string' || typeof value === 'number') return escapeText(String(value))
  return 'html' in value ? value.html : value.map((one) => one.html).join('')
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/**
 * Makes text safe between tags and between quotes. Characters that would be invisible, or turn the
 * direction of the line so that it reads as something else, are spelled out.
 */
function escapeText(text: string): string {
  return text
    .replace(/\p{Cs}/gu, '\ufffd')
    .replace(/(?![\n\t])[\p{Cc}\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu, spelledOut)
    .replace(/[&<>"']/g, (character) => entities[character] ?? '')
}

/** A character that has no picture, as JavaScript writes it: `\n`, `\x1b`, `\u202e`. */
export function spelledOut(character: string): string {
  const known: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }
  const code = character.charCodeAt(0).toString(16)
  return (
    known[character] ??
    (code.length > 2 ? `\\u${code.padStart(4, '0')}` : `\\x${code.padStart(2, '0')}`)
  )
}
