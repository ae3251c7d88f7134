import type { Layer } from '../../layers/contract.js'
import type { Shape } from '../../shape.js'
import type { Model } from '../contract.js'
import { functionalModel } from '../model.js'
import { type Application, type AppliedLayer, type SymbolicTensor, symbolicTensor } from '../symbolic.js'

interface Changed {
  /** What takes the place of a layer; itself where it stays. */
  readonly layerOf: (owner: AppliedLayer) => Layer
  readonly output?: SymbolicTensor
  readonly endsIn?: Model['endsIn']
  readonly auxiliary?: Model['auxiliary']
  readonly name?: string
}

/**
 * A model with some layers changed, under the names that they had, so that weights carry over. The first model stays as it is: what
 * knows of a layer is copied.
 */
export function rebuilt(model: Model, { layerOf, ...changed }: Changed): Model {
  const { output = model.output, endsIn = model.endsIn, auxiliary = model.auxiliary, name = model.name } = changed
  const copy = copier(layerOf)
  const inputs = model.inputs.filter((tensor) => leadsTo(tensor, output))
  return functionalModel({
    inputs: inputs.map(copy),
    output: copy(output),
    endsIn,
    auxiliary: auxiliary.map((head) => ({ output: copy(head.output), lossWeight: head.lossWeight })),
    name,
  })
}

function leadsTo(source: SymbolicTensor, output: SymbolicTensor): boolean {
  const seen = new Set<Application>()
  const waiting = [output.application]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (next === source.application) return true
    if (seen.has(next)) continue
    seen.add(next)
    waiting.push(...next.inputs.map(({ application }) => application))
  }
  return false
}

/** Copies tensors with all that they are built on; the same tensor gives the same copy. */
function copier(layerOf: (owner: AppliedLayer) => Layer): (tensor: SymbolicTensor) => SymbolicTensor {
  const owners = new Map<AppliedLayer, AppliedLayer & { readonly applications: Application[] }>()
  const copies = new Map<Application, Application>()
  const copy = ({ application, scope }: SymbolicTensor): SymbolicTensor => {
    const known = copies.get(application)
    if (known !== undefined) return symbolicTensor(known, scope)
    const inputs = application.inputs.map(copy)
    const [first, ...rest] = inputs.map(({ shape }): Shape => shape)
    const { name } = application.owner
    const owner = owners.get(application.owner) ?? {
      name,
      ...remade(application.owner, layerOf, first, rest),
      applications: [],
    }
    owners.set(application.owner, owner)
    const outputShape = first === undefined ? application.outputShape : owner.layer.outputShape([first, ...rest], name)
    const made: Application = { owner, index: application.index, inputs, outputShape }
    copies.set(application, made)
    owner.applications.push(made)
    return symbolicTensor(made, scope)
  }
  return copy
}

function remade(
  owner: AppliedLayer,
  layerOf: (owner: AppliedLayer) => Layer,
  first: Shape | undefined,
  rest: readonly Shape[],
): Pick<AppliedLayer, 'layer' | 'weights'> {
  const layer = layerOf(owner)
  if (layer === owner.layer || first === undefined) return { layer, weights: owner.weights }
  return { layer, weights: layer.weights([first, ...rest], owner.name) }
}
