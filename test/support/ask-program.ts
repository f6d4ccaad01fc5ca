/**
 * Asks one question in the form of its first word, and prints the answer: for tests of the keys.
 *
 * @module
 */

import { askIn } from '../../src/menus/ask.ts'
import { Failure } from '../../src/process/failure.ts'

const [form, kind, ...labels] = process.argv.slice(2)
const ask = askIn(form === 'numbers' ? 'numbers' : 'menus')

/** `v:views` has a key, `<back` goes back. */
const choices = labels.map((word) => {
  const [, key, name] = /^(?:(.):)?<?(.*)$/.exec(word) ?? []
  const label = name ?? ''
  return { value: label, label, ...(key && { key }), ...(word.startsWith('<') && { back: label }) }
})

async function answer(): Promise<string> {
  if (kind === 'text') return ask.text('Which command?', 'sh')
  if (kind === 'confirm') return String(await ask.confirm('Download it?', labels[0] !== 'no'))
  return kind === 'key' ? ask.key('', choices) : ask.choose('Which?', choices)
}

answer().then(
  (text) => process.stdout.write(`the answer is ${text}\n`),
  (error) => {
    if (!(error instanceof Failure)) throw error
    process.stdout.write(`${error.message}\n`)
    process.exitCode = error.exitCode
  },
)
