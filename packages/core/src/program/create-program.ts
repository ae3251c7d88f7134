import { ConvzooError } from '../errors/index.js'
import type { Graph } from '../graph/index.js'
import { type Loss, lossOption } from '../losses/index.js'
import { type Model, modelOption, requireClasses, withAuxiliaryHeads } from '../model/index.js'
import { averageOption } from '../optimizers/average.js'
import { type Optimizer, optimizerOption, type WeightAverage } from '../optimizers/index.js'
import { boolean, defineOptions, matching, optional, required } from '../options/index.js'
import { traceAccumulation, traceApplyGradients, traceZeroGradients } from './accumulate.js'
import {
  applyGradientsName,
  averageName,
  type FunctionKind,
  functionName,
  type Program,
  zeroGradientsName,
} from './program.js'
import { stateOf } from './state.js'
import { type TracedModel, traceModel } from './trace-model.js'
import { tracedLosses, traceTraining } from './trace-training.js'
import { tryOut } from './try-out.js'

export interface ProgramOptions {
  readonly model: Model
  readonly loss: Loss
  /** Needed for `train` and `accumulate`. With one, the state holds its slots and the weights of auxiliary heads. */
  readonly optimizer?: Optimizer | undefined
  /** Keeps the average of each trainable weight beside it; none by default. */
  readonly average?: WeightAverage | undefined
  /** Keeps the gradient of each trainable weight beside it, so that a step can be made in micro-batches; false by default. */
  readonly accumulation?: boolean | undefined
  /** Whether training takes each sample's loss by the weight of its class, an input of `train` and `accumulate`; false by default. */
  readonly classWeights?: boolean | undefined
  /** Whether `train` and `applyGradients` tell the norm of the gradients also where no clipping needs it; false by default. */
  readonly gradientNorm?: boolean | undefined
  /** For which batch sizes each function is made; none by default. Shapes are static: the tail of an epoch is a size of its own. */
  readonly batchSizes?: Readonly<Partial<Record<FunctionKind, readonly number[]>>> | undefined
  /** Whether layers draw random numbers in training; true by default. Without, dropout passes its input on, as in inference. */
  readonly stochastic?: boolean | undefined
}

const sizes = optional(
  matching(
    'a list of whole numbers of at least 1',
    (value): value is readonly number[] =>
      Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 1),
  ),
  [],
)

const sizesByKind = defineOptions({
  train: sizes,
  accumulate: sizes,
  evaluate: sizes,
  predict: sizes,
  evaluateAverages: sizes,
  predictAverages: sizes,
} satisfies Record<FunctionKind, typeof sizes>)

const options = defineOptions({
  model: modelOption,
  loss: lossOption,
  optimizer: optional(optimizerOption),
  average: optional(averageOption),
  accumulation: optional(boolean, false),
  classWeights: optional(boolean, false),
  gradientNorm: optional(boolean, false),
  batchSizes: optional(
    required<NonNullable<ProgramOptions['batchSizes']>, ReturnType<typeof sizesByKind.parse>>(
      'lists of batch sizes by function',
      (value, subject) => sizesByKind.parse(subject, value as NonNullable<ProgramOptions['batchSizes']>),
    ),
    sizesByKind.parse('batchSizes', {}),
  ),
  stochastic: optional(boolean, true),
})

