/**
 * How the workbook runs and describes stage 1, create.
 *
 * @module
 */

import type { Companion } from '../../src/run/companion.ts'
import type { Asked, Created } from './stage.ts'

/** The companion of chapter 1. */
export const companion: Companion<Asked, Created> = {
  needs: [
    'container',
    'command',
    'tty',
    'interactive',
    'user',
    'privileged',
    'env',
    'workingDir',
    'detach',
    'detachKeys',
  ],

  summarize: ({ execId, container }) =>
    `The daemon created an exec in the container ${container}, with the ID ${execId.slice(0, 12)}… Nothing runs yet.`,
}
