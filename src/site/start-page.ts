/**
 * The first page of the site: what an exec is made of, in one recorded run.
 * GitHub shows the README instead.
 *
 * @module
 */

import { type Html, html, nothing } from '../export/page/html.ts'
import { type EventOf, exchangesIn, hasBytes, type Tape } from '../tape/event.ts'
import { type SceneName, sceneOfRequest } from '../tape/scenes.ts'
import { countOf } from '../text/count.ts'
import { shortIds } from '../text/hex.ts'
import { linkBetween } from './links.ts'
import type { SitePage } from './page-shell.ts'

/** Where the page is. */
export const startPagePath = 'index.html'

/** What the page is made from. */
export type StartPageData = {
  /** A run with a terminal. */
  readonly tape: Tape
  /** The first output of a run without one, as a block of bytes. */
  readonly frames: Html
  readonly chapters: readonly SitePage[]
}

/** A request of an exec, and what it is for. */
type Step = {
  readonly scene: SceneName
  readonly name: string
  readonly chapter: number
  readonly why: string
}

const before: readonly Step[] = [
  {
    ...{ scene: 'create', name: 'Create', chapter: 1 },
    why: 'describes what to run: the command, the user, a tty or not. Nothing runs yet. The answer is an ID, and each later request has it in its path.',
  },
  {
    ...{ scene: 'start', name: 'Start', chapter: 2 },
    why: 'runs it, and asks to keep the connection. The answer 101 agrees: after its blank line this connection is no longer HTTP.',
  },
]

const after: readonly Step[] = [
  {
    ...{ scene: 'resize', name: 'Resize', chapter: 6 },
    why: 'gives the container’s terminal the size of your window, at the beginning and after each change. It is a request of its own because on the session’s connection every byte that you send is input.',
  },
  {
    ...{ scene: 'exit code', name: 'Inspect', chapter: 7 },
    why: 'asks how it ended. It is a request of its own because the session’s connection has no place for a number: every byte on it was output, and then it ended.',
  },
]

/** Returns the page. */
export function startPage({ tape, frames, chapters }: StartPageData): SitePage {
  const { product, version } = tape.head.daemon
  const items = (steps: readonly Step[]): Html[] =>
    steps.map((step) => stepHtml(tape, step, chapters))
  return {
    ...{ path: startPagePath, title: 'How docker exec works', layout: 'prose' },
    ...{ group: 'Begin', name: 'Start' },
    about: 'How docker exec works: four requests, one session, and every byte of them explained.',
    main: html`<h1>How docker exec works, byte by byte</h1>
<p class="lead"><code>docker exec -it box sh</code> gives you a shell in a running container. It takes four HTTP requests, and one of them stops being HTTP: its connection becomes the line between your keyboard and the shell. Seven chapters build that client in TypeScript, beside the bytes of recorded runs and the places where Docker does the same.</p>
<h2 id="four-requests">Four requests and a session</h2>
<p class="note">From a run on ${product} ${version}. Connection 1 stays HTTP; connection 2 becomes the session. Two smaller requests come first: one asks for the API version, the other whether the container exists.</p>
<ol class="steps-of-exec">
${items(before)}
${sessionHtml(tape, chapters)}
${items(after)}
</ol>
<h2 id="first-eight-bytes">The first eight bytes</h2>
<p>With <code>-t</code> the output comes as the container’s terminal writes it. Without it, stdout and stderr share the connection, so the daemon puts eight bytes before each piece: one for the stream, three zeros, four for the length. Point at a piece or press it to see what it means.</p>
${frames}
<h2 id="chapters">The seven chapters</h2>
<ol class="chapter-list">${chapters.map(({ path, title }) => chapterHtml(path, title))}</ol>
<p>Then <a href="whole-client.html">the whole client on one page</a>.</p>
<h2 id="elsewhere">More to read</h2>
<ul>
<li><a href="behind-the-daemon.html">Behind the daemon</a>: from the API to the process. Whose child it is, and <a href="behind-the-daemon.html#where-the-master-is">where its terminal lives</a>.</li>
<li><a href="symptoms.html">By symptom</a>: it hangs, it prints nothing, the first prompt is missing. Each with the byte that causes it.</li>
<li><a href="protocol.html">The protocol on one page</a>, and <a href="daemons.html">how each daemon answers</a>.</li>
<li><a href="family.html">Run, attach, exec, logs</a>, and <a href="kubectl-exec.html">from docker exec to kubectl exec</a>.</li>
<li><a href="glossary.html">The glossary</a>. Words with a dotted line lead there.</li>
</ul>
<h2 id="run-it">Run it yourself</h2>
<p>Each chapter also runs at your terminal, against your own daemon or the practice daemon that comes with the workbook. You need Node.js 20.18.1 or newer.</p>
<pre class="code" tabindex="0"><code>npm ci --loglevel=error
npm run chapter 1</code></pre>
<p><a href="using.html">All commands</a> · <a href="workshop.html">teaching with it</a> · <a href="troubleshooting.html">if something does not work</a> · <a href="seed.html">the 2015 article that started this</a> · <a href="licence.html">MIT licence</a></p>`,
  }
}

