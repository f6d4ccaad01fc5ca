/**
 * The parts of `docs/workshop.md` that are made from data: the plans, from
 * the chapters' minutes, what to do in each chapter, and the list of what can
 * fail, from what the doctor knows.
 *
 * @module
 */

import { chapterFolders } from '../../chapters/commands/chapter-folders.ts'
import { experiments } from '../../chapters/commands/experiments.ts'
import { dockerExec } from '../../chapters/index.ts'
import { failures } from '../../src/doctor/failures.ts'
import { commandFor } from '../../src/experiments/experiment-lines.ts'
import type { ChapterMinutes } from '../../src/questions/lesson.ts'

/** A part of a chapter. */
export type Part = keyof ChapterMinutes

/** Time between chapters: arrival, a break, the end. */
type Pause = { readonly title: string; readonly minutes: number }

/** A plan for a workshop. */
export type Plan = {
  readonly total: 45 | 90 | 180
  readonly before: Pause
  /** The parts of each chapter, chapter by chapter. */
  readonly chapters: readonly (readonly Part[])[]
  /** Breaks, by the number of the chapter before them. */
  readonly breaks: Readonly<Record<number, Pause>>
  readonly after: Pause
}

const parts: readonly Part[] = ['story', 'run', 'look', 'experiment', 'exercise']
const [runOnly, withLook, withExperiment] = [
  parts.slice(0, 2),
  parts.slice(0, 3),
  parts.slice(0, 4),
]

/** The three plans. Each has all that the one before it has, and more. */
export const plans: readonly Plan[] = [
  {
    total: 45,
    before: { title: 'arrival; `npm run chapter 1` works for everyone', minutes: 5 },
    chapters: [runOnly, runOnly, runOnly, runOnly, runOnly, runOnly, runOnly],
    breaks: {},
    after: { title: 'the article’s log again, questions', minutes: 5 },
  },
  {
    total: 90,
    before: { title: 'arrival; `npm run chapter 1` works for everyone', minutes: 10 },
    chapters: [
      withLook,
      withExperiment,
      withLook,
      withExperiment,
      withExperiment,
      withLook,
      withLook,
    ],
    breaks: { 3: { title: 'break', minutes: 8 } },
    after: { title: 'the article’s log again, questions', minutes: 5 },
  },
  {
    total: 180,
    before: { title: 'arrival; `npm run chapter 1` works for everyone', minutes: 10 },
    chapters: [parts, parts, parts, withExperiment, parts, parts, parts],
    breaks: { 2: { title: 'break', minutes: 10 }, 5: { title: 'break', minutes: 10 } },
    after: { title: 'the article’s log again, questions', minutes: 6 },
  },
]

/** How long a plan takes, in minutes. */
export function lengthOf({ before, chapters, breaks, after }: Plan): number {
  const pauses = [before, after, ...Object.values(breaks)].map((pause) => pause.minutes)
  const taught = chapters.flatMap((chosen, at) =>
    chosen.map((part) => chapterFolders[at]?.lesson.minutes[part] ?? 0),
  )
  return [...pauses, ...taught].reduce((sum, each) => sum + each, 0)
}

/** A plan as a table. The first column is the clock. */
export function planTable(plan: Plan): string {
  let clock = 0
  const rows: string[][] = []
  const row = (length: number, ...cells: string[]): void => {
    const from = `${Math.floor(clock / 60)}:${String(clock % 60).padStart(2, '0')}`
    rows.push([from, ...cells, String(length)])
    clock += length
  }
  const pause = ({ title, minutes }: Pause): void => row(minutes, title, ...parts.map(() => ''))
  pause(plan.before)
  for (const [at, chosen] of plan.chapters.entries()) {
    const each = parts.map((part) =>
      chosen.includes(part) ? (chapterFolders[at]?.lesson.minutes[part] ?? 0) : 0,
    )
    const name = `${at + 1} ${dockerExec.stages[at]?.name}`
    row(
      each.reduce((sum, one) => sum + one, 0),
      name,
      ...each.map((one) => (one ? `${one}` : '–')),
    )
    const next = plan.breaks[at + 1]
    if (next) pause(next)
  }
  pause(plan.after)
  row(clock, '**end**', ...parts.map(() => ''))
  return table([['clock', '', ...parts, 'minutes'], ...rows])
}

/** What to type and say in each chapter, part by part. */
export function chapterList(): string {
  return dockerExec.stages
    .flatMap(({ name, question }, at) => {
      const { lesson, exercises = [] } = chapterFolders[at] ?? {}
      const { workshop, minutes } = lesson ?? {}
      const [main, ...smaller] = exercises
      if (!workshop || !minutes || !main) return []
      const small = smaller.map((one) => `\`npm run check ${at + 1} ${one.name.slice(3)}\``)
      return [
        `### ${at + 1} ${name}: ${question}`,
        '',
        `- **run**, ${minutes.run} minutes: \`npm run chapter ${at + 1}\``,
        `- **look**, ${minutes.look} minutes: ${workshop.look}`,
        `- **experiment**, ${minutes.experiment} minutes: \`${commandOf(workshop.experiment)}\` (${titleOf(workshop.experiment)})`,
        `  - Afterwards: ${workshop.afterExperiment}`,
        `  - If there is time: \`${commandOf(workshop.anotherExperiment)}\` (${titleOf(workshop.anotherExperiment)})`,
        `- **exercise**, ${minutes.exercise} minutes: \`npm run check ${at + 1}\` (${main.task})`,
        `  - Afterwards: ${workshop.afterExercise}`,
        `  - Stuck: \`npm run check -- ${at + 1} --hint\`. If there is time: ${small.join(', ')}`,
        '',
      ]
    })
    .join('\n')
    .trimEnd()
}

function experimentOf(name: string): (typeof experiments)[number] {
  const found = experiments.find((experiment) => experiment.name === name)
  if (!found) throw new Error(`a lesson names the unknown experiment ${name}`)
  return found
}

const commandOf = (name: string): string => commandFor(experimentOf(name))
const titleOf = (name: string): string => experimentOf(name).title

/** The chapter that an experiment belongs to. */
export const chapterOf = (name: string): number => experimentOf(name).chapter

/**
 * The failures that the doctor knows, each with its meaning and its fixes.
 */
export function failureList(): string {
  return failures
    .flatMap(({ name, meaning, fix }) => {
      const systems = { Linux: fix.linux, macOS: fix.darwin, Windows: fix.win32 }
      const texts = [...new Set(Object.values(systems))]
      const fixes = texts.map((text) => {
        const of = Object.entries(systems).flatMap(([system, own]) => (own === text ? system : []))
        return texts.length === 1 ? `- ${text}` : `- ${of.join(', ')}: ${text}`
      })
      return [`### ${name}`, '', meaning, '', ...fixes, '']
    })
    .join('\n')
    .trimEnd()
}

function table(rows: readonly (readonly string[])[]): string {
  const [head = [], ...body] = rows
  const wide = head.map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0), 3))
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, at) => cell.padEnd(wide[at] ?? 0)).join(' | ')} |`
  return [line(head), line(wide.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n')
}
