/**
 * The page of a chapter: our code, what it put on the wire in a recorded run,
 * and where Docker does the same, side by side and row by row.
 *
 * @module
 */

import { type Html, html, nothing } from '../export/page/html.ts'
import { valuesHtml } from '../export/page/stages.ts'
import { checkoutOf, permalinkOf } from '../questions/docker-source.ts'
import type { GoSource, LessonNotes } from '../questions/lesson.ts'
import type { Prediction } from '../questions/prediction.ts'
import type { RowNotes, Rows } from '../questions/rows.ts'
import type { EventOf } from '../tape/event.ts'
import type { PartName } from '../tape/parts.ts'
import { addedNames, changedNames } from '../tape/state.ts'
import { countOf } from '../text/count.ts'
import { type CodePlace, linkedCode } from './linked-code.ts'
import { linkBetween, pageFor } from './links.ts'
import { markdownHtml } from './markdown-html.ts'
import type { SitePage } from './page-shell.ts'
import {
  type LabelledTape,
  momentsIn,
  openRun,
  partHtml,
  type ShownRun,
  shellHtml,
} from './run-part.ts'
import { sequenceSvg } from './sequence-svg.ts'
import type { Reference } from './source-links.ts'
import { type SourceRow, sourceRows } from './source-rows.ts'

/** An experiment in words. */
export type ExperimentData = {
  readonly name: string
  readonly title: string
  readonly action: string
  readonly question: string
  readonly report: { readonly what: string; readonly url: string }
}

/** An exercise in words. */
export type ExerciseData = {
  /** The words behind `npm run check`: `3`, `hijack-split`. */
  readonly words: string
  readonly task: string
}

/** What the page of a chapter is made from. */
export type ChapterData = {
  readonly number: number
  /** The path of its stage in the repository. */
  readonly file: string
  /** The text of that file, and its identifiers. */
  readonly source: string
  readonly references: readonly Reference[]
  readonly lesson: Pick<LessonNotes, 'story' | 'missing'>
  readonly rows: Rows
  readonly questions: readonly Pick<Prediction, 'name' | 'question' | 'choices'>[]
  readonly experiments: readonly ExperimentData[]
  readonly exercises: readonly ExerciseData[]
  /** The terms of the glossary. */
  readonly terms: readonly string[]
}

/** Returns the page of a chapter from one or two runs. */
export function chapterPage(chapter: ChapterData, tapes: readonly LabelledTape[]): SitePage {
  const path = pageFor(chapter.file) ?? ''
  const rows = sourceRows(chapter.source, chapter.file)
  const [first, ...declarations] = rows
  const runs = tapes.map((labelled, at) => openRun(labelled, `run-${at + 1}`))
  const rendered = markdownHtml(first?.prose ?? '', {
    ...{ file: chapter.file, page: path, terms: chapter.terms },
  })
  const title = rendered.headings[0]?.text ?? ''
  return {
    ...{ path, title, layout: 'wide', group: 'The seven chapters' },
    about: chapter.lesson.story,
    main: html`${introductionHtml(chapter, rendered.html, runs)}
<h2 id="rows">The code, the run, and docker</h2>
${legendHtml(runs)}
${runs.map((run) => shellHtml(run, partsOfChapter(chapter)))}
<div class="rows">
<div class="row heads" aria-hidden="true"><p>Our code</p><p>What it did in the recorded run</p><p>Where Docker does the same</p></div>
${declarations.map((row) => rowHtml(chapter, row, runs, path))}
</div>
${leftHtml(chapter, runs)}
${practiceHtml(chapter, path)}`,
  }
}

/** The parts of a run that belong to a chapter. */
export function partsOfChapter({ rows }: Pick<ChapterData, 'rows'>): PartName[] {
  return Object.values(rows).flatMap(({ scenes = [] }) => scenes)
}

/** The question, the text about the whole chapter, and beside it the run. */
function introductionHtml(chapter: ChapterData, text: Html, runs: readonly ShownRun[]): Html {
  return html`<div class="introduction">
<div class="text">${withJumps(text)}</div>
<aside aria-label="The recorded run">${runs.map((run) => overviewHtml(chapter, run))}</aside>
</div>`
}

/** Puts the links to the parts of the page below its title. */
function withJumps(text: Html): Html {
  const links = html`<nav aria-label="On this page"><ul class="jumps">
<li><a href="#rows">The code and the run</a></li>
<li><a href="#predict">Predict</a></li>
<li><a href="#break">Break it</a></li>
<li><a href="#write">Write it yourself</a></li>
<li><a href="#recap">What works now</a></li>
</ul></nav>`
  return { html: text.html.replace('</h1>', () => `</h1>\n${links.html}`) }
}

