/**
 * What the workbook says and does around stage 4.
 *
 * @module
 */

import { endCommand } from '../../src/exec/end-command.ts'
import type { Companion } from '../../src/run/companion.ts'
import { showKeys } from '../../src/terminal/show-keys.ts'
import type { Hijacked } from '../03-hijack/stage.ts'
import { type Raw, wantsRawMode } from './stage.ts'

/** The companion of chapter 4. */
export const companion: Companion<Hijacked, Raw> = {
  needs: ['interactive', 'tty'],

  summarize({ rawMode, tty, interactive }) {
    if (rawMode)
      return 'Our terminal no longer interprets keys: it passes each one on as its bytes.'
    if (!interactive) return 'Raw mode is not needed: our input is not attached.'
    if (!tty)
      return 'Raw mode is not needed: without a tty in the container we leave our terminal alone.'
    return 'Raw mode is not set: our input is not a terminal, or NORAW is set.'
  },

  wayOut: (hijacked, kit) =>
    wantsRawMode(hijacked, kit) ? 'Press keys and see their bytes. To get out: q.' : undefined,

  keepsScreen: true,

  // Nothing copies keys to the container yet, so we show them instead.
  async onLastStage(raw, { terminal }) {
    if (raw.rawMode) await showKeys(terminal)
  },

  async endSession(raw) {
    await endCommand(raw, raw.wire.value)
  },
}
