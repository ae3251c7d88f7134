import { type Architecture, architectureSpecification, requireSpecification } from '../contracts/index.js'
import { ConvzooError, describeValue } from '../errors/index.js'
import { requireArguments } from '../options/index.js'
import { architectureKind } from './kinds.js'
import { idsOf } from './registry.js'

const namePattern = /^[a-z0-9]+(-[a-z0-9]+)*$/

/**
 * Checks an architecture's description and gives it back, with its tags' names in its type.
 *
 * @throws ConvzooError of kind `specification` for an unknown contract, of kind `option` for a bad name, no tag, or a deprecated id
 * that is in use or leads to none that is.
 */
export function defineArchitecture<const A extends Architecture>(architecture: A): A {
  requireArguments('defineArchitecture', { architecture: [architectureKind, architecture] })
  requireSpecification(`The architecture "${architecture.name}"`, architecture.specification, architectureSpecification)
  for (const name of [architecture.name, ...Object.keys(architecture.tags)]) {
    if (!namePattern.test(name)) {
      throw new ConvzooError({
        kind: 'option',
        message: 'An architecture or tag has a name that cannot be part of an id.',
        expected: 'lower case letters, digits and single hyphens',
        received: describeValue(name),
      })
    }
  }
  const digits = Object.keys(architecture.tags).find((tag) => /^\d+$/.test(tag))
  if (digits !== undefined) {
    throw new ConvzooError({
      kind: 'option',
      message: `A tag of the architecture "${architecture.name}" is a bare number.`,
      expected: 'at least one letter: JavaScript sorts numbers before all other keys, and the first tag is the default',
      received: describeValue(digits),
    })
  }
  if (Object.keys(architecture.tags).length === 0) {
    throw new ConvzooError({
      kind: 'option',
      message: `The architecture "${architecture.name}" has no tags.`,
      expected: 'at least one; the first is the default',
      received: '{}',
    })
  }
  const ids = idsOf(architecture)
  for (const [old, replacement] of Object.entries(architecture.deprecated ?? {})) {
    if (ids.includes(replacement) && !ids.includes(old)) continue
    throw new ConvzooError({
      kind: 'option',
      message: `The architecture "${architecture.name}" has a deprecated id that leads nowhere.`,
      expected: `an id that it has no more, with one of ${ids.join(', ')}`,
      received: `"${old}" with "${replacement}"`,
    })
  }
  return architecture
}
