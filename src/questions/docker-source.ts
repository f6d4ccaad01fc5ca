/**
 * Where Docker's source is: the repository and the commit of each place that
 * a {@link GoSource} names. A newer client to compare with is a new commit
 * here, and new line numbers in the `rows.ts` of the chapters.
 *
 * @module
 */

import type { GoSource } from './lesson.ts'

/** A repository at one commit. */
export type Checkout = {
  /** `docker/cli` */
  readonly repository: string
  /** The release, for people. */
  readonly release: string
  /** The commit of the release: 40 hexadecimal digits. */
  readonly commit: string
  /** What the paths of its files start with. */
  readonly paths: readonly string[]
}

/** In 2015 client and daemon were in one repository, `docker/docker`. */
const in2015: readonly Checkout[] = [
  {
    repository: 'moby/moby',
    release: 'v1.8.3',
    commit: 'f4bf5c7026816785d9f63c07e87f9450a49f2403',
    paths: [''],
  },
]

/**
 * Since then the command line moved to a repository of its own, and so did
 * the package for terminals. The commits are those from which the client
 * 28.2.2 is built.
 */
const today: readonly Checkout[] = [
  {
    repository: 'docker/cli',
    release: 'v28.2.2',
    commit: 'e6534b4eb700e592f25e7213568a02f3ce37460d',
    paths: ['cli/', 'cmd/'],
  },
  {
    repository: 'moby/moby',
    release: 'v28.2.2',
    commit: '45873be4ae3f5488c9498b3d9f17deaddaf609f4',
    paths: ['api/', 'client/', 'pkg/'],
  },
  {
    repository: 'moby/term',
    release: 'v0.5.2',
    commit: '6c1b69fecbac2753dcaf18718a7e9f9093c3760d',
    paths: [''],
  },
]

/** Returns the repository and the commit of a place. */
export function checkoutOf({ when, file }: Pick<GoSource, 'when' | 'file'>): Checkout {
  const checkouts = when === '2015' ? in2015 : today
  return checkouts.find(({ paths }) => paths.some((path) => file.startsWith(path))) as Checkout
}

/** Returns the permanent link to the lines of a place. */
export function permalinkOf({ when, file, lines: [first, last] }: GoSource): string {
  const { repository, commit } = checkoutOf({ when, file })
  return `https://github.com/${repository}/blob/${commit}/${file}#L${first}-L${last}`
}
