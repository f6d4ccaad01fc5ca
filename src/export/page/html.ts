/**
 * Builds HTML from untrusted text.
 *
 * A tape holds what a daemon sent, what a program wrote and the name of a
 * container. Any of these may be `</script><img onerror=…>`. The template
 * below is therefore the only way to make HTML here, and it escapes
 * everything that is not HTML already.
 *
 * @module
 */

/** A piece of HTML, made by {@link html}. */
export type Html = { readonly html: string }

/**
 * A value in a template. HTML is inserted unchanged, everything else is
 * escaped.
 */
type Value = Html | readonly Html[] | string | number

/** Returns HTML: ``html`<p>${text}</p>` ``. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  return { html: String.raw({ raw: parts }, ...values.map(htmlOf)) }
}

/** Empty HTML. */
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
 * Escapes text for use between tags and in quotes. Characters that are
 * invisible or change the direction of the line are spelled out.
 */
function escapeText(text: string): string {
  return text
    .replace(/\p{Cs}/gu, '\ufffd')
    .replace(/(?![\n\t])[\p{Cc}\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu, escapeSequence)
    .replace(/[&<>"']/g, (character) => entities[character] ?? '')
}

/** Returns the JavaScript escape of a character: `\n`, `\x1b`, `\u202e`. */
export function escapeSequence(character: string): string {
  const known: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }
  const code = character.charCodeAt(0).toString(16)
  return (
    known[character] ??
    (code.length > 2 ? `\\u${code.padStart(4, '0')}` : `\\x${code.padStart(2, '0')}`)
  )
}