/** The diagram of the chapter in a run, and the state before and after. */
function overviewHtml(chapter: ChapterData, run: ShownRun): Html {
  const { number } = chapter
  const moments = momentsIn(run, partsOfChapter(chapter))
  const { head } = run.tape
  const id = `${run.id}-diagram`
  const diagram = sequenceSvg(moments, id, `Chapter ${number} in the run ${run.label}`)
  const isIn = run.tape.events.some(
    (event) => event.kind === 'stage begins' && event.number === number,
  )
  return html`<section aria-labelledby="${run.id}-overview"><h2 id="${run.id}-overview">In the run ${run.label}</h2>
<p class="note">${head.daemon.product} ${head.daemon.version}, API ${head.daemon.apiVersion}</p>
${isIn ? nothing : html`<p class="failure">${absenceOf(number, head.chapter)}</p>`}
${isIn && diagram.html === '' ? html`<p>Nothing went over the wire in this chapter.</p>` : diagram}
${stateHtml(number, run)}</section>`
}

/** Says why a run has nothing of a chapter. */
function absenceOf(number: number, last: number): string {
  return last < number
    ? `This run was asked for chapters 1 to ${last}, so it has nothing of chapter ${number}.`
    : `This run ended early and never reached chapter ${number}.`
}

function stateHtml(number: number, { tape, id }: ShownRun): Html {
  const begin = tape.events.find(
    (event): event is EventOf<'stage begins'> =>
      event.kind === 'stage begins' && event.number === number,
  )
  const end = tape.events.find(
    (event): event is EventOf<'stage ended'> =>
      event.kind === 'stage ended' && event.number === number,
  )
  if (!begin) return nothing
  const before = begin.state
  const after = end?.state ?? before
  const added = addedNames(before, after)
  const changed = changedNames(before, after)
  const nothingNew = added.length + changed.length === 0
  return html`<details class="state"${number === 1 ? html` open` : nothing}><summary>State before: ${countOf(Object.keys(before).length, 'value')}</summary>${valuesHtml(before, Object.keys(before), '')}</details>
<h3 id="${id}-after">State after: the same, and</h3>
${nothingNew ? html`<p class="note">The stage added nothing.</p>` : nothing}${valuesHtml(after, added, 'added')}${valuesHtml(after, changed, 'changed')}
${end ? html`<p class="story">${end.story}</p>` : html`<p class="failure">The stage did not finish in this run.</p>`}`
}

function legendHtml(runs: readonly ShownRun[]): Html {
  const typed = runs.every(({ tape }) => tape.head.typed)
  return html`<p>Each row is a declaration of the file in reading order, with nothing left out. Names in the code lead to their definitions. In the middle is what the code did in ${runs.length > 1 ? 'the runs' : 'the run'}: press a piece of the bytes to see what it means, or open the table below it. <span class="sign sign-1">1→</span> and <span class="sign sign-1">←1</span> are the first connection, <span class="sign sign-2">2→</span> and <span class="sign sign-2">←2</span> the second.${typed ? nothing : html` The tape has only the length of what was typed.`}</p>`
}

function rowHtml(
  chapter: ChapterData,
  row: SourceRow,
  runs: readonly ShownRun[],
  page: string,
): Html {
  const { file, references, rows } = chapter
  const notes: RowNotes = Object.hasOwn(rows, row.name) ? (rows[row.name] ?? {}) : {}
  const place: CodePlace = { page, references, showsTypes: true }
  const prose = markdownHtml(row.prose, { file, page, topLevel: 3 }).html
  const code = linkedCode({ ...row, file }, place)
  const anchor = row.name === '' ? `line-${row.from}` : row.name
  const ours =
    row.name === ''
      ? html`<details class="imports"><summary><h3 id="${anchor}-name">Imports</h3></summary>${prose}${code}</details>`
      : html`<h3 id="${anchor}-name"><a href="#${anchor}">${row.name}</a></h3>${prose}${code}`
  return html`<section class="row" id="${anchor}" aria-labelledby="${anchor}-name">
<div class="ours">${ours}</div>
<div class="run">${runs.map((run) => cellHtml(run, notes, chapter.number, runs.length > 1))}</div>
<div class="docker">${dockerHtml(notes)}</div>
</section>
`
}

/** What the code of a row did in a run. */
function cellHtml(run: ShownRun, notes: RowNotes, number: number, isLabelled: boolean): Html {
  const shown = html`${partHtml(run, notes.scenes ?? [])}${setHtml(run, notes, number)}`
  if (shown.html === '') return nothing
  return html`${isLabelled ? html`<p class="run-label">${run.label}</p>` : nothing}${shown}`
}

