import { ConvzooError, type Shape } from '@convzoo/core'
import type { Graph } from '@convzoo/core/engine'
import { describe, expect, it } from 'vitest'
import { blockTiles } from '../../src/webgpu/kernels/block-tile.js'
import type { Plan } from '../../src/webgpu/kernels/tiled-product.js'
import { isProduct, productOf, productRunner } from '../../src/webgpu/products.js'
import { runShader } from '../../src/webgpu/shader.js'
import { expectInterpreted, graphOf, runtime, waves } from './kernels.js'

// TensorFlow.js looks for a GPU when it is imported: after the GPU was put where it looks.
const { RecordingBackend } = await import('../../src/webgpu/recording-backend.js')

/** The product of a graph, by tiles that one of its size would not have. */
async function productBy(plan: Plan, graph: Graph, shapes: readonly Shape[]): Promise<ArrayLike<number>> {
  const { kernels } = runtime
  const backend = kernels.tensorflow.backend()
  const node = graph.nodes.find(isProduct)
  const [a, b] = shapes.map((shape) => ({ shape }))
  if (node === undefined || a === undefined || b === undefined || !(backend instanceof RecordingBackend)) {
    throw new ConvzooError({ kind: 'engine', message: 'There is no product, or no GPU.' })
  }
  const inputs = shapes.map((shape, index) =>
    kernels.tensorflow.engine().makeTensor(waves(shape, index), [...shape], 'float32'),
  )
  const run = productRunner(productOf(node, a, b), undefined, plan)
  const result = run((shader, args) => runShader(kernels, backend, shader, args), inputs)
  const data = await result.data()
  for (const tensor of [...inputs, result]) tensor.dispose()
  return data
}

const plans = blockTiles.map((tile, index) => ({ tile, parts: index % 2 === 0 ? 1 : 3 }))

describe.each(plans)('on WebGPU a product by $tile.rows × $tile.columns and $parts parts', (plan) => {
  const sizes = [
    { title: 'vectors of four, and edges', rows: 132, inner: 100, columns: 204, transposeA: plan.parts === 1 },
    { title: 'numbers, and edges', rows: 131, inner: 99, columns: 195, transposeA: plan.parts === 3 },
    { title: 'nothing but whole tiles', rows: 128, inner: 96, columns: 384, transposeA: plan.parts === 1 },
  ]
  it.each(sizes)('is what the interpreter computes: $title', async ({ rows, inner, columns, transposeA }) => {
    const shapes = [transposeA ? [inner, rows] : [rows, inner], transposeA ? [columns, inner] : [inner, columns]]
    const [a = [], b = []] = shapes
    const graph = graphOf(a, b, (ops, x, y) => ops.matMul(x, y, { transposeA, transposeB: transposeA }))
    const inputs = shapes.map((shape, index) => waves(shape, index))
    const got = await productBy(plan, graph, shapes)
    expect(got.length).toBe(rows * columns)
    expectInterpreted(got, graph, inputs)
  })
})
