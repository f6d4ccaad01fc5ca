/**
 * Looks at the `Content-Type` of a request, as Go's `mime` package does.
 *
 * @module
 */

import { Refusal } from './response.ts'

/** What HTTP calls a token, with which a text may begin. Empty where it does not. */
export function leadingToken(text: string): string {
  return /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+/.exec(text)?.[0] ?? ''
}

/**
 * Throws a {@link Refusal} unless the type is that of JSON.
 *
 * @param type - the header field, `''` where there is none
 */
export function checkIsJson(type: string): void {
  const complaint = complaintAbout(type)
  if (complaint !== undefined) {
    throw new Refusal(400, `malformed Content-Type header (${type}): mime: ${complaint}`)
  }
  if (type.split(';', 1)[0]?.trim().toLowerCase() !== 'application/json') {
    throw new Refusal(400, `unsupported Content-Type header (${type}): must be 'application/json'`)
  }
}

/** What is wrong with the form of a type, if anything. */
function complaintAbout(type: string): string | undefined {
  const [media = '', ...parameters] = type.split(';')
  const [main = '', sub, ...others] = media.trim().split('/')
  const first = leadingToken(main)
  if (first === '') return 'no media type'
  if (first !== main) return 'expected slash after first token'
  if (sub === undefined) return undefined
  const second = leadingToken(sub)
  if (second === '') return 'expected token after slash'
  if (second !== sub || others.length > 0) return 'unexpected content after media subtype'
  const isFine = (parameter: string, at: number): boolean =>
    (parameter.trim() === '' && at === parameters.length - 1) ||
    /^\s*[^\s=;]+=(?:"[^"]*"|[^\s"]+)\s*$/.test(parameter)
  return parameters.every(isFine) ? undefined : 'invalid media parameter'
}
