/**
 * The user that a command runs as: the learner, or another user if the
 * learner is root.
 *
 * @module
 */

import { spawnSync } from 'node:child_process'
import { userName } from '../process/learner.ts'
import { Refusal } from './response.ts'

/** User and group IDs. */
export type Account = { readonly uid: number; readonly gid: number }

/**
 * Looks up the value of `User`: `name`, `uid` or `uid:gid`.
 *
 * @returns undefined if it is the learner
 * @throws a {@link Refusal} for an unknown name, and for a user that the
 * learner may not become
 */
export function findAccount(user: string): Account | undefined {
  if (user === '') return undefined
  const [, number, group] = /^(\d+)(?::(\d+))?$/.exec(user) ?? []
  const uid = Number(number ?? idOf('-u', user))
  const gid = Number(group ?? (number === undefined ? idOf('-g', user) : idOf('-g', number) || 0))
  if (Number.isNaN(uid)) {
    throw new Refusal(400, `unable to find user ${user}: no matching entries in passwd file`)
  }
  if (uid === process.getuid?.() && gid === process.getgid?.()) return undefined
  if (process.getuid?.() === 0) return { uid, gid }
  const reason = `the practice daemon runs every command as you (${userName()})`
  throw new Refusal(400, `${reason}: for -u ${user} use a real engine`)
}

/**
 * Asks the system for the ID of a user or of its group. NaN if it does not
 * know the user.
 */
function idOf(what: '-u' | '-g', user: string): number {
  const { status, stdout } = spawnSync('id', [what, '--', user], { encoding: 'utf8' })
  return status === 0 ? Number(stdout) : Number.NaN
}
