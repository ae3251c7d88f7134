import {
  defineArchitecture,
  dense,
  dropout,
  flatten,
  imagenetPreprocessing,
  register,
  type SymbolicTensor,
  sgd,
} from '@convzoo/core'
import { describeArchitecture } from './describe-architecture.js'

const head = (x: SymbolicTensor, classes: number) => dense({ units: classes, activation: 'softmax' })(x)

const small = defineArchitecture({
  specification: 'architecture/v1',
  package: { name: '@test/small', version: '1.2.3' },
  name: 'small',
  title: 'Small',
  paper: { title: 'Small', authors: ['A. Author'], year: 2000, url: 'https://example.org/' },
  tags: {
    plain: {
      defaults: { input: [6, 5, 1], classes: 10 },
      preprocessing: imagenetPreprocessing,
      build: ({ input, classes }) => head(dropout({ rate: 0.5 })(flatten()(input)), classes),
    },
    headed: {
      defaults: { input: [6, 5, 1], classes: 10 },
      preprocessing: imagenetPreprocessing,
      build: ({ input, classes }) => {
        const x = dense({ units: 12, activation: 'tanh' })(flatten()(input))
        return { output: head(x, classes), auxiliary: [{ output: head(x, classes), lossWeight: 0.3 }] }
      },
    },
  },
})
register(small)

describeArchitecture(small, {
  manifest: {
    name: '@test/small',
    version: '1.2.3',
    convzoo: { 'architecture/v1': ['small'] },
    peerDependencies: { '@convzoo/core': '^1.0.0' },
  },
  optimizer: sgd({ learningRate: 0.1, momentum: 0.9 }),
  small: [5, 5, 2],
  sizes: [[3, 3, 3]],
  // 6·5·10 + 10; 6·5·12 + 12 and 12·10 + 10.
  expected: { plain: { parameters: 310, layers: 4, shapes: { flatten: [30] } }, headed: { parameters: 502 } },
})
