/**
 * Runs in every test file: removes its temporary folders behind its last test. A worker of the test
 * runner is ended before it could do that itself.
 *
 * @module
 */

import { afterAll } from 'vitest'
import { removeAllFolders } from './folder.ts'

afterAll(removeAllFolders)
