import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))

test('src/ imports nothing from chapters/: the core knows no state', () => {
  const files = listFiles(join(root, 'src'))
  expect(files.length).toBeGreaterThan(15)
  const wrong = files.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/(?:from|import\(|require\()\s*'(\.[^']*)'/g)]
      .map(([, path = '']) => join(dirname(file), path))
      .filter((target) => !target.startsWith(join(root, 'src')))
      .map((target) => `${file} → ${target}`),
  )
  expect(wrong).toEqual([])
})

function listFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(folder, file))
}
