import { categoricalCrossentropy, type Shape } from '@convzoo/core'
import { GraphBuilder, gradients, opsFor } from '@convzoo/core/engine'
import { describe, expect, it } from 'vitest'
import { fused } from '../../src/webgpu/fusion.js'
import { expectAsInterpreted, graphOfAll, onGpu, waves } from './kernels.js'

/** The loss of each sample, or the gradient of their mean, from logits and targets. */
function lossOf([samples, classes]: readonly [number, number], wanted: 'losses' | 'gradient') {
  const builder = new GraphBuilder()
  const ops = opsFor(builder)
  const logits = builder.input('x0', { shape: [samples, classes], dtype: 'float32' })
  const targets = builder.input('x1', { shape: [samples, classes], dtype: 'float32' })
  const losses = categoricalCrossentropy().losses({ ops, output: ops.softmax(logits), logits, targets })
  const [gradient = losses] = gradients(builder, ops, ops.mean(losses), [logits])
  builder.output('y', wanted === 'losses' ? losses : gradient)
  return builder.finish('loss')
}

const sizes: readonly (readonly [number, number])[] = [
  [1, 2],
  [5, 5],
  [3, 1000],
  [2050, 3],
]

describe.each(sizes)('on WebGPU, for %i samples and %i classes,', (samples, classes) => {
  const shape: Shape = [samples, classes]
  const targets = waves(shape, 1).map((_, index) => (index % classes === Math.floor(index / classes) % classes ? 1 : 0))
  const logits = waves(shape).map((value) => 3 * value)

  it.each(['losses', 'gradient'] as const)('%s of a softmax cross-entropy are one shader', async (wanted) => {
    const graph = lossOf([samples, classes], wanted)
    const outside = graph.nodes.filter(({ primitive }) => primitive === 'input' || primitive === 'constant').length
    expect([...fused(graph).values()].map(({ inner }) => inner.length + 1)).toEqual([graph.nodes.length - outside])
    await expectAsInterpreted(graph, [logits, targets])
  })

  it('a softmax is what the interpreter computes', async () => {
    await expectAsInterpreted(
      graphOfAll([shape], (ops, x) => ops.softmax(x(0))),
      [logits],
    )
  })

  it('a normalization over the last axis is one shader', async () => {
    const graph = graphOfAll([shape, [classes]], (ops, x) => {
      const last = { axes: [1], keepDimensions: true }
      const centred = ops.subtract(x(0), ops.divide(ops.sum(x(0), last), classes))
      const variance = ops.divide(ops.sum(ops.multiply(centred, centred), last), classes)
      return ops.multiply(ops.divide(centred, ops.sqrt(ops.add(variance, 1e-3))), x(1))
    })
    expect(fused(graph).size).toBe(1)
    await expectAsInterpreted(graph, [waves(shape), waves([classes], 2)])
  })
})

describe('rows on WebGPU', () => {
  it('carry NaN and infinities into the loss of their sample alone', async () => {
    const logits = Float32Array.of(1, Number.NaN, 2, 1, 2, 3, Number.POSITIVE_INFINITY, 0, 0)
    const targets = Float32Array.of(1, 0, 0, 0, 1, 0, 0, 1, 0)
    const losses = Array.from(await onGpu(lossOf([3, 3], 'losses'), [logits, targets]))
    expect(losses.map(Number.isFinite)).toEqual([false, true, false])
  })

  it('tell a vector along the last axis from numbers of rows, where both are as long', async () => {
    const shape: Shape = [3, 3]
    const graph = graphOfAll([shape, [3]], (ops, x) => {
      const doubled = ops.multiply(x(1), 2)
      return ops.sum(ops.multiply(ops.softmax(x(0)), doubled), { axes: [1] })
    })
    await expectAsInterpreted(graph, [waves(shape), waves([3], 2)])
  })
})
