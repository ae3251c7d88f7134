import type { Project } from './project.js'

/** A network whose pictures are whitened, and of which no other library has weights. */
const whitened = `
  import { conv2d, dense, flatten, register } from '@convzoo/core'
  register({
    specification: 'architecture/v1',
    package: { name: 'convzoo-whitened', version: '1.0.0' },
    name: 'whitened',
    title: 'A network of whitened pictures',
    paper: { title: 'White', authors: ['A. Author'], year: 2000, url: 'https://example.org/' },
    tags: {
      only: {
        defaults: { input: [6, 6, 3], classes: 2 },
        preprocessing: {
          resize: 'bilinear',
          mean: [0],
          standardDeviation: [1],
          whitening: { type: 'zca', contrast: 55, epsilon: 0.1 },
        },
        build: ({ input, classes }) => {
          const x = conv2d({ filters: 4, kernelSize: 3, strides: 2, activation: 'relu' })(input)
          return dense({ units: classes, activation: 'softmax' })(flatten()(x))
        },
      },
    },
  })
`

/** Brings the network `whitened` along, beside `tiny`. */
export function installWhitenedNetwork(project: Project): void {
  project.write('node_modules/convzoo-whitened/main.js', whitened)
  project.write(
    'node_modules/convzoo-whitened/package.json',
    JSON.stringify({
      ...{ name: 'convzoo-whitened', version: '1.0.0', type: 'module', exports: './main.js' },
      convzoo: { 'architecture/v1': ['whitened'] },
    }),
  )
  project.write(
    'package.json',
    '{ "name": "program", "dependencies": { "convzoo-tiny": "*", "convzoo-whitened": "*" } }',
  )
}
