import { describe, expect, onTestFinished, test } from 'vitest'
import { dockerExec } from '../../chapters/index.ts'
import { courseFrom, type Stage } from '../../src/course/stage.ts'
import { walk } from '../../src/course/walk.ts'
import { describeWithEngine, startContainer } from '../support/engine.ts'
import { asked, makeKit } from '../support/kit.ts'
import { engineRoutes, startServer } from '../support/server.ts'

/** A stage that holds a resource with its own name. */
function holding(name: string, order: string[], run?: () => void): Stage<object, object> {
  return {
    name,
    title: '',
    question: '',
    async run(state, { scope }) {
      scope.hold(name, name, () => void order.push(name))
      run?.()
      return { ...state, [name]: true }
    },
  }
}

async function kit() {
  const server = await startServer(engineRoutes)
  onTestFinished(server.stop)
  return makeKit(server.host)
}

describe('a walk', () => {
  test('passes each state on to the next stage', async () => {
    const course = courseFrom<object>().add(holding('a', [])).add(holding('b', []))
    const states: object[] = []
    for await (const { before, state } of walk(course, { begin: 1 }, await kit())) {
      states.push(before, state)
    }
    expect(states).toEqual([
      { begin: 1 },
      { begin: 1, a: true },
      { begin: 1, a: true },
      { begin: 1, a: true, b: true },
    ])
  })

  test('releases everything in reverse order on a break', async () => {
    const order: string[] = []
    const course = courseFrom<object>()
      .add(holding('a', order))
      .add(holding('b', order))
      .add(holding('c', order))
    for await (const { number } of walk(course, {}, await kit())) {
      if (number === 2) break
    }
    expect(order).toEqual(['b', 'a'])
  })

  test('releases everything when a stage fails, including its own resources', async () => {
    const order: string[] = []
    const fail = (): never => {
      throw new Error('no')
    }
    const course = courseFrom<object>()
      .add(holding('a', order))
      .add(holding('b', order, fail))
    const steps = walk(course, {}, await kit())
    await steps.next()
    await expect(steps.next()).rejects.toThrow('no')
    expect(order).toEqual(['b', 'a'])
  })
})

describeWithEngine('a walk of the seven chapters, on an engine', (engine) => {
  test.each([1, 2, 3, 4, 5, 6, 7])(
    'releases everything when it stops after chapter %i',
    async (last) => {
      const box = await startContainer()
      onTestFinished(box.release)
      const tools = await makeKit(engine.host, {
        isTerminal: true,
        size: { rows: 24, columns: 80 },
        input: 'exit 5\n',
        open: true,
      })
      const question = asked({ container: box.name, command: ['sh'], tty: true, interactive: true })
      let reached = 0
      let held: string[] = []
      for await (const { number } of walk(dockerExec, question, tools, { last })) {
        reached = number
        held = tools.scope.live()
      }
      expect(reached).toBe(last)
      expect(held.length > 0).toBe(last > 1)
      expect(tools.scope.live()).toEqual([])
      expect(tools.terminalActions.filter((deed) => deed === 'restore')).toHaveLength(
        last >= 4 ? 1 : 0,
      )
    },
  )

  test('ends after chapter 2 when detached', async () => {
    const box = await startContainer()
    onTestFinished(box.release)
    const tools = await makeKit(engine.host)
    const numbers: number[] = []
    const question = asked({ container: box.name, detach: true })
    for await (const { number } of walk(dockerExec, question, tools)) numbers.push(number)
    expect(numbers).toEqual([1, 2])
  })
})
