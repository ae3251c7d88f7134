import { type Application, ConvzooError, type Model, type SymbolicTensor } from '@convzoo/core'
import { printable } from '@convzoo/core/define'
import type { ByteFront } from './byte-front.js'
import { type KerasLayer, kerasLayer } from './keras-layer.js'

/** A network as a LayersModel has it, without its weights. */
export interface Topology {
  /** What stands under `modelTopology` in a model.json. */
  readonly json: object
  /** The layer that takes images. */
  readonly input: string
  /** The layer that gives what the network makes of them. */
  readonly output: string
}

/** What the reading software says of names of tensors. */
const validName = /^[A-Za-z0-9][-A-Za-z0-9._/]*$/

/**
 * The layers of a network in Keras' own form.
 *
 * @throws ConvzooError of kind `option` for a network that a LayersModel cannot hold.
 */
export function topologyOf(model: Model, front: ByteFront | undefined): Topology {
  const images = theInput(model)
  requireNames(model)
  const references = new Map<Application, readonly unknown[]>()
  for (const { name, applications } of model.layers) {
    for (const [place, application] of applications.entries()) references.set(application, [name, place, 0])
  }
  const input = images.application.owner.name
  const output = references.get(model.output.application) ?? []
  // What the input's own application stands for from here on.
  if (front !== undefined) references.set(images.application, [front.name, 0, 0])
  const inbound = ({ inputs }: Application) =>
    inputs.map(({ application }) => [...(references.get(application) ?? []), {}])
  const inputLayer = layerOf(input, {
    className: 'InputLayer',
    config: {
      batch_input_shape: [null, ...images.shape],
      dtype: front === undefined ? 'float32' : 'int32',
      sparse: false,
    },
  })
  const frontLayers = front === undefined ? [] : [layerOf(front.name, front, [[[input, 0, 0, {}]]])]
  const layers = model.layers
    .filter(({ applications }) => !applications.includes(images.application))
    .map((layer) => {
      const { className, config } = kerasLayer(layer)
      const trained = { className, config: { ...config, trainable: layer.layer.trainable } }
      return layerOf(layer.name, trained, layer.applications.map(inbound))
    })
  const config = {
    name: model.name,
    layers: [inputLayer, ...frontLayers, ...layers],
    input_layers: [[input, 0, 0]],
    output_layers: [output],
  }
  return { json: { class_name: 'Model', config }, input, output: model.output.application.owner.name }
}

function layerOf(name: string, { className, config }: KerasLayer, inbound: readonly unknown[] = []): object {
  return { class_name: className, name, config: { name, ...config }, inbound_nodes: inbound }
}

function theInput({ inputs }: Model): SymbolicTensor {
  const [first, ...others] = inputs
  if (first !== undefined && others.length === 0) return first
  throw new ConvzooError({
    kind: 'option',
    message: 'A network that is exported takes images alone.',
    expected: 'one input',
    received: `${inputs.length} inputs`,
  })
}

function requireNames({ weights }: Model): void {
  const odd = weights.find(({ name }) => !validName.test(name))
  if (odd === undefined) return
  throw new ConvzooError({
    kind: 'option',
    message: 'TensorFlow.js takes no weight of this name.',
    expected: 'Latin letters, digits, -, . and _, a letter or digit first',
    received: printable(odd.name, 100),
    hint: 'give the layer another name, or export the network as ONNX',
  })
}
