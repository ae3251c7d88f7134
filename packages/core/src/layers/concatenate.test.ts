import { describe, expect, it } from 'vitest'
import { createNameScope, functionalModel } from '../model/index.js'
import { renderKeras, summarize } from '../summary/index.js'
import { errorOf } from '../testing/error-of.js'
import { forward } from '../testing/run-program.js'
import { concatenate, flatten, input } from './index.js'

const inputsOf = (...shapes: readonly (readonly number[])[]) => {
  const scope = createNameScope()
  return shapes.map((shape) => input({ shape, scope }))
}

const joined = (axis: number | undefined, ...shapes: readonly (readonly number[])[]) => {
  const inputs = inputsOf(...shapes)
  return functionalModel({ inputs, output: concatenate({ axis })(inputs) })
}

describe('concatenate', () => {
  it.each([
    // The two towers of the notebook, and their flattened maps.
    {
      axis: undefined,
      shapes: [
        [27, 27, 128],
        [27, 27, 128],
      ],
      output: [27, 27, 256],
    },
    { axis: undefined, shapes: [[21_632], [21_632]], output: [43_264] },
    {
      axis: undefined,
      shapes: [
        [2, 2, 1],
        [2, 2, 2],
        [2, 2, 3],
      ],
      output: [2, 2, 6],
    },
    { axis: -1, shapes: [[4]], output: [4] },
    // Keras counts the batch axis: 1 is the height.
    {
      axis: 1,
      shapes: [
        [2, 5, 3],
        [4, 5, 3],
      ],
      output: [6, 5, 3],
    },
    {
      axis: -2,
      shapes: [
        [2, 5, 3],
        [2, 1, 3],
      ],
      output: [2, 6, 3],
    },
  ])('joins $shapes on axis $axis to $output', ({ axis, shapes, output }) => {
    const model = joined(axis, ...shapes)
    expect(model.output.shape).toEqual(output)
    expect(model.weights).toEqual([])
  })

  it('keeps each sample of a batch to itself, the first input first', () => {
    const images = input({ shape: [2, 1, 1] })
    const rows = functionalModel({ inputs: images, output: flatten()(concatenate({ axis: 1 })([images, images])) })
    expect(forward(rows, 2, [1, 2, 3, 4])).toEqual([1, 2, 1, 2, 3, 4, 3, 4])
    const channels = functionalModel({ inputs: images, output: concatenate()([images, images]) })
    expect(forward(channels, 2, [1, 2, 3, 4])).toEqual([1, 1, 2, 2, 3, 3, 4, 4])
  })

  it('has the row of Keras in a summary', () => {
    const text = renderKeras(summarize(joined(undefined, [27, 27, 128], [27, 27, 128])))
    expect(text).toContain(" concatenate (Concatenate)      (None, 27, 27, 256)  0           ['input_1[0][0]',")
  })

  it.each([
    {
      shapes: [
        [27, 27, 96],
        [13, 13, 96],
      ],
      received: '(None, 27, 27, 96) and (None, 13, 13, 96)',
    },
    { shapes: [[4, 4, 1], [16]], received: '(None, 4, 4, 1) and (None, 16)' },
    {
      shapes: [
        [3, 3, 1],
        [3, 3, 2],
        [3, 4, 1],
      ],
      received: '(None, 3, 3, 1) and (None, 3, 3, 2) and (None, 3, 4, 1)',
    },
  ])('refuses $received', ({ shapes, received }) => {
    const error = errorOf(() => joined(undefined, ...shapes))
    expect(error).toMatchObject({ kind: 'shape', expected: 'shapes that are equal but for axis -1', received })
    expect(error.message).toMatch('The layer concatenate was given inputs that cannot be joined.')
  })

  it.each([0, 4, -4])('refuses axis %s of images', (axis) => {
    expect(errorOf(() => joined(axis, [2, 2, 1], [2, 2, 1]))).toMatchObject({
      kind: 'option',
      expected: '1 to 3, or −1 to −3: the batch axis, 0, cannot be joined',
      received: `axis ${axis} for inputs of shape (None, 2, 2, 1)`,
    })
  })

  it('refuses half an axis', () => {
    expect(errorOf(() => concatenate({ axis: 0.5 }))).toMatchObject({ kind: 'option', received: '0.5' })
  })
})