/** A request with its answer. */
function stepHtml(
  tape: Tape,
  { scene, name, chapter, why }: Step,
  chapters: readonly SitePage[],
): Html {
  const exchange = exchangesIn(tape.events).find(({ request }) => sceneOfRequest(request) === scene)
  if (!exchange) return nothing
  const { request, answer } = exchange
  const { connection } = request
  const lines = html`${lineHtml(`${connection}→`, `${request.method} ${request.path}`)}${
    answer
      ? lineHtml(`←${connection}`, `${answer.status} ${answer.reason}${tellingPart(answer)}`)
      : nothing
  }`
  return itemHtml({ name, why, lines }, chapters[chapter - 1])
}

/** What matters most in the body of an answer. */
function tellingPart({ body }: EventOf<'answer'>): string {
  const part = /"(?:Id|ExitCode)":(?:"\w+"|\d+)/.exec(body)?.[0]
  return part === undefined ? '' : `  ${part}`
}

/** The bytes between the 101 and the end, and a key with its echo. */
function sessionHtml({ events }: Tape, chapters: readonly SitePage[]): Html {
  const bytes = events.filter(hasBytes)
  const total = (kind: 'sent' | 'received'): string =>
    countOf(
      bytes.reduce((sum, event) => sum + (event.kind === kind ? event.length : 0), 0),
      'byte',
    )
  const at = bytes.findIndex(
    (event, index) =>
      event.kind === 'sent' && event.length === 1 && bytes[index + 1]?.hex === event.hex,
  )
  const [key, echo] = [bytes[at]?.hex, bytes[at + 1]?.hex]
  const letter = key === undefined ? '' : Buffer.from(key, 'hex').toString()
  const lines =
    key === undefined || echo === undefined
      ? nothing
      : html`${lineHtml('2→', `${key}  ${letter}`)}${lineHtml('←2', `${echo}  ${letter}`)}`
  const why = `carries keys one way and output the other: here ${total('sent')} and ${total('received')}. Below is a key and its echo, which comes from the container: here from the shell, which reads every key itself. Your own terminal is in raw mode and shows nothing by itself.`
  return itemHtml({ name: 'The session', why, lines, isSession: true }, chapters[4])
}

type Item = {
  readonly name: string
  readonly why: string
  readonly lines: Html
  readonly isSession?: boolean
}

function itemHtml(
  { name, why, lines, isSession = false }: Item,
  chapter: SitePage | undefined,
): Html {
  const link = chapter
    ? html`<a href="${linkBetween(startPagePath, chapter.path)}">${name}</a>`
    : html`${name}`
  return html`<li class="${isSession ? 'session' : 'request'}"><p><b>${link}</b> ${why}</p><pre tabindex="0">${lines}</pre></li>
`
}

function lineHtml(sign: string, text: string): Html {
  return html`<span class="sign sign-${sign.replace(/[^12]/g, '')}">${sign}</span> <code>${shortIds(text)}</code>\n`
}

/** A link with the chapter's name, and its question. */
function chapterHtml(path: string, title: string): Html {
  const [, name = title, question = ''] = /^\d+ (.*?): (.*)$/.exec(title) ?? []
  const sentence = question.replace(/^./, (letter) => letter.toUpperCase())
  return html`<li><a href="${linkBetween(startPagePath, path)}">${name}</a> <span>${sentence}</span></li>`
}
