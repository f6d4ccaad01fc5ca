/**
 * Verdicts on exercise 4.
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

/** A session in which the terminal has to stay as it is, and what there is to say if it does not. */
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

/** A session with a terminal and a value of NORAW, and what there is to say about it. */
function withNoraw(
  value: string,
  complaintAbout: (isRaw: boolean) => string | undefined,
): Trial<AnyStage> {
  return {
    title:
      value === '' ? 'with an empty NORAW in the environment' : 'with NORAW in the environment',
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

/** What a flag does that is in the way, as long as it is on. */
const inTheWay: Readonly<Record<string, string>> = {
  icanon: 'a key is delivered only with its line',
  echo: 'each letter appears twice',
  isig: 'Ctrl-C ends this program and not the one in the container',
  iexten: 'Ctrl-V is kept by our terminal',
  ixon: 'Ctrl-S stops our terminal and does not arrive',
  icrnl: 'Enter arrives as 0a and not as 0d',
  inlcr: 'Ctrl-J arrives as 0d and not as 0a',
  igncr: 'Enter does not arrive',
  istrip: 'é and every other letter of UTF-8 loses its eighth bit',
  opost: 'each line end of the container is translated a second time',
}

/** Whether a word given to stty is a whole set of modes: of those that there were. */
const isModes = (word: unknown): boolean => word === 'ordinary modes' || word === 'raw modes'

/** A session with a terminal at both ends. What it passes on has the words that were given to stty. */
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

/** What there is to say about the words that were given to stty, the way back included. */
function aboutWords(words: readonly unknown[]): string | undefined {
  const several = words.find((word) => typeof word !== 'string' || / -?[a-z]/.test(word))
  if (several !== undefined) {
    return `you gave stty ${JSON.stringify(several)} as one word: it takes each one by itself, setModes(...rawFlags)`
  }
  const missing = rawFlags.find((flag) => !words.includes(flag))
  if (missing === undefined) return undefined
  const why = inTheWay[missing.slice(1)] ?? 'rawFlags has everything that docker changes'
  return `you switched to raw mode without ${missing}: ${why}`
}

/** Trials of the stage. */
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
          ? 'the terminal was not switched to raw mode: both terminals would echo each letter, and Ctrl-C would end this program'
          : undefined
      }
      if (returned >= 0 && raw > returned) {
        return 'you switched to raw mode only when your stage had returned: what is typed until then goes through both terminals'
      }
      if (!seen.passedOn) return undefined
      const wrong = aboutWords((words as unknown[]).filter((word) => !isModes(word)))
      if ((words as unknown[]).includes('raw modes')) {
        return 'you read the modes when the terminal was raw already, and gave it those back: what it was before is lost. First read, then register, then set'
      }
      const restored = modeIndexOf(seen, 'after')
      if (restored < 0) {
        return 'you left the terminal raw: nothing set the modes that readModes() had returned, so the shell shows nothing of what is typed'
      }
      if (restored < returned) {
        return 'you gave the terminal back before the session began: it is raw as long as the session lives'
      }
      if (wrong) return wrong
      if (!rawMode) {
        return 'you switched the terminal and passed on no rawMode: the copy loops cannot give it back early, and an error message lands on a raw terminal'
      }
      if (!('release' in Object(rawMode))) {
        return `you passed on ${JSON.stringify(rawMode)} for rawMode, which nobody can release: what goes on is what kit.scope.hold gives back`
      }
      const registered = seen.events.findIndex(
        ({ kind }, at) => kind === 'held' && at > indexOf(seen, 'your stage begins'),
      )
      return registered > raw
        ? 'you set raw mode first and registered the way back then: what ends the walk in between leaves the terminal raw. First read, then register, then set'
        : undefined
    },
  },
  {
    title: 'a walk that stops behind this chapter',
    run: inStory(({ container }) => ({
      first: asked(container, { command, tty: true, interactive: true }),
      terminal,
      until: 4,
    })),
    judge: (seen) =>
      seen.leftOpen.includes('the terminal is still raw')
        ? 'you left the terminal raw: a walk that stops behind this stage gives back only what is held in the scope'
        : undefined,
  },
  staysCooked(
    'without -t',
    { interactive: true },
    'without -t you switched to raw mode: what is typed goes to a pipe, and only our own terminal can echo it and make a signal of Ctrl-C',
  ),
  staysCooked(
    'without -i',
    { tty: true },
    'without -i you switched to raw mode: no key goes anywhere, and Ctrl-C would be a byte that nobody reads',
  ),
  {
    title: 'a pipe at our end',
    run: inStory(({ container }) => ({
      // Chapter 1 refuses this, so it becomes so only behind it.
      first: asked(container, { command, tty: true }),
      before: (state) => ({ ...state, interactive: true }),
      terminal: { isTerminal: false },
    })),
    judge: (seen) =>
      modeIndexOf(seen, 'raw') < 0
        ? undefined
        : 'our input is a pipe and you switched it to raw mode: a pipe has no modes',
  },
  withNoraw('please', (isRaw) =>
    isRaw
      ? 'NORAW is set and you switched to raw mode: whoever sets it wants to see two terminals at once'
      : undefined,
  ),
  withNoraw('', (isRaw) =>
    isRaw ? undefined : 'NORAW is empty and you did not switch to raw mode: empty counts as unset',
  ),
]

/** A terminal as it is in the evening of an ordinary day, by `stty -a`. */
const ordinary = {
  ...Object.fromEntries(Object.keys(inTheWay).map((flag) => [flag, true])),
  ...{ cread: true, hupcl: false, echoe: true, iutf8: true },
  ...{ inlcr: false, igncr: false, istrip: false },
}

/** What an old serial line has on, and most terminals have off. */
const serialLine = { inlcr: true, igncr: true, istrip: true }

/** Trials of the flags. */
const flagTrials: readonly Trial<(flags: Readonly<Record<string, boolean>>) => string[]>[] = [
  {
    title: 'an ordinary terminal, one without flow control, and an old serial line',
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
      if (several) return `"${several}" is one entry, and stty wants each word by itself`
      const missing = Object.keys(inTheWay).find(
        (flag) => flag in serialLine === false && !first.includes(`-${flag}`),
      )
      if (missing) {
        const asWord = first.includes(missing) ? ` ("${missing}" switches it on)` : ''
        return `${missing} is still on${asWord}: ${inTheWay[missing]}`
      }
      const extra = first.find((word) => !reference.results[0]?.got.split(', ').includes(word))
      if (extra !== undefined && extra.replace('-', '') in serialLine) {
        return `${extra.replace('-', '')} was off already and you gave "${extra}" for it: only what has to change gets a word`
      }
      if (extra !== undefined) {
        return `"${extra}" has nothing to do with keys or output: what need not change stays as it was`
      }
      const word = second.find((one) => one === '-ixon' || one === 'ixon')
      if (word) {
        return `ixon was off already and you gave "${word}" for it: only what has to change gets a word`
      }
      const rare = Object.keys(serialLine).find((flag) => !third.includes(`-${flag}`))
      return rare === undefined
        ? undefined
        : `on a terminal where ${rare} is on, you leave it on: ${inTheWay[rare]}. Most terminals have it off, and rawFlags switches it off in any case`
    },
  },
]

/** What each exercise of the chapter has to pass, by its name. */
export const trials: Readonly<Record<string, Trials>> = {
  '04-raw-mode': { reference: rawMode, trials: stageTrials },
  '04-raw-mode-flags': { reference: rawWords, trials: flagTrials },
}
