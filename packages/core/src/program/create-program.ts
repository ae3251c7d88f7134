import { ConvzooError } from '../errors/index.js'
import type { Graph } from '../graph/index.js'
import type { Loss } from '../losses/index.js'
import { type Model, withAuxiliaryHeads } from '../model/index.js'
import type { Optimizer, WeightAverage } from '../optimizers/index.js'
import { formatShape } from '../shape.js'
import { traceAccumulation, traceApplication, traceDiscard } from './accumulate.js'
import { applyName, averageName, discardName, type FunctionKind, functionName, type Program } from './program.js'
import { stateOf } from './state.js'
import { type TracedModel, traceModel } from './trace-model.js'
import { tracedLosses, traceTraining } from './trace-training.js'

export interface ProgramOptions {
  readonly model: Model
  readonly loss: Loss
  /** Needed for `train` and `accumulate`. */
  readonly optimizer?: Optimizer
  /** Keeps the average of each trainable weight beside it; none by default. */
  readonly average?: WeightAverage
  /** For which batch sizes each function is made. Shapes are static: the tail of an epoch is a size of its own. */
  readonly batchSizes: Readonly<Partial<Record<FunctionKind, readonly number[]>>>
  /** Whether layers draw random numbers in training; true by default. Without, dropout passes its input on, as in inference. */
  readonly stochastic?: boolean
}

/**
 * Makes of a model, a loss and an optimizer the functions that a trainer runs.
 *
 * `train/N`: images [N, H, W, C], targets [N, classes], sampleIndices [N], seed [2], step, and the optimizer's scalars
 * (`scalarsAt`) → losses [N], probabilities [N, classes], finite. It commits the updated state, and only if every loss and every new
 * value is finite. `evaluate/N`: images, targets → losses, probabilities. `predict/N`: images → probabilities. `evaluateAverages/N` and
 * `predictAverages/N` do so with the averages of the weights; these hold something from the first step on.
 *
 * Auxiliary heads add their losses to what training makes smaller; the losses and probabilities that it gives are the output's alone,
 * and a program that does not train has no state for them.
 *
 * A step in parts: `accumulate/N` takes and gives what `train/N` does, without the scalars, and adds to the gradients that wait;
 * `apply`: samples (how many there were in all parts), and the scalars → finite. Together they do what one `train` over all parts
 * does, whatever the parts. Statistics that layers assign follow each part. `discard` empties the gradients of a step that is given up.
 *
 * @throws ConvzooError of kind `shape` if the model does not end in one row of classes, of kind `option` if it is to be trained or
 * evaluated and ends in features.
 */
export function createProgram({
  model,
  loss,
  optimizer,
  average,
  batchSizes,
  stochastic = true,
}: ProgramOptions): Program {
  if (model.output.shape.length !== 1) {
    throw new ConvzooError({
      kind: 'shape',
      message: `The network ${model.name} does not end in one value a class.`,
      expected: 'an output of shape (classes,)',
      received: formatShape(model.output.shape),
    })
  }
  if (model.classes === 0 && (batchSizes.train ?? batchSizes.accumulate ?? batchSizes.evaluate) !== undefined) {
    throw new ConvzooError({
      kind: 'option',
      message: `The network ${model.name} ends in ${model.output.shape[0]} features, not in classes: there is nothing to train it on.`,
      expected: 'a network with classes',
      received: 'classes: 0',
      mend: 'pass classes, such as createModel(architecture, { classes: 10 })',
    })
  }
  const functions: Record<string, Graph> = {}
  const add = (kind: FunctionKind, trace: (name: string, batchSize: number) => Graph): void => {
    for (const batchSize of batchSizes[kind] ?? []) {
      const name = functionName(kind, batchSize)
      functions[name] = trace(name, batchSize)
    }
  }
  const trained = withAuxiliaryHeads(model)
  const training = (batchSize: number): TracedModel => traceModel(trained, { batchSize, training: true, stochastic })
  add('train', (name, batchSize) => {
    const update = { optimizer: requireOptimizer(optimizer), average }
    return traceTraining(name, training(batchSize), { model: trained, loss, update })
  })
  add('accumulate', (name, batchSize) => traceAccumulation(name, training(batchSize), { model: trained, loss }))
  const [part] = batchSizes.accumulate ?? []
  const accumulation = part === undefined ? undefined : functions[functionName('accumulate', part)]
  if (accumulation !== undefined) {
    const update = { optimizer: requireOptimizer(optimizer), average }
    functions[applyName] = traceApplication(applyName, { model: trained, update, accumulation })
    functions[discardName] = traceDiscard(discardName, trained)
  }
  const inference = (batchSize: number, averages: boolean): TracedModel => {
    if (averages && average === undefined) {
      throw new ConvzooError({
        kind: 'option',
        message: 'A program that reads averages of weights has to keep them.',
        expected: 'average, such as { decay: 0.999 }',
      })
    }
    return traceModel(model, { batchSize, training: false, ...(averages ? { stateOf: averagesOf(model) } : {}) })
  }
  for (const averages of [false, true]) {
    add(averages ? 'evaluateAverages' : 'evaluate', (name, batchSize) => {
      const traced = inference(batchSize, averages)
      traced.builder.output('losses', tracedLosses(traced, model, loss).losses)
      return finishInference(name, traced)
    })
    add(averages ? 'predictAverages' : 'predict', (name, batchSize) =>
      finishInference(name, inference(batchSize, averages)),
    )
  }
  const trains = (batchSizes.train ?? batchSizes.accumulate) !== undefined
  const state = stateOf(trains ? trained : model, {
    optimizer,
    averages: average !== undefined,
    accumulates: accumulation !== undefined,
  })
  return { state, functions }
}

function requireOptimizer(optimizer: Optimizer | undefined): Optimizer {
  if (optimizer !== undefined) return optimizer
  throw new ConvzooError({
    kind: 'option',
    message: 'A program that trains needs an optimizer.',
    expected: 'optimizer',
  })
}

function finishInference(name: string, { builder, output }: TracedModel): Graph {
  builder.output('probabilities', output)
  return builder.finish(name)
}

/** Where a weight's average stands; what is not trained has none. */
function averagesOf({ weights }: Model): (weight: string) => string {
  const averaged = new Set(weights.filter(({ trainable }) => trainable).map(({ name }) => name))
  return (weight) => (averaged.has(weight) ? averageName(weight) : weight)
}
