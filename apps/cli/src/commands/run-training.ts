import { arch, cpus, platform } from 'node:os'
import {
  type Callback,
  cosine,
  createModel,
  type Dataset,
  type Model,
  type Optimizer,
  type Schedule,
  sgdw,
  summarize,
  warmUp,
} from '@convzoo/core'
import { RunFolder, Trainer } from '@convzoo/trainer'
import { datasets } from '../catalogs/datasets.js'
import { engines } from '../catalogs/engines.js'
import { architectures } from '../catalogs/plugins.js'
import { percent, trainingProgress } from '../terminal/progress.js'
import type { TrainFlags } from './train.js'

/** Images at a time when nothing is kept for a gradient. */
const testBatchSize = 100

/** Exit code of a program that Ctrl-C ended. */
const interrupted = 130

const say = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

/** Trains, writes the run folder, tests. The last line is the accuracy on the test images. */
export async function runTraining(id: string, flags: TrainFlags): Promise<void> {
  const { architecture, tag, tagName } = architectures().resolve(id)
  const named = datasets[flags.dataset]
  const input = flags.input ?? tag.defaults.input
  const model = createModel(architecture, { tag: tagName, input, classes: named.classes })
  const load = (split: 'train' | 'test', limit: number | undefined): Promise<Dataset> =>
    named.load({ split, imageShape: input, ...(limit === undefined ? {} : { limit }) })
  const training = await load('train', flags.limit)
  const test = await load('test', flags.testLimit)
  const engine = await engines[flags.engine](flags)
  const optimizer = optimizerOf(flags, training.length)
  const folder = await RunFolder.create(flags.run ?? defaultFolder(id, flags))

  const controller = new AbortController()
  const stop = (): void => {
    process.stderr.write('\nStopping after this step; once more to stop at once.\n')
    controller.abort()
  }
  process.once('SIGINT', stop)

  const trainer: Trainer = new Trainer({
    model,
    engine,
    optimizer,
    seed: flags.seed,
    callbacks: [
      recorder(folder, () => trainer, {
        architecture: `${architecture.name}.${tagName}`,
        version: architecture.package.version,
      }),
      trainingProgress({ accuracy: () => trainer.score.top1, terminal: process.stdout.isTTY === true, write: say }),
    ],
  })
  try {
    await trainer.prepare({
      train: [{ samples: training.length, batchSize: flags.batchSize }],
      evaluate: [{ samples: test.length, batchSize: testBatchSize }],
    })
    await folder.writeConfig({
      id: `${architecture.name}.${tagName}`,
      package: architecture.package,
      input: input.join('x'),
      classes: named.classes,
      dataset: flags.dataset,
      preprocessing: await named.preprocessing(),
      limit: flags.limit ?? null,
      epochs: flags.epochs,
      batchSize: flags.batchSize,
      seed: flags.seed,
      optimizer: {
        name: optimizer.name,
        ...optimizer.hyperparameters,
        momentum: flags.momentum,
        nesterov: flags.nesterov ?? false,
        clipping: optimizer.clipping,
      },
    })
    await folder.writeEnvironment({
      node: process.version,
      system: `${platform()} ${arch()}`,
      processor: cpus()[0]?.model.trim() ?? 'unknown',
      engine: engine.name,
      device: flags.device,
      description: trainer.description,
    })
    say(introduction(model, training, test, trainer.description ?? '', folder.path))
    const { completed } = await trainer.fit(training, { ...flags, signal: controller.signal })
    if (!completed) {
      const path = await folder.writeCheckpoint(`step-${padded(trainer.position.step, 8)}`, trainer, {})
      say(`stopped after step ${trainer.position.step}; all state is in ${path}`)
      process.exitCode = interrupted
      return
    }
    await folder.writeWeights(model.weights, trainer)
    await finish(folder, trainer, test)
  } finally {
    process.off('SIGINT', stop)
    await trainer.dispose()
  }
}

async function finish(folder: RunFolder, trainer: Trainer, test: Dataset): Promise<void> {
  const { confusion, ...score } = await trainer.evaluate(test, { batchSize: testBatchSize })
  await folder.writeConfusion(confusion, test.classes)
  await folder.record({ type: 'test', ...score })
  say(`${score.samples} test images | loss ${score.loss.toFixed(4)} | top-5 ${percent(score.top5)}`)
  say(`test accuracy ${percent(score.top1)}`)
}

const padded = (number: number, digits: number): string => String(number).padStart(digits, '0')

function recorder(folder: RunFolder, trainer: () => Trainer, metadata: Readonly<Record<string, string>>): Callback {
  return {
    onStep: (record) => folder.record(record),
    async onEpoch(record) {
      await folder.record(record)
      await folder.writeCheckpoint(`epoch-${padded(record.epoch + 1, 4)}`, trainer(), metadata)
    },
  }
}

function optimizerOf(flags: TrainFlags, samples: number): Optimizer {
  const steps = flags.epochs * Math.ceil(samples / flags.batchSize)
  const highest: number | Schedule =
    flags.schedule === 'cosine'
      ? cosine({ initial: flags.learningRate, steps: Math.max(steps - flags.warmUp, 1) })
      : flags.learningRate
  return sgdw({
    weightDecay: flags.weightDecay,
    learningRate: flags.warmUp === 0 ? highest : warmUp({ steps: flags.warmUp, schedule: highest }),
    momentum: flags.momentum,
    nesterov: flags.nesterov ?? false,
    clipping: flags.clipNorm === undefined ? {} : { globalNorm: flags.clipNorm },
  })
}

function defaultFolder(id: string, { dataset }: TrainFlags): string {
  const time = new Date().toISOString().slice(0, 19).replaceAll(':', '-')
  return `runs/${id}-${dataset}-${time}`
}

function introduction(model: Model, training: Dataset, test: Dataset, engine: string, folder: string): string {
  const { parameters } = summarize(model).totals
  return [
    `network ${model.layers.length} layers, ${parameters.toLocaleString('en-US')} parameters, input ${model.inputs[0]?.shape.join('x')}`,
    `data    ${training.name}: ${training.length} images to train on, ${test.length} to test on`,
    `engine  ${engine}`,
    `run     ${folder}`,
  ].join('\n')
}
