/**
 * Runs in every test file. After its last test it removes the temporary
 * folders, because a vitest worker is killed before its `exit` handler could
 * do that. It also undoes changes of the environment, because more files
 * follow in the same process.
 *
 * @module
 */

import { afterAll } from 'vitest'
import { removeAllFolders } from './folder.ts'

const environment = { ...process.env }

afterAll(() => {
  removeAllFolders()
  for (const name of Object.keys(process.env)) {
    if (!Object.hasOwn(environment, name)) delete process.env[name]
  }
  Object.assign(process.env, environment)
})
