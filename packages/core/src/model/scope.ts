/**
 * Counts names as a Keras session does: `conv2d`, `conv2d_1`, … for layers, `input_1`, `input_2`, … for inputs, `model`, `model_1`, …
 * for models. A layer takes its number where it is first applied, whether or not it ends up in a model.
 */
export interface NameScope {
  /** The next name for a layer or model of this Keras class. */
  next(keras: string): string
}

/** A scope in which nothing has been named. */
export function createNameScope(): NameScope {
  const used = new Map<string, number>()
  const count = (base: string): number => {
    const number = used.get(base) ?? 0
    used.set(base, number + 1)
    return number
  }
  return {
    next(keras) {
      if (keras === 'InputLayer') return `input_${count('input') + 1}`
      const base = snakeCase(keras)
      const number = count(base)
      return number === 0 ? base : `${base}_${number}`
    },
  }
}

/** Keras' `to_snake_case`: Conv2D → conv2d, MaxPooling2D → max_pooling2d. */
export function snakeCase(name: string): string {
  const snake = name
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()
  return snake.startsWith('_') ? `private${snake}` : snake
}
