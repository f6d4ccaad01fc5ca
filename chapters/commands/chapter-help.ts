/**
 * What `npm run chapter` says of itself: what a newcomer needs first, and with `--help` everything.
 *
 * @module
 */

import { dockerExec } from '../index.ts'

/** The line that shows what may be typed. */
export const usage = 'Usage:  npm run chapter -- [OPTIONS] N [CONTAINER [COMMAND [ARG...]]]'

const firstLines = `${usage}

Runs chapters 1 to N against a real daemon and shows what each of them did.
In a terminal it leads you through them; without N it begins with the list.
Without CONTAINER it makes a sandbox and removes it at the end; without COMMAND
it runs sh.
`

const first = `To begin with:
  npm run chapter 1                       The first chapter
  npm run chapter -- 1 --practice         ... on the daemon that needs no Docker
  npm run chapter -- 3 --view wire        One view of stage 3, without questions
  npm run chapter -- 7 --json web ls      All seven as one JSON document
  npm run chapter -- --experiment list    What you can break
`

const others = 'Other commands: npm run replay, check, doctor, exec, daemon, rescue\n'

/** For a newcomer: the usage, what happens, and what to know first. */
export const shortHelp = `${firstLines}
${first}  npm run chapter -- --help               All options

${others}`

/** Everything. */
export const help = `${firstLines}
${dockerExec.stages.map(({ name, question }, at) => `  ${at + 1} ${name.padEnd(12)} ${question}`).join('\n')}

${first}
All options, before or behind N. npm keeps them for itself without the first --.

What is shown:
      --plain         Text that is only appended, without questions
      --json          One JSON document on stdout, the session on stderr
      --view VIEW     One of state, wire, terminal, daemon, source, more
      --whole         With --view: IDs, JSON bodies and flags to their end
      --beside        The sessions of chapters 4 to 7 beside their growing wire,
                      in a window of at least 120 columns
      --live          Serve the page of this run while it grows, on loopback

Guess, break, write:
      --questions     What chapter N asks, with the choices
      --experiment E  Break something, by name; --experiment list names them all
      --guess GUESS   What you expect: start-status=101 for a question; for an
                      experiment the number of an answer, or words of it
      --mine          Your own stage N, from chapters/mine; see npm run check

Which daemon and container:
      --practice      The practice daemon, which needs no Docker
      --fault NAME    ... that does something wrong on purpose; --fault list
      --host HOST     This one: unix:///path/docker.sock or tcp://host:2375
      --image IMAGE   Make the sandbox from this image
      --pull          Download an image if there is none with a shell

What is kept of it:
      --no-tape       No tape of this run; npm run replay steps through tapes
      --tape FILE     Keep the tape in this file
      --keep-typed    Keep what you typed on the tape, and not only its length.
                      A terminal's echo is output, and is on the tape anyway;
                      a question for a password has no echo.
      --start-over   Set your progress, guesses, hints and tapes aside

The session:
      --no-tty        No terminal in the container, although there is one here
      --no-stdin      Do not attach standard input
  and the options of docker exec:
      -d, --detach-keys, -e, --env-file, -i, --privileged, -t, -u, -w

${others}`
