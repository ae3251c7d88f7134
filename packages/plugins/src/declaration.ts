import { architectureSpecification, ConvzooError, describeValue, engineSpecification } from '@convzoo/core'

/** What a package says that it provides, under `convzoo` in its package.json. */
export interface Declaration {
  /** Names of architectures: the part of their ids before the dot. */
  readonly architectures: readonly string[]
  /** Names of engines; the package exports a function of that name that makes one. */
  readonly engines: readonly string[]
}

const known: readonly string[] = [architectureSpecification, engineSpecification]

/**
 * Reads `{ "architecture/v1": ["vgg"], "engine/v1": ["onnx"] }`: names under the contract that they follow. A package may name a contract
 * that is not known beside one that is, to serve several versions of core.
 *
 * @throws ConvzooError of kind `specification` if no contract in it is known, of kind `option` for another form.
 */
export function readDeclaration(subject: string, field: unknown): Declaration {
  if (typeof field !== 'object' || field === null || Array.isArray(field)) throw unreadable(subject, field)
  const entries = Object.entries(field)
  const contracts = entries.map(([contract]) => contract)
  const strange = contracts.find((contract) => !/^(?:architecture|engine)\/v\d+$/.test(contract))
  if (strange !== undefined || contracts.length === 0) throw unreadable(subject, field)
  if (!contracts.some((contract) => known.includes(contract))) {
    throw new ConvzooError({
      kind: 'specification',
      message: `${subject} follows a contract that this version of convzoo does not know.`,
      expected: known.join(' or '),
      received: contracts.join(' and '),
      mend: `install a version of it that declares ${known.join(' or ')}, or a newer convzoo`,
    })
  }
  const names = (contract: string): readonly string[] => {
    const [, value = []] = entries.find(([name]) => name === contract) ?? []
    if (Array.isArray(value) && value.every((name) => typeof name === 'string')) return value
    throw unreadable(subject, field)
  }
  return { architectures: names(architectureSpecification), engines: names(engineSpecification) }
}

function unreadable(subject: string, field: unknown): ConvzooError {
  return new ConvzooError({
    kind: 'option',
    message: `${subject} has a field "convzoo" in its package.json that cannot be read.`,
    expected: 'names under the contract that they follow, such as { "architecture/v1": ["my-net"] }',
    received: describeValue(field),
  })
}
