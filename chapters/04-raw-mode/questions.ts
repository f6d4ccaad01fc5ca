/**
 * The questions of chapter 4: which terminal becomes raw, who learns of it,
 * and what happens to Ctrl-C. They need a session with a tty: without one no
 * terminal becomes raw.
 *
 * @module
 */

import type { Prediction } from '../../src/questions/prediction.ts'
import { exchangesOf, stageOf } from '../../src/questions/reading.ts'
import type { WalkResult } from '../../src/run/walk-chapter.ts'
import { countOf } from '../../src/text/count.ts'

const whichTerminal: Prediction = {
  name: 'which-terminal',
  question: 'Two terminals want to buffer, echo and interpret your keys. Which one has to stop?',
  choices: ['the one in the container', 'the one in front of you', 'both of them'],
  scene: 'raw mode',
  asked: 'before',
  only: 'with a tty',
  answer({ terminal }) {
    return terminal?.during?.flags.echo === false ? whichTerminal.choices[1] : undefined
  },
  why: ({ terminal }) =>
    `Its flags went from ${flag(terminal?.before, 'echo')} and ${flag(terminal?.before, 'isig')} to ${flag(terminal?.during, 'echo')} and ${flag(terminal?.during, 'isig')}: it no longer echoes what you type, and Ctrl-C is a byte instead of a signal. The container’s terminal keeps doing both, because only it knows which program is in the foreground there.`,
}

/** A flag in `stty` notation: with a minus if it is off. */
function flag(
  modes: { readonly flags: Readonly<Record<string, boolean>> } | undefined,
  name: string,
): string {
  return modes?.flags[name] ? name : `-${name}`
}

const rawRequest: Prediction = {
  name: 'raw-request',
  question: 'What tells the daemon that your terminal is raw now?',
  choices: ['a request on connection 1', 'a byte on connection 2', 'nothing'],
  scene: 'raw mode',
  asked: 'after',
  only: 'with a tty',
  answer(run) {
    const stage = stageOf(run, 'raw mode')
    if (!stage || stage.state.rawMode === null) return undefined
    return rawRequest.choices[exchangesOf(stage.wire).length > 0 ? 0 : 2]
  },
  why(run) {
    const sent = exchangesOf(stageOf(run, 'raw mode')?.wire ?? []).length
    return `Chapter 4 sent ${countOf(sent, 'request')}: raw mode is a setting of your own terminal, kept by your own kernel. The container’s terminal stays as it was.`
  },
}

const ctrlC: Prediction = {
  name: 'ctrl-c',
  question:
    'You pressed Ctrl-C and your terminal passed it on as the byte 03. What can still turn it into a signal?',
  choices: ['our client', 'the terminal in the container', 'the daemon'],
  scene: 'keys',
  asked: 'after',
  only: 'with a tty',
  answer: (run) => (hasCtrlC(run) && isigIsOff(run) ? ctrlC.choices[1] : undefined),
  why: ({ terminal }) =>
    `Your own terminal had ${flag(terminal?.during, 'isig')} and passed 03 on. In chapter 5 it travels to the terminal in the container, which has isig and sends the signal to the foreground program there.`,
}

const hasCtrlC = ({ keys = [] }: WalkResult): boolean => keys.some((bytes) => bytes.includes(0x03))

const isigIsOff = ({ terminal }: WalkResult): boolean => terminal?.during?.flags.isig === false

/** The questions of chapter 4. */
export const questions: readonly Prediction[] = [whichTerminal, rawRequest, ctrlC]
