/**
 * In which form the runner speaks: with menus that are drawn, with numbered choices that are only
 * appended, or without any question.
 *
 * @module
 */

/** `menus` redraws, `numbers` appends and asks for a line, `plain` asks nothing. */
export type Form = 'menus' | 'numbers' | 'plain'

/** Below this width a drawn menu breaks its lines, and redraws the wrong ones. */
const narrowest = 30

/** What decides about the form. */
export type Surroundings = {
  readonly environment: NodeJS.ProcessEnv
  readonly input: { readonly isTTY?: boolean }
  readonly output: { readonly isTTY?: boolean; readonly columns?: number }
}

/**
 * Chooses the form. Where a question could not be answered, in a pipe or under CI, there is none:
 * flags and arguments say the same.
 */
export function formFor({ environment, input, output }: Surroundings): Form {
  if (!input.isTTY || !output.isTTY || environment.CI) return 'plain'
  const cannotDraw = environment.TERM === 'dumb' || (output.columns ?? 80) < narrowest
  return environment.ACCESSIBLE || cannotDraw ? 'numbers' : 'menus'
}
