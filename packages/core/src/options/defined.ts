import { type DefinedKind, definedMark } from '../recognise/index.js'
import type { OptionKinds } from './options.js'

/** What every definition says of itself, beside being the function that makes it from options. */
export interface Defined {
  /** As configurations and flags write it. */
  readonly name: string
  /** In a line, for lists and help. */
  readonly title: string
  /** Where it was published. */
  readonly source?: string | undefined
  /** Its options by name: types, flags, help, defaults, schemas and errors are made of them. */
  readonly options: OptionKinds
}

/** The arguments of a function of options, which may be left out where none of them is required. */
export type Given<In extends object> = Record<never, never> extends In ? [options?: In] : [options: In]

/** What a user may write for a definition: `OptionsOf<typeof sgdw>`. */
export type OptionsOf<Make extends (...given: never[]) => unknown> = NonNullable<Parameters<Make>[0]>

/** The function itself, as data of this kind, too. */
export function defined<Make extends (...given: never[]) => unknown, const Data extends Defined>(
  kind: DefinedKind,
  make: Make,
  data: Data,
): Make & Data {
  const entries = Object.entries(data).map(([key, value]) => [key, { value, enumerable: true, configurable: true }])
  Object.defineProperties(make, Object.fromEntries(entries))
  Object.defineProperty(make, definedMark, { value: kind })
  return make as Make & Data
}
