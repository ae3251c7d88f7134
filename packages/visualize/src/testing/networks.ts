import { readFileSync } from 'node:fs'
import {
  conv2d,
  dense,
  type Engine,
  flatten,
  functionalModel,
  input,
  localResponseNormalization,
  type Model,
  maxPool2d,
  type NamedTensor,
} from '@convzoo/core'
import { initialState, interpreterEngine } from '@convzoo/core/engine'
import type { Network } from '../inside/network.js'

interface Recorded {
  readonly source: string
  readonly input: readonly [number, number, number]
  readonly normalization: {
    readonly radius: number
    readonly bias: number
    readonly alpha: number
    readonly beta: number
  }
  readonly weights: Readonly<Record<string, { readonly shape: readonly number[]; readonly data: readonly number[] }>>
  readonly images: readonly number[]
  readonly labels: readonly number[]
  readonly scores: readonly number[]
  readonly gradient: readonly number[]
  readonly guided: readonly number[]
  readonly deconvnet: Readonly<Record<string, readonly number[]>>
  readonly gradCam: readonly number[]
  readonly integrated: { readonly steps: number; readonly values: readonly number[] }
}

/** What PyTorch found inside of a small network. */
export const recorded: Recorded = JSON.parse(
  readFileSync(new URL('../inside/fixtures/torch.json', import.meta.url), 'utf8'),
)

/** The small network that PyTorch looked into. */
export function recordedNetwork(engine: Engine = interpreterEngine()): Network {
  const images = input({ shape: recorded.input })
  let x = conv2d({ filters: 5, kernelSize: 3, padding: 'same', activation: 'relu' })(images)
  const { radius, ...constants } = recorded.normalization
  x = localResponseNormalization({ depthRadius: radius, ...constants })(x)
  x = maxPool2d({ poolSize: 3, strides: 2 })(x)
  x = conv2d({ filters: 6, kernelSize: 3, activation: 'relu' })(x)
  x = dense({ units: 8, activation: 'relu' })(flatten()(x))
  const model = functionalModel({ inputs: images, output: dense({ units: 4, activation: 'softmax' })(x) })
  const tensors = Object.entries(recorded.weights).map(([name, { shape, data }]) => ({
    name,
    shape,
    data: Float32Array.from(data),
  }))
  return networkOf(model, tensors, engine)
}

/** A network with these weights. */
export function networkOf(
  model: Model,
  tensors: readonly NamedTensor[],
  engine: Engine = interpreterEngine(),
): Network {
  return {
    model,
    engine,
    async *readWeights() {
      yield* tensors
    },
  }
}

/** A network with the weights that it starts with. */
export const startingNetwork = (model: Model, engine: Engine = interpreterEngine()): Network => {
  const state = model.weights.map(({ name, shape, initializer }) => ({
    ...{ name, shape, initializer },
    dtype: 'float32' as const,
    role: 'weight' as const,
  }))
  return networkOf(model, [...initialState({ state }, 1)], engine)
}
