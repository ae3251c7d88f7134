import { matching, type Option } from '../options/index.js'
import { isShape } from '../shape.js'
import type { TensorType } from './primitives.js'

/** A value of a graph under construction. Only the builder that made it knows what it stands for. */
export interface Value extends TensorType {
  readonly id: number
}

/** What knows which values it has made. */
interface Owner {
  owns(given: unknown): boolean
}

const isValue = (given: unknown): given is Value =>
  typeof given === 'object' &&
  given !== null &&
  'id' in given &&
  'dtype' in given &&
  'shape' in given &&
  isShape(given.shape)

/** A value of a graph; whether it is one of the graph under construction is for its builder to say. */
export const valueKind: Option<Value, Value> = matching('a value of the graph being traced, as ops give it', isValue)

export const valuesKind: Option<readonly Value[], readonly Value[]> = matching(
  'a list of values of the graph being traced',
  (given): given is readonly Value[] => Array.isArray(given) && given.every(isValue),
)

/** A value that this graph under construction has made. */
export const ownValue = (builder: Owner): Option<Value, Value> =>
  matching('a value of the graph being traced', (given): given is Value => builder.owns(given))

export const ownValues = (builder: Owner): Option<readonly Value[], readonly Value[]> =>
  matching(
    'a list of values of the graph being traced',
    (given): given is readonly Value[] => Array.isArray(given) && given.every((each) => builder.owns(each)),
  )
