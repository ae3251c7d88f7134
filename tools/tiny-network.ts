// A network that is small enough for a test to train it by the command line or by a program, in a project that has it installed.
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Of a few hundred weights, with dropout, so that a run depends on its seed. */
const entry = `
  import { conv2d, dense, dropout, flatten, register } from '@convzoo/core'
  register({
    specification: 'architecture/v1',
    package: { name: 'convzoo-tiny', version: '1.2.3' },
    name: 'tiny',
    title: 'A tiny network',
    paper: { title: 'Tiny', authors: ['A. Author'], year: 2000, url: 'https://example.org/' },
    tags: {
      only: {
        defaults: { input: [8, 8, 3], classes: 2 },
        preprocessing: { resize: 'bilinear', mean: [0.5, 0.5, 0.5], standardDeviation: [0.25, 0.25, 0.25] },
        peerWeights: {
          peer: 'tiny of PyTorch',
          tensors: {
            'conv2d/kernel': { name: 'features.0.weight', axes: [2, 3, 1, 0] },
            'conv2d/bias': { name: 'features.0.bias' },
            'dense/kernel': { name: 'classifier.1.weight', flattened: [4, 3, 3], axes: [2, 3, 1, 0] },
            'dense/bias': { name: 'classifier.1.bias' },
          },
        },
        recipes: { paper: { optimizer: { name: 'sgd', learningRate: 0.02 }, training: { epochs: 2, batchSize: 3 } } },
        build: ({ input, classes }) => {
          const x = flatten()(conv2d({ filters: 4, kernelSize: 3, strides: 2, activation: 'relu' })(input))
          return dense({ units: classes, activation: 'softmax' })(dropout({ rate: 0.2 })(x))
        },
      },
    },
  })
`

/** Makes a folder the project of a program that has the network `tiny` installed. */
export function installTinyNetwork(project: string): void {
  const modules = join(project, 'node_modules')
  mkdirSync(join(modules, 'convzoo-tiny'), { recursive: true })
  mkdirSync(join(modules, '@convzoo'))
  symlinkSync(fileURLToPath(new URL('../packages/core', import.meta.url)), join(modules, '@convzoo/core'), 'junction')
  const manifest = { name: 'convzoo-tiny', version: '1.2.3', type: 'module', exports: './main.js' }
  const provides = { convzoo: { 'architecture/v1': ['tiny'] } }
  writeFileSync(join(modules, 'convzoo-tiny/package.json'), JSON.stringify({ ...manifest, ...provides }))
  writeFileSync(join(modules, 'convzoo-tiny/main.js'), entry)
  writeFileSync(join(project, 'package.json'), '{ "name": "program", "dependencies": { "convzoo-tiny": "*" } }')
}
