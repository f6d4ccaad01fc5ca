import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { createScope } from '../../src/course/scope.ts'

describe('a scope', () => {
  test('gives everything back, the last acquired first', async () => {
    const order: string[] = []
    const scope = createScope()
    scope.hold('connection', 1, () => void order.push('connection'))
    scope.hold('raw mode', 2, () => void order.push('raw mode'))
    expect(scope.live()).toEqual(['connection', 'raw mode'])
    await scope.releaseAll()
    expect(order).toEqual(['raw mode', 'connection'])
    expect(scope.live()).toEqual([])
  })

  test('gives a thing back once, however often and whoever asks', async () => {
    let times = 0
    const scope = createScope()
    const held = scope.hold('raw mode', 1, () => {
      times += 1
    })
    await Promise.all([held.release(), held.release()])
    await scope.releaseAll()
    await scope.releaseAll()
    expect(times).toBe(1)
  })

  test('whoever asks while it gives back waits for that, and the order stays', async () => {
    const order: string[] = []
    const scope = createScope()
    scope.hold('engine', 1, () => void order.push('engine'))
    scope.hold('sandbox', 2, async () => {
      await new Promise((resolve) => setTimeout(resolve, 20))
      order.push('sandbox')
    })
    scope.hold('tape', 3, () => void order.push('tape'))
    const first = scope.releaseAll()
    await scope.releaseAll()
    expect(order).toEqual(['tape', 'sandbox', 'engine'])
    await first
  })

  test('a thing that cannot be given back does not keep the others from theirs', async () => {
    const order: string[] = []
    const scope = createScope()
    scope.hold('first', 1, () => void order.push('first'))
    scope.hold('second', 2, () => {
      throw new Error('stuck')
    })
    scope.hold('third', 3, () => void order.push('third'))
    await expect(scope.releaseAll()).rejects.toThrow('stuck')
    expect(order).toEqual(['third', 'first'])
  })

  test('a held thing prints as what it is, not as its insides', async () => {
    const held = createScope().hold('wire', { inner: 'secret' }, () => {})
    expect(inspect(held)).toBe('<wire: live>')
    expect(JSON.stringify({ held })).toBe('{"held":"<wire: live>"}')
    await held.release()
    expect(inspect(held)).toBe('<wire: released>')
  })
})
