import { type AnyOption, isOptionsObject } from '@convzoo/core/define'
import type { DefinedContract } from './contracts.js'

/** What makes a thing from its options. */
export type Factory = (options?: Readonly<Record<string, unknown>>) => unknown

/** A function that makes things and says of itself what they are and which options they take, as core's define functions give it. */
export interface Definition extends Factory {
  readonly specification: DefinedContract
  /** What a user chooses it by. */
  readonly name: string
  /** One line for lists and help. */
  readonly title: string
  /** Its options, each by its name. */
  readonly options: Readonly<Record<string, AnyOption>>
}

const isText = (value: unknown): boolean => typeof value === 'string' && value !== ''

const areOptions = (value: unknown): boolean =>
  isOptionsObject(value) &&
  Object.values(value).every((option) => typeof Reflect.get(Object(option), 'parse') === 'function')

/** What a definition says of itself, and whether that can be meant. */
const parts: Readonly<Record<Exclude<keyof Definition, 'length'>, (value: unknown) => boolean>> = {
  specification: isText,
  name: isText,
  title: isText,
  options: areOptions,
}

/** What a function lacks to be a definition. */
export const missingParts = (value: object): readonly string[] =>
  Object.entries(parts).flatMap(([part, fits]) => (fits(Reflect.get(value, part)) ? [] : [part]))

/** Whether this is a definition, of whatever copy of core. */
export const isDefinition = (value: unknown): value is Definition =>
  typeof value === 'function' && missingParts(value).length === 0

/** Whether this is a function that says nothing of itself. */
export const isFactory = (value: unknown): value is Factory =>
  typeof value === 'function' && !('specification' in value)
