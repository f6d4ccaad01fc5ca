/**
 * The form of the questions: menus that are drawn, numbered choices that are only appended, or no
 * questions at all.
 *
 * @module
 */

/** `menus` redraws, `numbers` appends and asks for a line, `plain` asks nothing. */
export type Form = 'menus' | 'numbers' | 'plain'

/** Below this width the terminal breaks a menu's lines, and the menu redraws the wrong ones. */
const narrowest = 30

/** What the form depends on. */
export type Surroundings = {
  readonly environment: NodeJS.ProcessEnv
  readonly input: { readonly isTTY?: boolean }
  readonly output: { readonly isTTY?: boolean; readonly columns?: number }
}

/** The form for this process. */
export function ownForm(): Form {
  const { env: environment, stdin: input, stdout: output } = process
  return explainForm({ environment, input, output }).form
}

/**
 * Chooses the form, and says why. In a pipe or under CI nobody can answer, so nothing is asked: flags
 * and arguments do the same.
 */
export function explainForm({ environment, input, output }: Surroundings): {
  readonly form: Form
  readonly why: string
} {
  if (!input.isTTY) return { form: 'plain', why: 'standard input is no terminal' }
  if (!output.isTTY) return { form: 'plain', why: 'standard output is no terminal' }
  if (environment.CI) return { form: 'plain', why: 'CI is set' }
  if (environment.ACCESSIBLE) return { form: 'numbers', why: 'ACCESSIBLE is set' }
  if (environment.TERM === 'dumb') return { form: 'numbers', why: 'TERM is dumb' }
  if ((output.columns ?? 80) < narrowest) {
    return { form: 'numbers', why: `the window has fewer than ${narrowest} columns` }
  }
  return { form: 'menus', why: 'this terminal can draw' }
}
