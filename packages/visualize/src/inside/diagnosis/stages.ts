import type { Model, ModelLayer } from '@convzoo/core'
import { activations } from '@convzoo/core/define'

/** A layer whose units are looked at, after what normalises and rectifies them. */
export interface Stage {
  /** The layer that has the units: a convolution, a dense layer. */
  readonly layer: string
  /** The layer that gives what is looked at. */
  readonly output: string
}

/** Layers that change each unit by itself. */
const isUnitwise = ({ layer: { type } }: ModelLayer): boolean =>
  type === 'batchNormalization' ||
  type === 'activation' ||
  ['elu', 'leakyRelu', 'prelu'].includes(type) ||
  Object.hasOwn(activations, type)

/** Layers with matrices or filters, each with the unitwise layers that follow it and nothing else; what the network ends in is none. */
export function stagesOf(model: Model): readonly Stage[] {
  const readers = readersOf(model)
  const last = model.output.application.owner.name
  const stages = model.layers.filter(hasUnits).map(({ name }): Stage => {
    let output = name
    for (;;) {
      const [next, ...others] = readers.get(output) ?? []
      if (next === undefined || others.length > 0 || !isUnitwise(next)) return { layer: name, output }
      output = next.name
    }
  })
  return stages.filter(({ output }) => output !== last)
}

const hasUnits = ({ weights }: ModelLayer): boolean => Object.values(weights).some(({ shape }) => shape.length >= 2)

/** By the name of a layer, those that read what it gives. */
function readersOf({ layers }: Model): ReadonlyMap<string, readonly ModelLayer[]> {
  const readers = new Map<string, ModelLayer[]>()
  for (const layer of layers) {
    const read = new Set(
      layer.applications.flatMap(({ inputs }) => inputs.map(({ application }) => application.owner.name)),
    )
    for (const name of read) readers.set(name, [...(readers.get(name) ?? []), layer])
  }
  return readers
}
