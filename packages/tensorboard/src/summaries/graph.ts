import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf'
import { type Model, withAuxiliaryHeads } from '@convzoo/core'
import type { EventContent } from '../file/event-file.js'
import { type AttrValueSchema, GraphDefSchema } from '../proto/graph_pb.js'
import { bytesOf } from './values.js'

type Attribute = MessageInitShape<typeof AttrValueSchema>

/** The version of TensorFlow's graphs since which nothing of what is written has changed. */
const producer = 22

/** The network: a node for each layer, with its options, and the shape that leaves it. */
export function graphOf(model: Model): EventContent {
  const node = withAuxiliaryHeads(model).layers.map(({ name, layer, applications, outputShape, parameters }) => {
    const inputs = applications.flatMap(({ inputs }) => inputs.map(({ application }) => application.owner.name))
    const dim = [-1, ...outputShape].map((size) => ({ size: BigInt(size) }))
    return {
      name,
      op: layer.keras,
      input: [...new Set(inputs)],
      attr: {
        ...Object.fromEntries(
          Object.entries(layer.options).flatMap(([option, value]) => {
            const attribute = attributeOf(value)
            return attribute === undefined ? [] : [[option, attribute]]
          }),
        ),
        parameters: { value: { case: 'i', value: BigInt(parameters) } },
        _output_shapes: { value: { case: 'list', value: { shape: [{ dim }] } } },
      } satisfies Record<string, Attribute>,
    }
  })
  return {
    case: 'graphDef',
    value: toBinary(GraphDefSchema, create(GraphDefSchema, { node, versions: { producer } })),
  }
}

/** An option as an attribute of a node; of what is neither a number, a text nor yes or no, what JSON makes of it. */
function attributeOf(value: unknown): Attribute | undefined {
  if (typeof value === 'boolean') return { value: { case: 'b', value } }
  if (typeof value === 'number') {
    return Number.isSafeInteger(value)
      ? { value: { case: 'i', value: BigInt(value) } }
      : { value: { case: 'f', value } }
  }
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text === undefined ? undefined : { value: { case: 's', value: bytesOf(text) } }
}
