/**
 * Loaded before a command with `node -r`. It makes the user name the same on
 * every machine, because its length changes where lines wrap.
 *
 * @module
 */

import os from 'node:os'

const { userInfo } = os
Object.assign(os, { userInfo: () => ({ ...userInfo(), username: 'learner' }) })
