/**
 * Loaded before a command (`node -r`), it makes the user's name the same on every machine: where a
 * line wraps depends on how long the name is.
 *
 * @module
 */

import os from 'node:os'

const { userInfo } = os
Object.assign(os, { userInfo: () => ({ ...userInfo(), username: 'learner' }) })
