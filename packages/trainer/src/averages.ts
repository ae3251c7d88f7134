import { ConvzooError, type NamedTensor, type WeightAverage } from '@convzoo/core'
import { averageName } from '@convzoo/core/engine'
import type { WeightsKind } from './options.js'
import type { Session } from './session.js'
import type { Position } from './stand.js'

/** The averages of weights under the names of the weights, of one moment; what is not trained has none, and is given itself. */
export async function* readAverages(
  session: Pick<Session, 'state'> & { readState(names: readonly string[]): AsyncIterable<NamedTensor> },
  weights: readonly string[],
): AsyncGenerator<NamedTensor, void, undefined> {
  const kept = new Set(session.state.map(({ name }) => name))
  const names = weights.map((name) => (kept.has(averageName(name)) ? averageName(name) : name))
  let index = 0
  for await (const tensor of session.readState(names)) yield { ...tensor, name: weights[index++] ?? tensor.name }
}

/**
 * Makes sure that the weights that are asked for are there.
 *
 * @throws ConvzooError of kind `option` if it is averages and none are kept, of kind `state` if training stands before its first step, when they hold
 * nothing yet.
 */
export function requireAverages(
  weights: WeightsKind | undefined,
  average: WeightAverage | undefined,
  position?: Position,
): void {
  if (weights !== 'average') return
  if (average === undefined) {
    throw new ConvzooError({
      kind: 'option',
      message: 'This trainer keeps no averages of its weights.',
      expected: 'the option "average"',
      received: "weights: 'average'",
      hint: 'new Trainer({ …, average: { decay: 0.999 } })',
    })
  }
  if (position?.step !== 0) return
  throw new ConvzooError({
    kind: 'state',
    message: 'There are no averages before the first step.',
    expected: 'a trainer that has trained, or has loaded a checkpoint',
    received: "weights: 'average' at step 0",
    hint: 'train first',
  })
}
