/**
 * A program that asks one question and prints the answer, for tests of the
 * keys. Its first argument is the form.
 *
 * @module
 */

import { askIn } from '../../src/menus/ask.ts'
import { Failure } from '../../src/process/failure.ts'

const [form, kind, ...labels] = process.argv.slice(2)
const ask = askIn(form === 'numbers' ? 'numbers' : 'menus')

/** In `v:views`, `v` is the key. `<back` is the choice that goes back. */
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
