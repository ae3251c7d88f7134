import { type Graph, GraphBuilder, opsFor } from '../graph/index.js'
import type { Model } from '../model/index.js'
import { gradientName } from './program.js'
import type { TracedModel } from './trace-model.js'
import { finishStep, movingWeights, type Training, tracedLosses } from './trace-training.js'
import { allFinite, type MovingWeight, traceUpdate } from './trace-update.js'

/** Forward pass and gradients of the summed loss, which add to the accumulated ones: sums over micro-batches are sums over the batch. */
export function traceAccumulation(name: string, traced: TracedModel, training: Omit<Training, 'update'>): Graph {
  const { builder, ops } = traced
  const { losses, objective } = tracedLosses(traced, training)
  const sums = movingWeights(traced, training.model, ops.sum(objective)).map(({ weight, gradient }) => {
    const state = gradientName(weight.name)
    return [state, ops.add(builder.state(state, { shape: weight.shape, dtype: 'float32' }), gradient)] as const
  })
  return finishStep(name, traced, losses, new Map([...traced.assigned, ...sums]))
}

/** Updates with the accumulated gradients, divided by the number of samples they came from, and sets them to zero. */
export function traceApplyGradients(
  name: string,
  { model, update, accumulation }: Omit<Training, 'loss'> & { readonly accumulation: Graph },
): Graph {
  const builder = new GraphBuilder()
  const ops = opsFor(builder)
  const waiting = new Set(accumulation.assignments.map(({ state }) => state))
  const share = ops.divide(1, builder.input('samples', { shape: [], dtype: 'float32' }))
  const moving = model.weights.flatMap((weight): MovingWeight[] => {
    const type = { shape: weight.shape, dtype: 'float32' } as const
    const state = gradientName(weight.name)
    if (!waiting.has(state)) return []
    const gradient = ops.multiply(share, builder.state(state, type))
    return [{ weight, value: builder.state(weight.name, type), gradient }]
  })
  const next = traceUpdate(moving, { builder, ops, ...update })
  const finite = allFinite(ops, [share, ...next.values()])
  builder.guard(finite)
  builder.output('finite', finite)
  for (const [state, value] of next) builder.assign(state, value)
  emptyGradients(
    builder,
    moving.map(({ weight }) => weight),
  )
  return builder.finish(name)
}

/** Sets the accumulated gradients to zero, for a step that is given up. */
export function traceZeroGradients(name: string, model: Model): Graph {
  const builder = new GraphBuilder()
  emptyGradients(
    builder,
    model.weights.filter(({ trainable }) => trainable),
  )
  return builder.finish(name)
}

function emptyGradients(builder: GraphBuilder, weights: Model['weights']): void {
  const ops = opsFor(builder)
  for (const { name, shape } of weights) builder.assign(gradientName(name), ops.constant(0, shape))
}
