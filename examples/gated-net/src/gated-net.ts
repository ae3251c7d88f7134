import {
  type BuildInputs,
  conv2d,
  defineArchitecture,
  dense,
  globalAveragePooling2d,
  maxPool2d,
  type Preprocessing,
  register,
  type SymbolicTensor,
} from '@convzoo/core'
import manifest from '../package.json' with { type: 'json' }
import { channelGate } from './channel-gate.js'

const preprocessing: Preprocessing = { resize: 'bilinear', mean: [0.5], standardDeviation: [0.5] }

function network({ input, classes }: BuildInputs, gated: boolean): SymbolicTensor {
  const gate = (x: SymbolicTensor) => (gated ? channelGate()(x) : x)
  let x = conv2d({ filters: 8, kernelSize: 3, padding: 'same', activation: 'relu' })(input)
  x = maxPool2d({ poolSize: 2 })(gate(x))
  x = conv2d({ filters: 16, kernelSize: 3, padding: 'same', activation: 'relu' })(x)
  x = maxPool2d({ poolSize: 2 })(gate(x))
  x = conv2d({ filters: 12, kernelSize: 3, padding: 'same', activation: 'relu' })(x)
  x = globalAveragePooling2d()(x)
  return dense({ units: classes, activation: 'softmax' })(x)
}

/** Three convolutions, with a gate for each channel behind the first two. */
export const gatedNet = defineArchitecture({
  specification: 'architecture/v1',
  package: { name: manifest.name, version: manifest.version },
  name: 'gated-net',
  title: 'A small network with gates',
  paper: {
    title: 'Squeeze-and-Excitation Networks',
    authors: ['Jie Hu', 'Li Shen', 'Gang Sun'],
    year: 2018,
    url: 'https://arxiv.org/abs/1709.01507',
  },
  tags: {
    gated: {
      defaults: { input: [28, 28, 1], classes: 10 },
      preprocessing,
      build: (inputs) => network(inputs, true),
    },
    plain: {
      defaults: { input: [28, 28, 1], classes: 10 },
      preprocessing,
      build: (inputs) => network(inputs, false),
    },
  },
})

declare global {
  namespace Convzoo {
    interface ArchitectureIds {
      'gated-net': true
      'gated-net.gated': true
      'gated-net.plain': true
    }
  }
}

register(gatedNet)
