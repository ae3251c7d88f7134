import { ConvzooError } from '../errors/index.js'
import { inputType } from '../layers/input.js'
import { requireArguments } from '../options/index.js'
import { formatShape, sameShape, sizeOf } from '../shape.js'
import type { AuxiliaryHead, AuxiliaryOutput, Ending, Model, ModelLayer, Weight } from './contract.js'
import { endingOf } from './ends.js'
import { functionalModelOptions, modelOption } from './options.js'
import type { Application, AppliedLayer, SymbolicTensor } from './symbolic.js'

export interface FunctionalModelOptions {
  readonly inputs: SymbolicTensor | readonly SymbolicTensor[]
  readonly output: SymbolicTensor
  /** How many classes the output tells apart: its length by default. 0 says that it ends in something else, as `endsIn` does. */
  readonly classes?: number | undefined
  /**
   * What the output is: `classes` by default if it is one row, else a `map`. `features` are a row that a loss over classes must not read.
   */
  readonly endsIn?: Ending | undefined
  /** Heads whose losses are added in training; none by default. */
  readonly auxiliary?: readonly AuxiliaryOutput[] | undefined
  /** Its name instead of the counted one. */
  readonly name?: string | undefined
}

/**
 * The model between inputs and an output, as `tf.keras.Model(inputs, output)` finds it.
 *
 * @throws ConvzooError of kind `option` for a bad option, of kind `shape` if the output does not lead back to the inputs alone or has
 * not as many values as there are classes.
 * @example
 * const images = input({ shape: [28, 28, 1] })
 * const model = functionalModel({ inputs: images, output: dense({ units: 10 })(flatten()(images)) })
 */
export function functionalModel(given: FunctionalModelOptions): Model {
  const { inputs, output, auxiliary, name, ...more } = functionalModelOptions.parse('functionalModel', given)
  const sources: readonly SymbolicTensor[] = 'shape' in inputs ? [inputs] : inputs
  const { scope } = output
  const ending = endingOf({ shape: output.shape, ...more })
  const layers = layersOf(output)
  requireInputs(layers, sources)
  const known = [...layers]
  const heads = auxiliary.map((head): AuxiliaryHead => {
    const all = layersOf(head.output)
    requireHead(head, output)
    requireInputs(all, sources)
    const own = all.filter((layer) => !known.some(({ layer: other }) => other === layer.layer))
    known.push(...own)
    return { ...head, layers: own, weights: weightsOf(own) }
  })
  requireUniqueNames(known)
  return {
    name: name ?? scope.next('Model'),
    inputs: sources,
    output,
    ...ending,
    layers,
    weights: weightsOf(layers),
    auxiliary: heads,
    scope,
  }
}

/** The model with its auxiliary heads' layers and weights behind its own: what training moves. */
export function withAuxiliaryHeads(model: Model): Model {
  requireArguments('withAuxiliaryHeads', { model: [modelOption, model] })
  return {
    ...model,
    layers: [...model.layers, ...model.auxiliary.flatMap(({ layers }) => layers)],
    weights: [...model.weights, ...model.auxiliary.flatMap(({ weights }) => weights)],
  }
}

function layersOf(output: SymbolicTensor): readonly ModelLayer[] {
  return kerasOrder(output).map(({ owner, applications }): ModelLayer => {
    const [first] = applications
    const weights = Object.values(owner.weights)
    return {
      ...owner,
      applications,
      inputShapes: first?.inputs.map(({ shape }) => shape) ?? [],
      outputShape: first?.outputShape ?? [],
      parameters: weights.reduce((total, { shape }) => total + sizeOf(shape), 0),
    }
  })
}

function weightsOf(layers: readonly ModelLayer[]): readonly Weight[] {
  return layers.flatMap((layer) =>
    Object.entries(layer.weights).map(
      ([key, { shape, initializer, trainable, constraint }]): Weight => ({
        name: `${layer.name}/${key}`,
        key,
        shape,
        initializer,
        trainable: trainable && layer.layer.trainable,
        ...(trainable && !layer.layer.trainable ? { frozen: true } : {}),
        ...(constraint === undefined ? {} : { constraint }),
      }),
    ),
  )
}

function requireHead({ output, lossWeight }: AuxiliaryOutput, main: SymbolicTensor): void {
  if (sameShape(output.shape, main.shape) && Number.isFinite(lossWeight) && lossWeight > 0) return
  throw new ConvzooError({
    kind: 'shape',
    message: 'An auxiliary head does not fit the network.',
    expected: `an output of shape ${formatShape(main.shape)} and a loss weight above 0`,
    received: `an output of shape ${formatShape(output.shape)} and the loss weight ${lossWeight}`,
  })
}

interface OrderedLayer {
  readonly owner: AppliedLayer
  readonly applications: readonly Application[]
}

/**
 * Keras' order of layers (`keras/engine/functional.py`, `_map_graph_network`): a depth-first search from the output numbers layers as it
 * meets them; an application is one deeper than the deepest that uses it; deeper layers come first, ties by number.
 */
function kerasOrder(output: SymbolicTensor): OrderedLayer[] {
  const met = new Map<AppliedLayer, Application[]>()
  const finished: Application[] = []
  const seen = new Set<Application>()
  const visit = (application: Application): void => {
    if (seen.has(application)) return
    seen.add(application)
    const known = met.get(application.owner)
    if (known === undefined) met.set(application.owner, [application])
    else known.push(application)
    for (const input of application.inputs) visit(input.application)
    finished.push(application)
  }
  visit(output.application)

  const depths = new Map<Application, number>()
  const layerDepths = new Map<AppliedLayer, number>()
  for (const application of finished.toReversed()) {
    const depth = Math.max(depths.get(application) ?? 0, layerDepths.get(application.owner) ?? 0)
    depths.set(application, depth)
    layerDepths.set(application.owner, depth)
    for (const { application: parent } of application.inputs) {
      depths.set(parent, Math.max(depth + 1, depths.get(parent) ?? 0))
    }
  }
  return [...met]
    .map(([owner, applications]) => ({
      owner,
      applications: applications.toSorted((a, b) => a.index - b.index),
      depth: layerDepths.get(owner) ?? 0,
    }))
    .sort((a, b) => b.depth - a.depth) // stable: ties keep the order in which the search met them
}

function requireInputs(layers: readonly ModelLayer[], inputs: readonly SymbolicTensor[]): void {
  const declared = new Set(inputs.map(({ application }) => application))
  const found = new Set(layers.filter(({ layer }) => layer.type === inputType).flatMap((layer) => layer.applications))
  if (declared.size === found.size && [...declared].every((application) => found.has(application))) return
  const names = (applications: Iterable<Application>): string =>
    [...applications].map(({ owner, outputShape }) => `${owner.name} ${formatShape(outputShape)}`).join(', ')
  throw new ConvzooError({
    kind: 'shape',
    message: 'The output of a model must lead back to its inputs and to no others.',
    expected: names(declared),
    received: names(found),
    hint: 'give the model every input that its output is built on; inputs may have one name and still be two',
  })
}

function requireUniqueNames(layers: readonly ModelLayer[]): void {
  const names = layers.map(({ name }) => name)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) {
    throw new ConvzooError({
      kind: 'option',
      message: `Two layers of a model are named "${twice}".`,
      expected: 'a name of its own for each layer',
      received: twice,
      hint: 'give one of them another name, or none: then it is counted',
    })
  }
}
