/**
 * What chapter 6 asks: which way the size of a window goes.
 *
 * @module
 */

import type { Prediction } from '../../src/questions/prediction.ts'
import {
  apiOf,
  exchangeOf,
  exchangesOf,
  fieldOf,
  listOf,
  named,
  nameOf,
  outputOf,
  stageOf,
  wireOf,
} from '../../src/questions/reading.ts'
import type { WalkResult } from '../../src/run/walk-chapter.ts'
import { bytesIn } from '../../src/tape/event.ts'

const toSee = 'It shows in a terminal, with a tty.'

const firstSize: Prediction = {
  name: 'first-size',
  question: 'Where on the wire does the size of our window stand for the first time?',
  choices: ['in the create', 'in the start', 'in the resize', 'nowhere'],
  answer(run) {
    if (!stageOf(run, 'resize')) return undefined
    const first = exchangesOf(wireOf(run)).find(
      ({ request }) => sizeIn(request.body) !== undefined || nameOf(request) === named.resize,
    )
    const where = { [named.create]: 0, [named.start]: 1, [named.resize]: 2 } as const
    const name = first && (nameOf(first.request) as keyof typeof where)
    return firstSize.choices[name === undefined ? 3 : where[name]]
  },
  why(run) {
    const size = sizeIn(exchangeOf(run, named.create)?.request.body)
    const path = pathOf(run)
    if (path === '') return `No size is in ${listOf(exchangesOf(wireOf(run)))}: ${noWindow(run)}.`
    if (size) {
      return `The create has "ConsoleSize":[${size}] (${apiOf(run)}), height first. The terminal has its size from its first moment, and ${path} only confirms it.`
    }
    const told = /^(0 0)\r?$/m.exec(outputOf(run).toString('latin1'))?.[1]
    const seen = told ? ` This run shows it: stty size said ${told}.` : ''
    return `The bodies before it have no ConsoleSize (${apiOf(run)}; it takes 1.42), and then comes ${path}. Until it arrives the terminal has 0 rows and 0 columns.${seen}`
  },
}

const resizeMoment: Prediction = {
  name: 'resize-moment',
  question: 'When is the resize sent?',
  choices: ['before the start', 'behind the 101, before any key', 'behind the first key'],
  only: 'with a tty',
  answer(run) {
    const [resize, start, key] = momentsOf(run)
    if (resize === -1 || start === -1 || resize === undefined || start === undefined)
      return undefined
    if (resize < start) return resizeMoment.choices[0]
    return resizeMoment.choices[key !== undefined && key !== -1 && key < resize ? 2 : 1]
  },
  why(run) {
    const status = exchangeOf(run, named.start)?.answer.status
    return `The requests were ${listOf(exchangesOf(wireOf(run)))}. A size can be set only while the process exists: before the start dockerd waits ten seconds for one and refuses, and Podman refuses at once. It goes out right behind the ${status}, and is answered ${exchangeOf(run, named.resize)?.answer.status}.`
  },
  toSee,
}

/** Where the resize, the start and the first key are on the wire. -1 where they are not. */
function momentsOf(run: WalkResult): number[] {
  const wire = wireOf(run)
  const at = (name: string): number =>
    wire.findIndex((event) => event.kind === 'request' && nameOf(event) === name)
  return [at(named.resize), at(named.start), wire.findIndex(({ kind }) => kind === 'sent')]
}

const resizeConnection: Prediction = {
  name: 'resize-connection',
  question: 'Which connection carries the size of the window?',
  choices: ['the first, beside the session', 'the second, among the keys', 'none, no size is sent'],
  answer(run) {
    if (!stageOf(run, 'resize')) return undefined
    const [start, resize] = [exchangeOf(run, named.start), exchangeOf(run, named.resize)]
    if (!resize) return resizeConnection.choices[2]
    const same = resize.request.connection === start?.request.connection
    return resizeConnection.choices[same ? 1 : 0]
  },
  why(run) {
    const [start, resize] = [exchangeOf(run, named.start), exchangeOf(run, named.resize)]
    return resize
      ? `${pathOf(run)} is on connection ${resize.request.connection}, and the session is on connection ${start?.request.connection}. Every byte of the session belongs to the command: there is none left that could mean "the window is larger now".`
      : `There is no resize in ${listOf(exchangesOf(wireOf(run)))}: ${noWindow(run)}.`
  },
}

const resizeForm: Prediction = {
  name: 'resize-form',
  question: 'How does the resize say how large the window is?',
  choices: ['by numbers in its path', 'by JSON in its body', 'by an escape sequence on the wire'],
  only: 'with a tty',
  answer(run) {
    const { request } = exchangeOf(run, named.resize) ?? {}
    if (/\?h=\d+&w=\d+$/.test(request?.path ?? '')) return resizeForm.choices[0]
    if (request && request.body !== '') return resizeForm.choices[1]
    const sent = bytesIn(wireOf(run), 'sent').toString('latin1')
    return sent.includes('\x1b[8;') ? resizeForm.choices[2] : undefined
  },
  why: (run) =>
    `The request is POST ${pathOf(run)}, height first, and its body has ${exchangeOf(run, named.resize)?.request.body.length} bytes. In the container it becomes a signal, SIGWINCH, for the program in front.`,
  toSee,
}

const followsWindow: Prediction = {
  name: 'follows-window',
  question: 'What follows our window while the session runs?',
  choices: [
    'nothing: nobody listens',
    'a listener for the signal SIGWINCH',
    'a timer that asks four times a second',
  ],
  answer(run) {
    const { state } = stageOf(run, 'resize') ?? {}
    if (!state) return undefined
    return followsWindow.choices[state.resizes === null ? 0 : 1]
  },
  why(run) {
    const { state } = stageOf(run, 'resize') ?? {}
    return state?.resizes === null
      ? `The state has resizes: null and size: null. ${noWindow(run).replace(/^./, (first) => first.toUpperCase())}, and what would be heard would be of use to nobody.`
      : `The state has resizes: ${state?.resizes}. Each signal of our own terminal becomes one more request. The timer is what docker has on Windows, where there is no such signal.`
  },
}

function sizeIn(body: string | undefined): unknown[] | undefined {
  const size = fieldOf({ headers: [], body: body ?? '' }, 'ConsoleSize')
  return Array.isArray(size) ? size : undefined
}

/** `/exec/…/resize?h=24&w=80` */
function pathOf(run: WalkResult): string {
  const path = exchangeOf(run, named.resize)?.request.path ?? ''
  return path.replace(/^.*\/exec\/[^/]+/, '/exec/…')
}

function noWindow(run: WalkResult): string {
  return stageOf(run, 'resize')?.state.tty === true
    ? 'our input or output is no terminal, so there is no window'
    : '"Tty" is false in the create, so there is no terminal that could have a size'
}

/** The questions of chapter 6. */
export const questions: readonly Prediction[] = [
  firstSize,
  resizeMoment,
  resizeConnection,
  resizeForm,
  followsWindow,
]
