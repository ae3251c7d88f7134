// What the programs hold: a small network, a trainer of it, and data that a line parts. The engine computes as others do, in single
// precision, and gives way between tensors and around each run, as one with a worker does: whatever may come between, comes.
import { setImmediate as turn } from 'node:timers/promises'
import { load } from './library.mjs'

export const core = {
  ...(await load('@convzoo/core')),
  ...(await load('@convzoo/core/define')),
  ...(await load('@convzoo/core/engine')),
}
const { interpreterEngine } = await load('@convzoo/core/engine')
export const { openSafetensors } = await load('@convzoo/safetensors')
export const { Trainer, RunFolder } = await load('@convzoo/trainer')

const classes = ['first', 'last']
const pixelsOf = (index) => {
  const bright = 0.2 + (index % 10) / 10
  return index % 2 === 0 ? [bright, 0.1, 0.1, 0] : [0, 0.1, 0.1, bright]
}

/** Images and targets at these indices. */
export const batchOf = (indices) => ({
  images: Float32Array.from(Array.from(indices).flatMap(pixelsOf)),
  targets: Float32Array.from(Array.from(indices).flatMap((index) => (index % 2 === 0 ? [1, 0] : [0, 1]))),
})

/** Two classes: whether the first pixel is brighter than the last. */
export const dataset = (more = {}) => ({
  specification: 'dataset/v1',
  name: 'points',
  length: 8,
  classes,
  imageShape: [2, 2, 1],
  batch: async (indices) => batchOf(indices),
  ...more,
})

/** 20 values that its images are made of, for `count` images. */
export const images = (count) => Float32Array.from(Array.from({ length: count }).flatMap((_, index) => pixelsOf(index)))

export function network() {
  const given = core.input({ shape: [2, 2, 1] })
  const hidden = core.dense({ units: 5, activation: 'relu' })(core.flatten()(given))
  const output = core.dense({ units: 2, activation: 'softmax' })(core.dropout({ rate: 0.2 })(hidden))
  return core.functionalModel({ inputs: given, output })
}

export const optimizer = () => core.sgdw({ learningRate: 0.1, weightDecay: 1e-4, momentum: 0.9 })

/** The interpreter, which gives way; `within` is awaited in each of its functions, by name. */
export function engine(within = {}) {
  const inner = interpreterEngine({ precision: 'float32' })
  return {
    ...inner,
    async compile(program, options) {
      await turn()
      await within.compile?.()
      const executable = await inner.compile(program, options)
      return {
        ...executable,
        async run(name, inputs) {
          await turn()
          await within.run?.(name)
          return executable.run(name, inputs)
        },
        async *readState(names) {
          for await (const tensor of executable.readState(names)) {
            await turn()
            await within.readState?.()
            yield tensor
          }
        },
        async writeState(tensors) {
          await executable.writeState(tensors)
          await turn()
        },
      }
    },
  }
}

/** A trainer of seed 1. */
export const trainer = (more = {}) =>
  new Trainer({ model: network(), engine: engine(), optimizer: optimizer(), ...more })

/** How the programs train: two steps an epoch. */
export const how = { epochs: 4, batchSize: 4 }

/** State by name, as a text that is the same for the same bits. */
export async function textOf(tensors) {
  const all = []
  for await (const { name, data } of tensors)
    all.push(`${name} ${Buffer.from(Float32Array.from(data).buffer).toString('hex')}`)
  return all.sort().join('\n')
}

/** The weights after an undisturbed training. */
export const undisturbed = async (fit = how) => {
  const made = trainer()
  await made.fit(dataset(), fit)
  const text = await textOf(made.readState())
  await made.dispose()
  return text
}
