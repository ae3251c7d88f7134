import { activation, conv2d, functionalModel, globalAveragePooling2d, input } from '@convzoo/core'
import { describeArguments } from '../../../../tools/argument-face.js'
import { describeOptions } from '../../../../tools/option-face.js'
import { recorded, recordedNetwork, startingNetwork } from '../testing/networks.js'
import * as entry from './index.js'

const network = recordedNetwork()
const images = Float32Array.from(recorded.images)
const pictures = input({ shape: recorded.input })
const means = globalAveragePooling2d()(conv2d({ filters: 4, kernelSize: 3 })(pictures))
const pooled = startingNetwork(
  functionalModel({ inputs: pictures, output: activation({ function: 'softmax' })(means) }),
)
const map = { height: 1, width: 1, values: Float32Array.of(1) }
const pixel = { height: 1, width: 1, values: new Float32Array(3) }
const field = { top: 0, left: 0, bottom: 1, right: 1 }
const projection = { unit: 0, place: [0, 0], activation: 1, field, values: Float32Array.of(1) } as const
const dataset = {
  specification: 'dataset/v1',
  name: 'two',
  length: 2,
  classes: ['a', 'b', 'c', 'd'],
  imageShape: recorded.input,
  batch: async () => ({ images, targets: new Float32Array(8) }),
} as const

const diagnosis = { samples: 2, findings: [], layers: [], aliasing: [] } as const
const history = [{ step: 1, readWeights: () => network.readWeights() }]

describeOptions('@convzoo/visualize/inside', {
  exports: entry,
  cases: {
    activations: (more) => entry.activations(network, { layer: 'conv2d', images, ...more }),
    classMaps: (more) => entry.classMaps(pooled, { images, ...more }),
    diagnose: (more) => entry.diagnose(network, { dataset, ...more }),
    evolution: (more) => entry.evolution(network, { layer: 'conv2d', dataset, units: [0, 1], history, ...more }),
    deconvnet: (more) => entry.deconvnet(network, { layer: 'conv2d', images, ...more }),
    filters: (more) => entry.filters(network, more),
    gradCam: (more) => entry.gradCam(network, { images, ...more }),
    guidedGradients: (more) => entry.guidedGradients(network, { images, ...more }),
    inputGradients: (more) => entry.inputGradients(network, { images, ...more }),
    integratedGradients: (more) => entry.integratedGradients(network, { images, ...more }),
    occlusion: (more) => entry.occlusion(network, { images, ...more }),
    smoothGrad: (more) => entry.smoothGrad(network, { images, ...more }),
    topActivations: (more) => entry.topActivations(network, { layer: 'conv2d', dataset, ...more }),
  },
  without: {
    'takes its arguments one by one': [
      'activationTiles',
      'diagnosisPage',
      'enlarged',
      'figuresPage',
      'filterTiles',
      'firstConvolution',
      'greyTiles',
      'heatTiles',
      'joined',
      'lastConvolution',
      'lastMaps',
      'magnitudes',
      'nthMap',
      'overlaid',
      'patches',
      'receptiveFields',
      'resized',
      'signedTiles',
      'verdictOf',
    ],
  },
})

describeArguments('@convzoo/visualize/inside', {
  exports: entry,
  calls: {
    activations: [network, { layer: 'conv2d', images }],
    activationTiles: [{ shape: [1, 1, 1], values: Float32Array.of(1) }, 0],
    enlarged: [pixel, 2],
    figuresPage: ['seen', [{ png: new Uint8Array(1), caption: 'one' }]],
    filterTiles: [{ layer: 'conv2d', shape: [1, 1, 1, 1], values: Float32Array.of(1) }],
    firstConvolution: [network.model],
    greyTiles: [map],
    heatTiles: [map],
    joined: [[pixel]],
    lastConvolution: [network.model],
    magnitudes: [Float32Array.of(1), [1, 1, 1]],
    nthMap: [map, 0],
    overlaid: [pixel, map],
    patches: [[projection], [1, 1, 1], [pixel]],
    signedTiles: [Float32Array.of(1), [1, 1, 1]],
    classMaps: [pooled, { images }],
    diagnose: [network, { dataset }],
    diagnosisPage: ['found', diagnosis, []],
    evolution: [network, { layer: 'conv2d', dataset, units: [0, 1], history }],
    lastMaps: [network.model],
    verdictOf: [diagnosis],
    deconvnet: [network, { layer: 'conv2d', images }],
    filters: [network, {}],
    gradCam: [network, { images }],
    guidedGradients: [network, { images }],
    inputGradients: [network, { images }],
    integratedGradients: [network, { images, steps: 1 }],
    occlusion: [network, { images, square: 12 }],
    receptiveFields: [network.model, 'conv2d'],
    resized: [map, [2, 2]],
    smoothGrad: [network, { images, samples: 1 }],
    topActivations: [network, { layer: 'conv2d', dataset }],
  },
  made: [network, network.model, pooled, dataset, map, pixel, projection, diagnosis, ...history],
  accepts: { filters: { 1: 'nothing' }, diagnosisPage: { 2: 'nothing' }, filterTiles: { '0.layer': 'anything' } },
})
