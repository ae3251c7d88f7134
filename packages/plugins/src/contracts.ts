import { architectureSpecification, oneOf, requireArguments } from '@convzoo/core/define'
import { engineSpecification } from '@convzoo/core/engine'

/** The contract of weights, which a manifest describes. */
export const weightsSpecification = 'weights/v1'

/** The contracts that a package may follow. Each says what a name under it promises. */
export const contracts = [
  architectureSpecification,
  engineSpecification,
  'optimizer/v1',
  'loss/v1',
  'schedule/v1',
  'dataset/v1',
  'callback/v1',
  'metric/v1',
  weightsSpecification,
] as const
export type Contract = (typeof contracts)[number]

/** What a package exports a definition of. An architecture is registered instead, and weights are a file. */
export type DefinedContract = Exclude<Contract, typeof architectureSpecification | typeof weightsSpecification>

export const definedContracts = contracts.filter(
  (contract) => contract !== architectureSpecification && contract !== weightsSpecification,
)

/** A contract under which a package exports definitions. */
export const definedContract = oneOf(...definedContracts)

/** Any contract that is known. */
export const contractKind = oneOf(...contracts)

/** What a contract is about, in a word: `optimizer`. */
export function kindOf(contract: Contract): string {
  requireArguments('kindOf', { contract: [contractKind, contract] })
  return contract.slice(0, contract.indexOf('/'))
}

/** What a package that follows a contract has among its keywords, so that a registry can be searched for it: `convzoo-optimizer`. */
export function keywordOf(contract: Contract): string {
  requireArguments('keywordOf', { contract: [contractKind, contract] })
  return `convzoo-${kindOf(contract)}`
}

/** A value for each contract. */
export function forEachContract<T>(make: (contract: Contract) => T): Readonly<Record<Contract, T>> {
  return Object.fromEntries(contracts.map((contract) => [contract, make(contract)])) as Record<Contract, T>
}