/**
 * Makes of a model, a loss and an optimizer the functions that a trainer runs.
 *
 * `train/N`: images [N, H, W, C], targets [N, classes], sampleIndices [N], seed [2], step, and the optimizer's scalars
 * (`scalarsAt`), classWeights [classes] where they are asked for → losses [N], probabilities [N, classes], finite. It commits the updated state, and only if every loss and every new
 * value is finite. `evaluate/N`: images, targets → losses, probabilities. `predict/N`: images → probabilities, or [N, …] of what the
 * network ends in. `evaluateAverages/N` and `predictAverages/N` do so with the averages of the weights; these hold something from the
 * first step on.
 *
 * A step in micro-batches: `accumulate/N` takes and gives what `train/N` does, without the scalars, and adds to the accumulated gradients;
 * `applyGradients`: samples (how many there were in all micro-batches), and the scalars → finite. Together they do what one `train` over
 * the whole batch does, whatever its micro-batches. Where the gradients are clipped by their global norm alone, or `gradientNorm` is asked
 * for, `train/N` and `applyGradients` give `gradientNorm`, too, []: the Euclidean norm of all gradients together, before they are clipped. Statistics that layers assign follow each micro-batch. `zeroGradients` drops those of a step that is given up.
 *
 * The state follows from model, optimizer, average and accumulation alone, never from the batch sizes: weights and statistics; with an
 * optimizer those of auxiliary heads, too, and slots; averages; accumulated gradients. Auxiliary heads add their losses to what training
 * makes smaller; the losses and probabilities that it gives are the output's alone.
 *
 * Layers, loss and optimizer are traced once whatever is asked for, so that one of them that breaks its word is found here.
 *
 * @throws ConvzooError of kind `option` for a bad option, or if the model is to be trained or evaluated and ends in features; of kind
 * `shape` if it is to be and does not end in one row of classes, if a layer does not give its `outputShape`, the loss not one number a
 * sample, or the optimizer not weights and slots of their shapes.
 */
export function createProgram(given: ProgramOptions): Program {
  const { model, loss, optimizer, average, accumulation, classWeights, gradientNorm, batchSizes, stochastic } =
    options.parse('createProgram', given)
  const asked = (...kinds: readonly FunctionKind[]): boolean => kinds.some((kind) => batchSizes[kind].length > 0)
  if (asked('train', 'accumulate', 'evaluate', 'evaluateAverages')) requireClasses(model)
  if (optimizer === undefined && asked('train', 'accumulate')) {
    throw missing('A program that trains needs an optimizer.', 'optimizer')
  }
  if (!accumulation && asked('accumulate')) {
    throw missing('A program that accumulates gradients has to keep them.', 'accumulation: true')
  }
  if (average === undefined && asked('evaluateAverages', 'predictAverages')) {
    throw missing('A program that reads averages of weights has to keep them.', 'average, such as { decay: 0.999 }')
  }
  const trained = optimizer === undefined ? model : withAuxiliaryHeads(model)
  tryOut({ model, trained, loss, optimizer, average })

  const functions: Record<string, Graph> = {}
  const add = (kind: FunctionKind, trace: (name: string, batchSize: number) => Graph): void => {
    for (const batchSize of batchSizes[kind]) {
      const name = functionName(kind, batchSize)
      functions[name] = trace(name, batchSize)
    }
  }
  const training = (batchSize: number): TracedModel => traceModel(trained, { batchSize, training: true, stochastic })
  if (optimizer !== undefined) {
    const update = { optimizer, average, gradientNorm }
    const made = { model: trained, loss, classWeights }
    add('train', (name, batchSize) => traceTraining(name, training(batchSize), { ...made, update }))
    add('accumulate', (name, batchSize) => traceAccumulation(name, training(batchSize), made))
    const [part] = batchSizes.accumulate
    const accumulated = part === undefined ? undefined : functions[functionName('accumulate', part)]
    if (accumulated !== undefined) {
      functions[applyGradientsName] = traceApplyGradients(applyGradientsName, {
        model: trained,
        update,
        accumulation: accumulated,
      })
      functions[zeroGradientsName] = traceZeroGradients(zeroGradientsName, trained)
    }
  }
  const inference = (batchSize: number, averages: boolean): TracedModel =>
    traceModel(model, { batchSize, training: false, ...(averages ? { stateOf: averagesOf(model) } : {}) })
  for (const averages of [false, true]) {
    add(averages ? 'evaluateAverages' : 'evaluate', (name, batchSize) => {
      const traced = inference(batchSize, averages)
      traced.builder.output('losses', tracedLosses(traced, { model, loss }).losses)
      return finishInference(name, traced)
    })
    add(averages ? 'predictAverages' : 'predict', (name, batchSize) =>
      finishInference(name, inference(batchSize, averages)),
    )
  }
  const state = stateOf(trained, { optimizer, averages: average !== undefined, accumulates: accumulation })
  return { state, functions }
}

function missing(message: string, expected: string): ConvzooError {
  return new ConvzooError({ kind: 'option', message, expected })
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