/** The values of the state that the code of a row set. */
function setHtml({ tape }: ShownRun, { state = [] }: RowNotes, number: number): Html {
  const end = tape.events.find(
    (event): event is EventOf<'stage ended'> =>
      event.kind === 'stage ended' && event.number === number,
  )
  const names = state.filter((name) => end && Object.hasOwn(end.state, name))
  if (!end || names.length === 0) return nothing
  return html`<div class="set"><p class="note">In the state it set:</p>${valuesHtml(end.state, names, 'added')}</div>`
}

function dockerHtml({ docker = [], noDocker }: RowNotes): Html {
  const none = noDocker === undefined ? nothing : html`<p>${noDocker}</p>`
  return html`${docker.map(placeHtml)}${none}`
}

function placeHtml(place: GoSource): Html {
  const { when, file, lines, summary } = place
  const { repository, release } = checkoutOf(place)
  const summaryHtml = markdownHtml(summary, {
    file: 'docs/differences.md',
    page: 'index.html',
  }).html
  return html`<div class="place"><p class="title"><span class="when">${when}</span> <a href="${permalinkOf(place)}"><code>${place.function}</code></a></p>
<p class="note">${repository} ${release}, ${file}, ${shownLines(lines)}</p>${summaryHtml}</div>`
}

function shownLines([first, last]: GoSource['lines']): string {
  return first === last ? `line ${first}` : `lines ${first} to ${last}`
}

/** What the workbook did after the last stage of a shorter run. */
function leftHtml({ number }: ChapterData, runs: readonly ShownRun[]): Html {
  const left = runs.filter(
    (run) => run.tape.head.chapter === number && momentsIn(run, ['teardown']).length > 0,
  )
  if (left.length === 0) return nothing
  return html`<section class="teardown"><h2 id="teardown">After the last stage</h2>
<p>This run was asked for chapters 1 to ${number}. Afterwards the workbook ended the command and closed what the stages held.</p>
${left.map((run) => html`<div class="run">${partHtml(run, ['teardown'])}</div>`)}</section>`
}

/** What to do with the chapter at a terminal. */
function practiceHtml(chapter: ChapterData, page: string): Html {
  const { number, questions, experiments, exercises, lesson } = chapter
  const [example] = questions
  const guess = example ? `npm run chapter -- ${number} --guess ${example.name}=1` : ''
  return html`<div class="practice">
<section class="practice-part"><h2 id="predict">Predict</h2>
<p>Guess before you run the chapter. The answer is read from your own run.</p>
${questions.map(({ question, choices }) => html`<div class="question"><p>${question}</p><ol>${choices.map((choice) => html`<li>${choice}</li>`)}</ol></div>`)}
<p>The chapter asks you on the way:</p>
${commandHtml(`npm run chapter ${number}`)}<p class="note">To answer before the run: <code>npm run chapter -- ${number} --questions</code>, and then for example <code>${guess}</code>.</p></section>
<section class="practice-part"><h2 id="break">Break it</h2>
<p>Each experiment is a real run that does something wrong on purpose. You guess, and the answer is read from what happened.</p>
${experiments.map(experimentHtml)}</section>
<section class="practice-part"><h2 id="write">Write it yourself</h2>
${exercises.map(({ words, task }) => html`<p>${task.replace(/^./, (letter) => letter.toUpperCase())}.</p>${commandHtml(`npm run check ${words}`)}`)}
<p class="note">The first time this makes the file and shows the task. After that it checks what you wrote. <code>npm run check -- ${number} --hint</code> helps, and <code>npm run chapter -- ${number} --mine</code> runs the chapter with your stage.</p></section>
<section class="practice-part"><h2 id="recap">What works now, and what does not</h2>
<p>${lesson.story}</p><p>${lesson.missing}</p>
<p><a href="${linkBetween(page, page.replace('.html', '-in-depth.html'))}">The chapter in depth</a>, and <a href="${linkBetween(page, page.replace('.html', '-transcript.html'))}">what the workbook prints</a>.</p></section>
</div>`
}

function experimentHtml({ name, title, action, question, report }: ExperimentData): Html {
  return html`<details class="experiment"><summary>${title}</summary><p>${action}</p><p><b>${question}</b></p>
${commandHtml(`npm run chapter -- --experiment ${name}`)}<p class="note">The same in the wild: <a href="${report.url}">${report.what}</a></p></details>`
}

function commandHtml(command: string): Html {
  return html`<pre class="code command" tabindex="0"><code>${command}</code></pre>`
}
