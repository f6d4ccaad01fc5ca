import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { createScope } from '../../src/course/scope.ts'

describe('a scope', () => {
  test('releases everything in reverse order', async () => {
    const order: string[] = []
    const scope = createScope()
    scope.hold('connection', 1, () => void order.push('connection'))
    scope.hold('raw mode', 2, () => void order.push('raw mode'))
    expect(scope.live()).toEqual(['connection', 'raw mode'])
    await scope.releaseAll()
    expect(order).toEqual(['raw mode', 'connection'])
    expect(scope.live()).toEqual([])
  })

  test('releases a resource only once', async () => {
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

  test('makes a second releaseAll wait for the first', async () => {
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

  test('releases the others when one release fails', async () => {
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

  test('prints a resource without its contents', async () => {
    const held = createScope().hold('wire', { inner: 'secret' }, () => {})
    expect(inspect(held)).toBe('<wire: live>')
    expect(JSON.stringify({ held })).toBe('{"held":"<wire: live>"}')
    await held.release()
    expect(inspect(held)).toBe('<wire: released>')
  })
})
