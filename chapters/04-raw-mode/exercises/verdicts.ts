/**
 * The trials and verdicts of the exercises of chapter 4.
 *
 * @module
 */

import { type AnyStage, courseWith } from '../../../src/course/stage.ts'
import type { ExecPlace } from '../../../src/exec/exec-place.ts'
import { inCourse } from '../../../src/judging/in-course.ts'
import type { Trials } from '../../../src/judging/judge.ts'
import { indexOf, modeIndexOf } from '../../../src/judging/recorded-events.ts'
import { wrongKind } from '../../../src/judging/table.ts'
import {
  resultsOnly,
  type Trial,
  type TrialResult,
  watchSession,
} from '../../../src/judging/trial.ts'
import { asked } from '../../01-create/asked.ts'
import type { Asked } from '../../01-create/stage.ts'
import { dockerExec } from '../../index.ts'
import { rawFlags, rawMode } from '../stage.ts'
import { rawWords } from './raw-mode-flags.solution.ts'

const inStory = inCourse(dockerExec, 4)

const terminal = { isTerminal: true, size: { rows: 24, columns: 80 } }
const command = ['true']

/**
 * A session in which the terminal has to stay in cooked mode.
 *
 * @param why - the complaint if it does not
 */
function staysCooked(title: string, changes: Partial<Asked>, why: string): Trial<AnyStage> {
  return {
    title,
    run: inStory(({ container }) => ({
      first: asked(container, { command, ...changes }),
      terminal,
    })),
    judge: (seen) => (modeIndexOf(seen, 'raw') < 0 ? undefined : why),
  }
}

/** A session with a terminal and this value of NORAW. */
function withNoraw(
  value: string,
  complaintAbout: (isRaw: boolean) => string | undefined,
): Trial<AnyStage> {
  return {
    title: value === '' ? 'an empty NORAW in the environment' : 'NORAW in the environment',
    async run(stage, world) {
      process.env.NORAW = value
      try {
        return await watchSession(
          {
            ...courseWith(dockerExec, 4, stage),
            watched: 4,
            first: asked(world.container, { command, tty: true, interactive: true }),
            terminal: { ...terminal, open: true },
          },
          world,
        )
      } finally {
        delete process.env.NORAW
      }
    },
    judge: (seen) => complaintAbout(modeIndexOf(seen, 'raw') >= 0),
  }
}

/** What goes wrong while a flag is on. */
const cookedEffects: Readonly<Record<string, string>> = {
  icanon: 'a key is delivered only after Enter',
  echo: 'each letter appears twice',
  isig: 'Ctrl-C ends this program instead of the one in the container',
  iexten: 'our terminal keeps Ctrl-V for itself',
  ixon: 'Ctrl-S pauses our terminal’s output and never reaches the container',
  icrnl: 'Enter arrives as 0a instead of 0d',
  inlcr: 'Ctrl-J arrives as 0d instead of 0a',
  igncr: 'Enter does not arrive',
  istrip: 'é and every other non-ASCII letter loses the eighth bit of its bytes',
  opost: 'our terminal translates the container’s line ends a second time',
}

/**
 * Whether a word given to stty is a complete set of modes, as readModes()
 * returns it.
 */
const isModes = (word: unknown): boolean => word === 'ordinary modes' || word === 'raw modes'

/**
 * A session with a terminal at both ends. `words` has every word that the
 * stage gave to stty.
 */
function rawSession(stage: AnyStage, world: ExecPlace): Promise<TrialResult> {
  const words: unknown[] = []
  const watched: AnyStage = {
    ...stage,
    async run(state, kit) {
      const setModes = (...some: readonly string[]): void => {
        words.push(...some)
        kit.terminal.setModes(...some)
      }
      const out = await stage.run(state, { ...kit, terminal: { ...kit.terminal, setModes } })
      return out && { ...out, words }
    },
  }
  return inStory(({ container }) => ({
    first: asked(container, { command, tty: true, interactive: true }),
    terminal: { ...terminal, open: true },
  }))(watched, world)
}

/** A complaint about the words that the stage gave to stty. */
function aboutWords(words: readonly unknown[]): string | undefined {
  const several = words.find((word) => typeof word !== 'string' || / -?[a-z]/.test(word))
  if (several !== undefined) {
    return `you gave stty ${JSON.stringify(several)} as one word. It needs each flag as a separate word: setModes(...rawFlags)`
  }
  const missing = rawFlags.find((flag) => !words.includes(flag))
  if (missing === undefined) return undefined
  const why = cookedEffects[missing.slice(1)] ?? 'rawFlags has every flag that docker changes'
  return `you set raw mode without ${missing}: ${why}`
}

