/**
 * Who a command runs as. It is the learner; only a learner who is root may be somebody else.
 *
 * @module
 */

import { readFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { Refusal } from './response.ts'

/** The largest number that a user or a group may have. */
const largestId = 2_147_483_647

/** A user and a group, by number. */
export type Account = { readonly uid: number; readonly gid: number }

/**
 * Finds what `User` names: `name`, `name:group`, or numbers.
 *
 * @returns undefined where it is the learner
 * @throws a {@link Refusal}: 400 for a name that nobody has, in a daemon's words, and for a user
 * that the learner may not become
 */
export function findAccount(user: string): Account | undefined {
  if (user === '') return undefined
  const [name = ''] = user.split(':', 1)
  const group = user.slice(name.length + 1)
  const me = userInfo()
  const entry = isNumber(name)
    ? find('/etc/passwd', 2, String(Number(name)))
    : (find('/etc/passwd', 0, name) ?? (name === me.username ? own(me) : undefined))
  if (!entry && !isNumber(name)) {
    throw new Refusal(400, `unable to find user ${name}: no matching entries in passwd file`)
  }
  const uid = Number(entry?.[2] ?? name)
  const gid = !group ? Number(entry?.[3] ?? 0) : groupNumber(group)
  if ([uid, gid].some((id) => id < 0 || id > largestId)) {
    throw new Refusal(400, `uids and gids must be in range 0-${largestId}`)
  }
  if (uid === me.uid && gid === me.gid) return undefined
  if (process.getuid?.() === 0) return { uid, gid }
  throw new Refusal(
    400,
    `the practice daemon runs every command as you (${me.username}): for -u ${user} use a real engine`,
  )
}

function groupNumber(group: string): number {
  if (isNumber(group)) return Number(group)
  const entry = find('/etc/group', 0, group)
  if (entry) return Number(entry[2])
  throw new Refusal(400, `unable to find group ${group}: no matching entries in group file`)
}

function own({ username, uid, gid }: { username: string; uid: number; gid: number }): string[] {
  return [username, '', String(uid), String(gid)]
}

/** The fields of the line that has a value in one of its columns. */
function find(file: string, column: number, value: string): string[] | undefined {
  try {
    return readFileSync(file, 'utf8')
      .split('\n')
      .map((line) => line.split(':'))
      .find((fields) => fields[column] === value)
  } catch {
    return undefined
  }
}

function isNumber(text: string): boolean {
  return /^[+-]?\d+$/.test(text)
}
