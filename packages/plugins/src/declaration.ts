import { ConvzooError } from '@convzoo/core'
import { architectureSpecification, describeValue, isOptionsObject, printable } from '@convzoo/core/define'
import { engineSpecification } from '@convzoo/core/engine'
import { type Contract, contracts, forEachContract, weightsSpecification } from './contracts.js'
import { type PublishedWeights, publishedWeights } from './published-weights.js'

/** What a package says that it provides, under `convzoo` in its package.json. */
export interface Declaration {
  /**
   * Names under the contract that they follow. Of an architecture it is the part of its ids before the dot; for any other the package
   * exports what makes it: `csv-log` as `csvLog`.
   */
  readonly provides: Readonly<Record<Contract, readonly string[]>>
  /** `provides['architecture/v1']`. */
  readonly architectures: readonly string[]
  /** `provides['engine/v1']`. */
  readonly engines: readonly string[]
  /** What there is to know of `provides['weights/v1']`, by name. */
  readonly weights: Readonly<Record<string, PublishedWeights>>
}

const declaring = (provides: Declaration['provides'], weights: Declaration['weights'] = {}): Declaration => ({
  provides,
  weights,
  architectures: provides[architectureSpecification],
  engines: provides[engineSpecification],
})

/** What a package provides whose manifest cannot be read. */
export const nothing: Declaration = declaring(forEachContract(() => []))

/**
 * Reads `{ "architecture/v1": ["vgg"], "optimizer/v1": ["lion"] }`: names under the contract that they follow; of weights with what there is
 * to know of them, `{ "weights/v1": { "digits": { "network": "nin.cifar10", … } } }`. A package may name a contract that is not known beside
 * one that is, to serve several versions of core.
 *
 * @throws ConvzooError of kind `specification` if no contract in it is known, of kind `option` for another form.
 */
export function readDeclaration(subject: string, field: unknown): Declaration {
  if (typeof field !== 'object' || field === null || Array.isArray(field)) throw unreadable(subject, field)
  const entries = Object.entries(field)
  const declared = entries.map(([contract]) => contract)
  if (declared.length === 0 || !declared.every((contract) => /^[a-z]+(?:-[a-z]+)*\/v\d+$/.test(contract))) {
    throw unreadable(subject, field)
  }
  if (!contracts.some((contract) => declared.includes(contract))) {
    throw new ConvzooError({
      kind: 'specification',
      message: `${subject} follows a contract that this version of convzoo does not know.`,
      expected: `one of ${contracts.join(', ')}`,
      received: declared.join(' and '),
      hint: 'install a version of it that declares one of those, or a newer convzoo',
    })
  }
  const weights = weightsIn(subject, field)
  return declaring(
    forEachContract((contract) => {
      if (contract === weightsSpecification) return Object.keys(weights)
      const [, value = []] = entries.find(([name]) => name === contract) ?? []
      if (Array.isArray(value) && value.every((name) => typeof name === 'string')) return value
      throw unreadable(subject, field)
    }),
    weights,
  )
}

/** Weights by name, each described by an object: it was parsed as JSON, and what it says is checked here. */
function weightsIn(subject: string, field: object): Declaration['weights'] {
  const described: unknown = Reflect.get(field, weightsSpecification) ?? {}
  if (!isOptionsObject(described) || Array.isArray(described)) throw unreadable(subject, field)
  return Object.fromEntries(
    Object.entries(described).map(([name, each]) => {
      if (!isOptionsObject(each) || Array.isArray(each)) throw unreadable(subject, field)
      return [name, publishedWeights.parse(`${subject}, of its weights "${printable(name)}",`, each as never)]
    }),
  )
}

function unreadable(subject: string, field: unknown): ConvzooError {
  return new ConvzooError({
    kind: 'option',
    message: `${subject} has a field "convzoo" in its package.json that cannot be read.`,
    expected: 'names under the contract that they follow, such as { "architecture/v1": ["my-net"] }',
    received: describeValue(field),
  })
}
