import type { Pair } from '@convzoo/core'
import { stepKey, streamKey } from '@convzoo/core/engine'
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import { argument, type Backend, type Computations, type Kernels, type Tensor } from '../interpreter/kernels.js'
import { size4 } from '../interpreter/spatial.js'
import { fused } from './fusion.js'
import { convolutionShader } from './kernels/convolution.js'
import { inputGradientShader } from './kernels/input-gradient.js'
import { kernelGradientShader, sumOfParts } from './kernels/kernel-gradient.js'
import { maxPoolGradientShader } from './kernels/max-pool-gradient.js'
import { uniformShader } from './kernels/uniform.js'
import { runShader, type Shader } from './shader.js'

/** Has elements of several nodes computed by one shader. */
export function webgpuFusion(backend: WebGPUBackend): NonNullable<Backend['fuse']> {
  return (graph) =>
    new Map(
      [...fused(graph)].map(([root, { inputs, inner, shader }]) => [
        root,
        { inputs, inner, compute: (kernels, args) => runShader(kernels, backend, shader, args) },
      ]),
    )
}

/** Draws core's random numbers on the device: two words of a key go there, and the numbers of the samples. */
export function webgpuUniform(backend: WebGPUBackend): NonNullable<Backend['uniform']> {
  const written = new Map<string, Shader>()
  return (kernels, { seed, stream, step, sampleIndices }, shape) => {
    const name = shape.join()
    const shader = written.get(name) ?? uniformShader(shape)
    written.set(name, shader)
    const samples = kernels.tensorflow
      .engine()
      .makeTensor(Int32Array.from(sampleIndices), [sampleIndices.length], 'int32')
    const numbers = runShader(kernels, backend, shader, [samples], stepKey(streamKey(seed, stream), step))
    samples.dispose()
    return numbers
  }
}

/** The primitives whose kernels in TensorFlow.js are wrong or slow on a GPU, by shaders of our own. */
export function webgpuComputations(backend: WebGPUBackend): Partial<Computations> {
  /** A node is computed each step; its shader is written once. */
  const written = new WeakMap<object, Shader>()
  const shaderOf = (node: object, write: () => Shader): Shader => {
    const shader = written.get(node) ?? write()
    written.set(node, shader)
    return shader
  }
  const run = (kernels: Kernels, shader: Shader, args: readonly Tensor[]): Tensor =>
    runShader(kernels, backend, shader, args)
  return {
    conv2d(kernels, node, args) {
      const [x, kernel] = [argument(args, 0), argument(args, 1)]
      return run(
        kernels,
        shaderOf(node, () => convolutionShader(node, x, kernel)),
        args,
      )
    },
    conv2dInputGradient(kernels, node, args) {
      const [dy, kernel] = [argument(args, 0), argument(args, 1)]
      return run(
        kernels,
        shaderOf(node, () => inputGradientShader(node, dy, kernel)),
        args,
      )
    },
    conv2dKernelGradient(kernels, node, args) {
      const [x, dy] = [argument(args, 0), argument(args, 1)]
      const parts = run(
        kernels,
        shaderOf(node, () => kernelGradientShader(node, x, dy)),
        args,
      )
      const [count = 1] = parts.shape
      return count === 1 ? kernels.reshape(parts, node.shape) : run(kernels, sumOfParts(node, count), [parts])
    },
    maxPool2dGradient(kernels, node, args) {
      const [, oh, ow] = size4(argument(args, 1))
      const output: Pair = [oh, ow]
      return run(
        kernels,
        shaderOf(node, () => maxPoolGradientShader(node, output)),
        args,
      )
    },
  }
}
