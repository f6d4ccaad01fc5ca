/**
 * The limits of a sandbox, on engines that cannot have them all.
 *
 * @module
 */

import { expect, onTestFinished, test } from 'vitest'
import { createSandbox } from '../../src/find/sandbox.ts'
import { makeKit } from '../support/kit.ts'
import { engineRoutes, json, type Route, refusal, startServer } from '../support/server.ts'

const gibibyte = 2 ** 30

/** Creates a sandbox on an engine that does this with limits. */
async function linesAbout(create: Route['answer'], hostConfig: object): Promise<string[]> {
  const server = await startServer([
    ...engineRoutes,
    { on: /^GET \/containers\/json/, answer: json('200 OK', []) },
    { on: 'GET /images/json', answer: json('200 OK', [{ RepoTags: ['busybox:1'], Size: 1 }]) },
    { on: /^POST \/containers\/create/, answer: create },
    { on: /^POST \/containers\/[^/]+\/start/, answer: json('200 OK', {}) },
    { on: /^GET \/containers\/[^/]+\/json/, answer: json('200 OK', { HostConfig: hostConfig }) },
    { on: /^DELETE /, answer: json('200 OK', {}) },
  ])
  onTestFinished(server.stop)
  const { engine, scope } = await makeKit(server.host)
  const lines: string[] = []
  const progress = (line: string): void => void lines.push(line)
  await createSandbox(engine, { mayPull: async () => false, progress }, scope)
  return lines
}

const created = json('201 Created', { Id: 'b1' })

test('says nothing about a sandbox with all its limits', async () => {
  const all = { Memory: gibibyte, PidsLimit: 256, NanoCpus: 1 }
  expect(await linesAbout(created, all)).toEqual([])
})

test('names the limits that the engine ignored', async () => {
  expect(await linesAbout(created, { Memory: 0, PidsLimit: 0, NanoCpus: 0 })).toEqual([
    'The sandbox runs without a limit on memory, processes, the CPU: the engine ignored it',
  ])
})

test('names the limit that the engine refused, with the reason', async () => {
  const withoutCpu: Route['answer'] = ({ body }) =>
    body.includes('NanoCpus') ? refusal('400 Bad Request', 'NanoCPUs can not be set') : created
  expect(await linesAbout(withoutCpu, { Memory: gibibyte, PidsLimit: 256 })).toEqual([
    'The sandbox runs without a limit on the CPU: NanoCPUs can not be set',
  ])
})
