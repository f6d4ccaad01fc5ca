/**
 * The help of `npm run chapter`: a short form for newcomers, and everything
 * with `--help`.
 *
 * @module
 */

import { dockerExec } from '../index.ts'

/** The command line in one line. */
export const usage = 'Usage:  npm run chapter -- [OPTIONS] N [CONTAINER [COMMAND [ARG...]]]'

const summary = `${usage}

Runs chapters 1 to N against a real daemon and shows what each of them does.
In a terminal it guides you through them; without N it starts with the list.
Without CONTAINER it creates a sandbox and removes it at the end; without
COMMAND it runs sh.
`

const examples = `Examples:
  npm run chapter 1                       The first chapter
  npm run chapter -- 1 --practice         ... on the daemon that needs no Docker
  npm run chapter -- 3 --view wire        One view of stage 3, without questions
  npm run chapter -- 7 --json web ls      All seven as one JSON document
  npm run chapter -- --experiment list    All experiments
`

const otherCommands = 'Other commands: npm run replay, check, doctor, exec, daemon, rescue\n'

/** The help for newcomers: the usage and some examples. */
export const shortHelp = `${summary}
${examples}  npm run chapter -- --help               All options

${otherCommands}`

/** The complete help. */
export const help = `${summary}
${dockerExec.stages.map(({ name, question }, at) => `  ${at + 1} ${name.padEnd(12)} ${question}`).join('\n')}

${examples}
Put options before or after N. Without the first --, npm takes them for itself.

Output:
      --plain         Print the run as text and ask no questions
      --json          Print one JSON document on stdout, the session on stderr
      --view VIEW     Show a view: state, wire, bytes, terminal, daemon, source,
                      more
      --whole         With --view: show IDs, JSON bodies and flags in full
      --beside        Show the sessions of chapters 4 to 7 beside their wire,
                      in a window of at least 120 columns
      --live          Serve a live page of this run on the loopback interface

Questions, experiments, exercises:
      --questions     List the questions of chapter N with their choices
      --experiment E  Run experiment E; --experiment list shows all
      --guess GUESS   Your guess: start-status=101 for a question; for an
                      experiment the number of an answer, or words from it
      --mine          Use your own stage N from chapters/mine; see npm run check

Daemon and container:
      --practice      Use the practice daemon, which needs no Docker
      --fault NAME    ... with a deliberate fault; --fault list shows all
      --host HOST     Use unix:///path, tcp://host:2375 or ssh://user@host
      --image IMAGE   Create the sandbox from this image
      --pull          Download an image if no local one has a shell

Recording:
      --no-tape       Save no tape of this run; npm run replay shows tapes
      --tape FILE     Save the tape in this file
      --keep-typed    Save what you type on the tape, not only its length. The
                      terminal's echo is output, so the tape has it anyway;
                      a password prompt has no echo.
      --start-over    Reset your progress; guesses, hints and tapes are moved
                      aside, not deleted

Session:
      --no-tty        Allocate no TTY, even if you are at a terminal
      --no-stdin      Do not attach standard input
  and the options of docker exec:
      -d, --detach-keys, -e, --env-file, -i, --privileged, -t, -u, -w

${otherCommands}`
