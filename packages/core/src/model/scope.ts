import { isOptionsObject, matching, type Option, requireArguments, text } from '../options/index.js'
/**
 * Counts names as a Keras session does: `conv2d`, `conv2d_1`, … for layers, `input_1`, `input_2`, … for inputs, `model`, `model_1`, …
 * for models. A layer takes its number where it is first applied, whether or not it ends up in a model.
 */
export interface NameScope {
  /** The next name for a layer or model of this Keras class. */
  next(keras: string): string
}

const counts = matching(
  'how many of each Keras class there are, such as { Conv2D: 5 }',
  (given): given is Readonly<Record<string, number>> =>
    isOptionsObject(given) && Object.values(given).every((count) => Number.isSafeInteger(count) && count >= 0),
)

/**
 * A scope in which nothing has been named, or so many of each Keras class as `named` says.
 *
 * @example
 * createNameScope({ Conv2D: 5 }).next('Conv2D') // 'conv2d_5'
 */
export function createNameScope(named: Readonly<Record<string, number>> = {}): NameScope {
  requireArguments('createNameScope', { named: [counts, named] })
  const used = new Map(Object.entries(named).map(([keras, number]) => [baseOf(keras), number]))
  const count = (base: string): number => {
    const number = used.get(base) ?? 0
    used.set(base, number + 1)
    return number
  }
  return {
    next(keras) {
      requireArguments('NameScope.next', { keras: [text, keras] })
      const base = baseOf(keras)
      if (keras === 'InputLayer') return `${base}_${count(base) + 1}`
      const number = count(base)
      return number === 0 ? base : `${base}_${number}`
    },
  }
}

const baseOf = (keras: string): string => (keras === 'InputLayer' ? 'input' : snakeCase(keras))

/** Keras' `to_snake_case`: Conv2D → conv2d, MaxPooling2D → max_pooling2d. */
export function snakeCase(name: string): string {
  requireArguments('snakeCase', { name: [text, name] })
  const snake = name
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()
  return snake.startsWith('_') ? `private${snake}` : snake
}

/** Where names are counted. */
export const scopeOption: Option<NameScope, NameScope> = matching(
  'a scope, as createNameScope() makes it',
  (value): value is NameScope =>
    typeof value === 'object' && value !== null && 'next' in value && typeof value.next === 'function',
)
