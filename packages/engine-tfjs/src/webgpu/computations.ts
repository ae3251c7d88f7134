import { stepKey, streamKey } from '@convzoo/core/engine'
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import {
  argument,
  type Backend,
  type Computation,
  type Computations,
  type Kernels,
  type NodeOf,
  type Tensor,
} from '../interpreter/kernels.js'
import { sum } from '../interpreter/reductions.js'
import { size4 } from '../interpreter/spatial.js'
import { fused } from './fusion.js'
import { blockOf, columnSums } from './kernels/column-sums.js'
import { maxPoolGradientShaders } from './kernels/max-pool-gradient.js'
import { uniformShader } from './kernels/uniform.js'
import { type ProductName, productOf, productRunner } from './products.js'
import { runShader, type Shader } from './shader.js'
import type { Uploads } from './uploads.js'

/** Has several nodes computed by one shader. */
export function webgpuFusion(backend: WebGPUBackend): NonNullable<Backend['fuse']> {
  return (graph) =>
    new Map(
      [...fused(graph)].map(([root, { inputs, inner, compute }]) => [
        root,
        {
          inputs,
          inner,
          compute: (kernels, args) => compute((shader, given) => runShader(kernels, backend, shader, given), args),
        },
      ]),
    )
}

/** Draws core's random numbers on the device: two words of a key go there, and the numbers of the samples. */
export function webgpuUniform(backend: WebGPUBackend, uploads: Uploads): NonNullable<Backend['uniform']> {
  const written = new Map<string, Shader>()
  return (kernels, { seed, stream, step, sampleIndices }, shape) => {
    const name = shape.join()
    const shader = written.get(name) ?? uniformShader(shape)
    written.set(name, shader)
    const samples = uploads.tensor(kernels, Int32Array.from(sampleIndices), [sampleIndices.length])
    const numbers = runShader(kernels, backend, shader, [samples], stepKey(streamKey(seed, stream), step))
    samples.dispose()
    return numbers
  }
}

/** The primitives whose kernels in TensorFlow.js are wrong or slow on a GPU, by shaders of our own. */
export function webgpuComputations(backend: WebGPUBackend): Partial<Computations> {
  const run = (kernels: Kernels) => (shader: Shader, args: readonly Tensor[]) =>
    runShader(kernels, backend, shader, args)
  const product: Computation<ProductName> = (kernels, node, args) => productOnce(node, args)(run(kernels), args)
  return {
    matMul: product,
    conv2d: product,
    conv2dInputGradient: product,
    conv2dKernelGradient: product,
    maxPool2dGradient(kernels, node, args) {
      const { winners, gradient } = maxPoolGradientOnce(node, args)
      return run(kernels)(gradient, [run(kernels)(winners, [argument(args, 0)]), argument(args, 1)])
    },
    sum(kernels, node, args) {
      const x = argument(args, 0)
      const passes = columnSumsOnce(node, args)
      return passes === undefined
        ? sum(kernels, node, args)
        : passes.reduce((from, { shader, uniforms }) => runShader(kernels, backend, shader, [from], uniforms), x)
    },
  }
}

const productOnce = once((node: NodeOf<ProductName>, args) =>
  productRunner(productOf(node, argument(args, 0), argument(args, 1))),
)

const maxPoolGradientOnce = once((node: NodeOf<'maxPool2dGradient'>, args) => {
  const [, oh, ow] = size4(argument(args, 1))
  return maxPoolGradientShaders(node, [oh, ow])
})

const columnSumsOnce = once((node: NodeOf<'sum'>, args) => {
  const x = argument(args, 0)
  const block = x.dtype === 'float32' ? blockOf(node.attributes.axes, x.shape) : undefined
  return block === undefined ? undefined : columnSums(block, node.shape)
})

/** A node is computed each step; its shader is written once. */
function once<N extends object, R>(write: (node: N, args: readonly Tensor[]) => R) {
  const written = new WeakMap<object, R>()
  return (node: N, args: readonly Tensor[]): R => {
    const found = written.get(node) ?? write(node, args)
    written.set(node, found)
    return found
  }
}
