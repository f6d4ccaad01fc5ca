/**
 * Runs in every test file and removes its temporary folders after its last
 * test. A vitest worker is killed before its `exit` handler could do that.
 *
 * @module
 */

import { afterAll } from 'vitest'
import { removeAllFolders } from './folder.ts'

afterAll(removeAllFolders)