/** The trials of the whole stage. */
const stageTrials: readonly Trial<AnyStage>[] = [
  {
    title: 'a session with a terminal at both ends',
    run: rawSession,
    judge(seen) {
      const raw = modeIndexOf(seen, 'raw')
      const returned = indexOf(seen, 'your stage returned')
      const { rawMode, words = [] } = seen.passedOn ?? {}
      if (raw < 0) {
        return seen.passedOn
          ? 'you did not set raw mode: both terminals would echo each letter, and Ctrl-C would end this program'
          : undefined
      }
      if (returned >= 0 && raw > returned) {
        return 'you set raw mode only after your stage had returned: both terminals interpret the keys typed before that'
      }
      if (!seen.passedOn) return undefined
      const wordFault = aboutWords((words as unknown[]).filter((word) => !isModes(word)))
      if ((words as unknown[]).includes('raw modes')) {
        return 'you read the modes after you had set raw mode, so your restore sets raw modes again and the old ones are lost. First read, then register, then set'
      }
      const restored = modeIndexOf(seen, 'after')
      if (restored < 0) {
        return 'you left the terminal raw: nothing restored the modes that readModes() had returned, so the shell no longer echoes what you type'
      }
      if (restored < returned) {
        return 'you restored the terminal before the session began: it has to stay raw until the session ends'
      }
      if (wordFault) return wordFault
      if (!rawMode) {
        return 'you set raw mode but passed on no rawMode: the copy loops cannot restore the terminal early, so an error message is printed in raw mode'
      }
      if (!('release' in Object(rawMode))) {
        return `you passed on ${JSON.stringify(rawMode)} as rawMode, which has no release(): pass on what kit.scope.hold returns`
      }
      const registered = seen.events.findIndex(
        ({ kind }, at) => kind === 'held' && at > indexOf(seen, 'your stage begins'),
      )
      return registered > raw
        ? 'you set raw mode before you registered the restore: if the run ends in between, the terminal stays raw. First read, then register, then set'
        : undefined
    },
  },
  {
    title: 'a run that stops after this chapter',
    run: inStory(({ container }) => ({
      first: asked(container, { command, tty: true, interactive: true }),
      terminal,
      until: 4,
    })),
    judge: (seen) =>
      seen.leftOpen.includes('the terminal is still raw')
        ? 'you left the terminal raw: a run that stops after this stage releases only what the scope holds'
        : undefined,
  },
  staysCooked(
    'without -t',
    { interactive: true },
    'you set raw mode without -t: the command reads from a pipe, so only our own terminal can echo the keys and turn Ctrl-C into a signal',
  ),
  staysCooked(
    'without -i',
    { tty: true },
    'you set raw mode without -i: nothing reads the keys, so Ctrl-C would be a byte without a reader',
  ),
  {
    title: 'a pipe as our input',
    run: inStory(({ container }) => ({
      // Chapter 1 rejects -i -t with a pipe, so interactive is set after that
      // check.
      first: asked(container, { command, tty: true }),
      before: (state) => ({ ...state, interactive: true }),
      terminal: { isTerminal: false },
    })),
    judge: (seen) =>
      modeIndexOf(seen, 'raw') < 0
        ? undefined
        : 'you set raw mode although our input is a pipe: a pipe has no modes',
  },
  withNoraw('please', (isRaw) =>
    isRaw ? 'you set raw mode although NORAW is set: it asks for cooked mode' : undefined,
  ),
  withNoraw('', (isRaw) =>
    isRaw ? undefined : 'you did not set raw mode although NORAW is empty: empty counts as unset',
  ),
]

/** The flags of an ordinary terminal. */
const ordinary = {
  ...Object.fromEntries(Object.keys(cookedEffects).map((flag) => [flag, true])),
  ...{ cread: true, hupcl: false, echoe: true, iutf8: true },
  ...{ inlcr: false, igncr: false, istrip: false },
}

/** Flags that are on for an old serial line and off for most terminals. */
const serialLine = { inlcr: true, igncr: true, istrip: true }

/** The trials of the small exercise. */
const flagTrials: readonly Trial<(flags: Readonly<Record<string, boolean>>) => string[]>[] = [
  {
    title: 'an ordinary terminal, one without flow control, and a serial line',
    run: async (rawWords) =>
      resultsOnly(
        [ordinary, { ...ordinary, ixon: false }, { ...ordinary, ...serialLine }].map((flags) => {
          const words = rawWords(flags)
          if (!Array.isArray(words)) throw wrongKind(words, 'a list')
          return {
            asked: `rawWords of ${Object.entries(flags)
              .map(([flag, on]) => (on ? flag : `-${flag}`))
              .join(' ')}`,
            got: [...words].sort().join(', '),
          }
        }),
      ),
    judge(seen, reference) {
      const [first, second, third] = seen.results.map(({ got }) => got.split(', '))
      if (!first || !second || !third) return undefined
      const several = first.find((word) => word.includes(' '))
      if (several) return `"${several}" is one entry, but stty needs each flag as a separate word`
      const missing = Object.keys(cookedEffects).find(
        (flag) => flag in serialLine === false && !first.includes(`-${flag}`),
      )
      if (missing) {
        const asWord = first.includes(missing) ? ` ("${missing}" turns it on)` : ''
        return `${missing} is still on${asWord}: ${cookedEffects[missing]}`
      }
      const extra = first.find((word) => !reference.results[0]?.got.split(', ').includes(word))
      if (extra !== undefined && extra.replace('-', '') in serialLine) {
        return `${extra.replace('-', '')} was already off, but you returned "${extra}": return a word only for a flag that has to change`
      }
      if (extra !== undefined && extra.replace('-', '') in ordinary === false) {
        return `rawWords was not given ${extra.replace('-', '')}, but you returned "${extra}": return a word only for a flag that has to change`
      }
      if (extra !== undefined) {
        return `raw mode doesn’t need "${extra}": leave that flag alone`
      }
      const word = second.find((one) => one === '-ixon' || one === 'ixon')
      if (word) {
        return `ixon was already off, but you returned "${word}": return a word only for a flag that has to change`
      }
      const rare = Object.keys(serialLine).find((flag) => !third.includes(`-${flag}`))
      return rare === undefined
        ? undefined
        : `you leave ${rare} on if the terminal has it on: ${cookedEffects[rare]}. Most terminals have it off, but rawFlags always turns it off`
    },
  },
]

/** The trials of each exercise of the chapter, by its name. */
export const trials: Readonly<Record<string, Trials>> = {
  '04-raw-mode': { reference: rawMode, trials: stageTrials },
  '04-raw-mode-flags': { reference: rawWords, trials: flagTrials },
}
