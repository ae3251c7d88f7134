/** What a run found out, as `config.json` holds it under `made`. */
interface Made {
  readonly package: object
  readonly classes: number
  readonly classNames: readonly string[]
  readonly preprocessing: object
}

/** What version 0.1 wrote as `config.json` of `train tiny --dataset mnist --input 28x28x1`, with the settings of the tests' small runs. */
export const earlierConfig = ({ package: from, classes, preprocessing }: Made): object => ({
  id: 'tiny.only',
  classes,
  preprocessing,
  package: from,
  dataset: 'mnist',
  data: null,
  input: '28x28x1',
  limit: 10,
  testLimit: 20,
  shorterSide: null,
  augment: null,
  mean: null,
  workers: null,
  epochs: 1,
  batchSize: 4,
  optimizer: 'sgdw',
  learningRate: 0.001,
  schedule: 'constant',
  warmUp: 0,
  decayEvery: null,
  gamma: null,
  power: null,
  finalLearningRate: null,
  weightDecay: null,
  momentum: null,
  nesterov: null,
  dampening: null,
  convention: null,
  beta1: null,
  beta2: null,
  epsilon: null,
  clipNorm: null,
  validateEvery: 1,
  seed: 1,
  checkpointEvery: null,
  engine: 'auto',
  device: 'auto',
  allowCpu: null,
  threads: null,
})
