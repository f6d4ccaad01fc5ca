/**
 * What chapter 4 asks: what raw mode changes, where, and what a key is in it.
 *
 * @module
 */

import type { Prediction } from '../../src/questions/prediction.ts'
import {
  beginningWith,
  exchangesOf,
  inWords,
  listOf,
  named,
  nameOf,
  stageOf,
} from '../../src/questions/reading.ts'
import type { WalkResult } from '../../src/run/walk-chapter.ts'
import { hexText } from '../../src/text/hex.ts'

const rawRequest: Prediction = {
  name: 'raw-request',
  question: 'Which request tells the daemon that our terminal is raw?',
  choices: ['none', named.resize, 'POST /exec/…/attach', named.start],
  answer(run) {
    const stage = stageOf(run, 'raw mode')
    if (!stage) return undefined
    const [first] = exchangesOf(stage.wire)
    return first ? rawRequest.choices.find((choice) => choice === nameOf(first.request)) : 'none'
  },
  why(run) {
    const { wire = [], state } = stageOf(run, 'raw mode') ?? {}
    const sent = exchangesOf(wire)
    if (sent.length > 0) return `The chapter sent ${listOf(sent)}.`
    const there = state?.tty
      ? 'The daemon made a terminal of its own in the container, and that one stays as it is.'
      : 'In the container there is none, and so ours stays as it is too.'
    return `Chapter 4 has no request on its wire, and its state has rawMode: ${state?.rawMode}. Raw mode is between us and the driver of our own terminal. ${there}`
  },
}

const rawWanted: Prediction = {
  name: 'raw-wanted',
  question: 'There is no tty in the container. Is our terminal made raw all the same?',
  choices: ['yes, every session needs it', 'no, it stays as it is'],
  only: 'without a tty',
  answer(run) {
    const stage = stageOf(run, 'raw mode')
    return stage && rawWanted.choices[stage.state.rawMode === null ? 1 : 0]
  },
  why: (run) =>
    `The state has rawMode: ${stageOf(run, 'raw mode')?.state.rawMode}, with tty ${stageOf(run, 'raw mode')?.state.tty} and interactive ${stageOf(run, 'raw mode')?.state.interactive}. It takes a tty over there, our input attached, and a terminal here: without a tty nobody at the other end would echo, edit a line or turn 03 into a signal.`,
}

const rawState: Prediction = {
  name: 'raw-state',
  question: 'What does this chapter add to the state where nothing is made raw?',
  choices: [
    'nothing: the name is missing',
    'the name rawMode, with null',
    'the name rawMode, with false',
    'the name rawMode, and the flags of the terminal',
  ],
  only: 'without a tty',
  answer(run) {
    const stage = stageOf(run, 'raw mode')
    if (!stage) return undefined
    const [missing, empty, no, flags] = rawState.choices
    if (!('rawMode' in stage.state)) return missing
    if (stage.state.rawMode === null) return empty
    return stage.state.rawMode === false ? no : flags
  },
  why: (run) =>
    `The state went on with rawMode: ${stageOf(run, 'raw mode')?.state.rawMode}. What is not held has its name all the same, and so the stages behind it need no condition of their own: chapters 5 and 7 say rawMode?.release(), which does nothing to null.`,
}

const toGiveBack: Prediction = {
  name: 'to-give-back',
  question: 'What has to be given back if the walk stops behind this chapter?',
  choices: [
    'nothing',
    'the connection',
    'the connection and the wire',
    'the connection, the wire and the raw mode',
  ],
  answer(run) {
    const held = stageOf(run, 'raw mode')?.held
    const all = ['connection', 'wire', 'raw mode']
    const fits = held?.every((label, at) => label === all[at])
    return held && fits ? toGiveBack.choices[held.length] : undefined
  },
  why(run) {
    const { held = [], state } = stageOf(run, 'raw mode') ?? {}
    return `Under "held" stands: ${held.join(', ')}. ${
      state?.rawMode === null
        ? 'The two are one socket under two names. Our terminal was not touched, so there is nothing of it to give back.'
        : 'The last one is given back first: whatever there is to say then lands on a terminal that is in order.'
    }`
  },
}

const outputProcessing: Prediction = {
  name: 'opost',
  question: 'Raw mode is about keys. Does it also touch what is written to our screen (opost)?',
  choices: ['no, output stays as it was', 'yes, opost is switched off'],
  only: 'with a tty',
  answer(run) {
    const during = run.terminal?.during
    return during && outputProcessing.choices[during.flags.opost ? 0 : 1]
  },
  why(run) {
    const [before, during] = [run.terminal?.before, run.terminal?.during]
    const flag = (on: boolean | undefined): string => (on ? 'opost' : '-opost')
    return `The flag was ${flag(before?.flags.opost)} before and ${flag(during?.flags.opost)} while raw. The terminal in the container has made 0d 0a of each line end already. With opost ours would do it once more.`
  },
  toSee: 'It shows in a terminal, with a tty and without NORAW.',
}

/** Only what was pressed can be counted. */
const pressIt = 'Nobody pressed it: run chapter 4 in a terminal, with a tty, and press it there.'

const ctrlC: Prediction = {
  name: 'ctrl-c',
  question: 'Press Ctrl-C in raw mode. How many bytes come of it?',
  choices: ['none: it is a signal', 'one byte', 'two bytes: ^ and C', 'three bytes'],
  only: 'with a tty',
  answer: (run) => beginningWith(ctrlC.choices, inWords(pressed(run, /^03/)?.length)),
  why: (run) =>
    `It came as ${hexText(pressed(run, /^03/) ?? new Uint8Array())}. The ^C beside it is how the byte is written for people. The driver makes a signal of it while isig is on, and ${isigOf(run)}.`,
  toSee: pressIt,
}

function isigOf({ terminal }: WalkResult): string {
  return terminal?.during?.flags.isig === false ? 'raw mode has switched it off' : 'here it was on'
}

const arrowUp: Prediction = {
  name: 'arrow-up',
  question: 'Press the arrow that points up. How many bytes come of it?',
  choices: ['none: it is no character', 'one byte', 'two bytes', 'three bytes'],
  only: 'with a tty',
  answer: (run) => beginningWith(arrowUp.choices, inWords(pressed(run, arrow)?.length)),
  why: (run) =>
    `It came as ${hexText(pressed(run, arrow) ?? new Uint8Array())}: an escape, a bracket or an O, and the letter A. There is no character for an arrow, so terminals agreed on a sequence. To the wire these are bytes like others, and a read may even cut them in two.`,
  toSee: pressIt,
}

/** Escape, then a bracket or an O, then A, as hexadecimal digits. */
const arrow = /^1b(5b|4f)41/

/** The first key press whose bytes look like this in hexadecimal. */
function pressed({ keys = [] }: WalkResult, key: RegExp): Uint8Array | undefined {
  return keys.find((bytes) => key.test(Buffer.from(bytes).toString('hex')))
}

/** The questions of chapter 4. */
export const questions: readonly Prediction[] = [
  rawRequest,
  rawWanted,
  rawState,
  toGiveBack,
  outputProcessing,
  ctrlC,
  arrowUp,
]
