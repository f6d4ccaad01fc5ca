/**
 * The form of the questions: drawn menus, numbered choices that are appended,
 * or no questions at all.
 *
 * @module
 */

/**
 * `menus` redraws, `numbers` appends and asks for a line, `plain` asks
 * nothing.
 */
export type Form = 'menus' | 'numbers' | 'plain'

/**
 * In a narrower window the terminal wraps the lines of a menu, and redrawing
 * breaks.
 */
const minMenuWidth = 30

/** What the form depends on. */
export type Surroundings = {
  readonly environment: NodeJS.ProcessEnv
  readonly input: { readonly isTTY?: boolean }
  readonly output: { readonly isTTY?: boolean; readonly columns?: number }
}

/** Returns the form for this process. */
export function ownForm(): Form {
  const { env: environment, stdin: input, stdout: output } = process
  return explainForm({ environment, input, output }).form
}

/**
 * Chooses the form and says why. Nothing is asked in a pipe or under CI,
 * because there is no user to answer: options and arguments do the same.
 */
export function explainForm({ environment, input, output }: Surroundings): {
  readonly form: Form
  readonly why: string
} {
  if (!input.isTTY) return { form: 'plain', why: 'standard input is not a terminal' }
  if (!output.isTTY) return { form: 'plain', why: 'standard output is not a terminal' }
  if (environment.CI) return { form: 'plain', why: 'CI is set' }
  if (environment.ACCESSIBLE) return { form: 'numbers', why: 'ACCESSIBLE is set' }
  if (environment.TERM === 'dumb') return { form: 'numbers', why: 'TERM is dumb' }
  if ((output.columns ?? 80) < minMenuWidth) {
    return { form: 'numbers', why: `the window has fewer than ${minMenuWidth} columns` }
  }
  return { form: 'menus', why: 'this terminal can draw' }
}
