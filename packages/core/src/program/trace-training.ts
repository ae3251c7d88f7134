import { gradients } from '../gradients/index.js'
import type { Graph, Value } from '../graph/index.js'
import type { Loss } from '../losses/index.js'
import type { Model } from '../model/index.js'
import type { TracedModel, TracedOutput } from './trace-model.js'
import { allFinite, type MovingWeight, traceUpdate, type UpdateOptions } from './trace-update.js'
import { requireValue, tracing } from './traced-value.js'

/** What a network's outputs lose. */
export interface TracedLosses {
  /** The loss of each sample, [N]: of the output alone. */
  readonly losses: Value
  /** What training makes smaller, [N]: the losses, and those of auxiliary heads by their weights. */
  readonly objective: Value
}

/** @throws ConvzooError of kind `shape` that names the loss, unless it gives one number a sample. */
export function tracedLosses(
  traced: TracedModel,
  { model, loss, classWeights = false }: Omit<Training, 'update'>,
): TracedLosses {
  const { builder, ops, output } = traced
  const samples = output.shape[0] ?? 0
  builder.scope = 'forward loss'
  const targets = builder.input('targets', { shape: [samples, ...model.output.shape], dtype: 'float32' })
  const lossesOf = (head: TracedOutput): Value =>
    requireValue(
      tracing(`loss ${loss.name}`, () => loss.losses({ ops, targets, output: head.output, logits: head.logits })),
      {
        builder,
        shape: [samples],
        samples,
        fault: {
          message: `The loss ${loss.name} does not give one number a sample.`,
          hint: 'return a sum or mean over the classes alone, such as ops.sum(…, { axes: [1] }); the program takes the mean over the samples',
        },
      },
    )
  const losses = lossesOf(traced)
  const objective = traced.auxiliary.reduce(
    (sum, { lossWeight, ...head }) => ops.add(sum, ops.multiply(lossesOf(head), lossWeight)),
    losses,
  )
  if (!classWeights) return { losses, objective }
  const weights = builder.input('classWeights', { shape: model.output.shape, dtype: 'float32' })
  return { losses, objective: ops.multiply(objective, ops.sum(ops.multiply(targets, weights), { axes: [1] })) }
}

/** The trainable weights that `target` depends on, with its gradients. Without a gradient a weight neither moves nor decays. */
export function movingWeights({ builder, ops, weights }: TracedModel, model: Model, target: Value): MovingWeight[] {
  const trainable = model.weights.flatMap((weight) => {
    const value = weights.get(weight.name)
    return weight.trainable && value !== undefined ? [{ weight, value }] : []
  })
  const found = gradients(
    builder,
    ops,
    target,
    trainable.map(({ value }) => value),
  )
  return trainable.flatMap((each, index) => {
    const gradient = found[index]
    return gradient === undefined ? [] : [{ ...each, gradient }]
  })
}

/** Assigns the new state, if all of it and all losses are finite, and gives what a step tells. */
export function finishStep(
  name: string,
  { builder, ops, output }: TracedModel,
  losses: Value,
  next: Map<string, Value>,
): Graph {
  for (const [state, value] of next) builder.assign(state, value)
  const finite = allFinite(ops, [losses, ...next.values()])
  builder.guard(finite)
  builder.output('losses', losses)
  builder.output('probabilities', output)
  builder.output('finite', finite)
  return builder.finish(name)
}

export interface Training {
  readonly model: Model
  readonly loss: Loss
  /** Whether what is made smaller takes each sample by the weight of its class, an input. */
  readonly classWeights?: boolean
  readonly update: Omit<UpdateOptions, 'builder' | 'ops'>
}

/** Forward pass, gradients and update in one function. */
export function traceTraining(name: string, traced: TracedModel, training: Training): Graph {
  const { model, update } = training
  const { losses, objective } = tracedLosses(traced, training)
  const moving = movingWeights(traced, model, traced.ops.mean(objective))
  const { builder, ops } = traced
  return finishStep(
    name,
    traced,
    losses,
    new Map([...traced.assigned, ...traceUpdate(moving, { builder, ops, ...update })]),
  )
}
