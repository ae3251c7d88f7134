import { create, toBinary } from '@bufbuild/protobuf'
import type { Shape } from '@convzoo/core'
import type { DType } from '@convzoo/core/engine'
import {
  type AttributeProto,
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  type GraphProto,
  GraphProtoSchema,
  type ModelProto,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
  type StringStringEntryProto,
  type TensorProto,
  TensorProto_DataType,
  TensorProtoSchema,
  TensorShapeProto_DimensionSchema,
  TensorShapeProtoSchema,
  TypeProto_SequenceSchema,
  TypeProto_TensorSchema,
  TypeProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from 'onnx-buf'
import { ownDomain } from './own-operator.js'

/** Opset 20 of ONNX 1.15, in the file format of that release. */
export const opset = 20
const irVersion = 9n

/** An attribute of an ONNX operator: whole numbers become INT(S), `{ float }` FLOAT, texts STRING. */
export type Attribute = number | readonly number[] | string | { readonly float: number }

/** Lengths of axes; a name stands for one that is left open. */
export type OpenShape = readonly (number | string)[]

/** What crosses the boundary of a model: the types of our graphs, and bytes. */
export type ElementType = DType | 'uint8'

const elementTypes: Readonly<Record<ElementType, TensorProto_DataType>> = {
  float32: TensorProto_DataType.FLOAT,
  bool: TensorProto_DataType.BOOL,
  uint32: TensorProto_DataType.UINT32,
  uint8: TensorProto_DataType.UINT8,
}

/** Writes an ONNX model node by node. Tensors are known by name; equal constants are kept once. */
export class ModelWriter {
  readonly #nodes: NodeProto[] = []
  readonly #made = new Set<string>()
  readonly #renamed = new Map<string, string>()
  readonly #constants = new Map<string, TensorProto>()
  readonly #inputs: ValueInfoProto[] = []
  readonly #outputs: ValueInfoProto[] = []
  #count = 0
  /** What the operators that are added from now on are for: it stands in their names. */
  scope: string | undefined

  /** Adds an operator with one output and gives that output's name. */
  node(opType: string, inputs: readonly string[], attributes: Readonly<Record<string, Attribute>> = {}): string {
    const [output] = this.nodes(opType, inputs, 1, attributes)
    return output
  }

  /** Adds an operator and gives the names of its outputs, at least one. */
  nodes(
    opType: string,
    inputs: readonly string[],
    outputs: number,
    attributes: Readonly<Record<string, Attribute>> = {},
  ): [string, ...string[]] {
    const stem = `${opType}_${this.#count++}`
    const names: [string, ...string[]] = [stem]
    for (let index = 1; index < outputs; index++) names.push(`${stem}:${index}`)
    for (const made of names) this.#made.add(made)
    this.#nodes.push(
      create(NodeProtoSchema, {
        opType,
        name: this.scope === undefined ? stem : `${stem} <${this.scope}>`,
        input: [...inputs],
        output: names,
        attribute: Object.entries(attributes).map(([name, value]) => attribute(name, value)),
      }),
    )
    return names
  }

  /** Adds an operator of {@link ownDomain}. */
  ownNode(opType: string, inputs: readonly string[], outputs: number): [string, ...string[]] {
    const names = this.nodes(opType, inputs, outputs)
    const node = this.#nodes.at(-1)
    if (node !== undefined) node.domain = ownDomain
    return names
  }

  /** Gives a value another name, under which it can leave the model. */
  alias(value: string, name: string): void {
    this.#nodes.push(create(NodeProtoSchema, { opType: 'Identity', name, input: [value], output: [name] }))
  }

  /** Whether an operator of this model makes the value. */
  makes(value: string): boolean {
    return this.#made.has(value)
  }

  /** Has a value leave the model under another name, without a copy. Inside, it is still known by the old one. */
  rename(value: string, name: string): void {
    this.#renamed.set(value, name)
  }

  /** A constant tensor of real numbers. */
  floats(values: readonly number[], shape: Shape): string {
    return this.#constant('f', TensorProto_DataType.FLOAT, shape, values.join(), () => bytes(Float32Array.from(values)))
  }

  /** A constant tensor of indices, axes or lengths. One axis unless a shape is given. */
  integers(values: ArrayLike<number>, shape: Shape = [values.length]): string {
    const list = Array.from(values)
    return this.#constant('i', TensorProto_DataType.INT64, shape, list.join(), () =>
      bytes(BigInt64Array.from(list, BigInt)),
    )
  }

  /** @param shape Of any shape if there is none; a name stands for a length that is left open. */
  input(name: string, shape: OpenShape | undefined, dtype: ElementType): void {
    this.#inputs.push(valueInfo(name, shape, dtype))
  }

  /** @param shape Of any shape if there is none; a name stands for a length that is left open. */
  output(name: string, shape: OpenShape | undefined, dtype: DType): void {
    this.#outputs.push(valueInfo(name, shape, dtype))
  }

  /** An output that is a sequence of float tensors. */
  sequenceOutput(name: string): void {
    const tensor = create(TypeProto_TensorSchema, { elemType: elementTypes.float32 })
    const elemType = create(TypeProtoSchema, { value: { case: 'tensorType', value: tensor } })
    const sequence = create(TypeProto_SequenceSchema, { elemType })
    const type = create(TypeProtoSchema, { value: { case: 'sequenceType', value: sequence } })
    this.#outputs.push(create(ValueInfoProtoSchema, { name, type }))
  }

  /** The model's graph, everything by its last name. */
  graph(name: string): GraphProto {
    const named = (value: string): string => {
      const next = this.#renamed.get(value)
      return next === undefined ? value : named(next)
    }
    for (const node of this.#nodes) {
      node.input = node.input.map(named)
      node.output = node.output.map(named)
    }
    return create(GraphProtoSchema, {
      name,
      node: this.#nodes,
      initializer: [...this.#constants.values()],
      input: this.#inputs,
      output: this.#outputs,
    })
  }

  /** The model's file. */
  finish(name: string): Uint8Array {
    return toBinary(ModelProtoSchema, modelAround({ graph: this.graph(name) }))
  }

  #constant(
    kind: string,
    dataType: TensorProto_DataType,
    shape: Shape,
    values: string,
    raw: () => Uint8Array<ArrayBuffer>,
  ): string {
    const key = `${kind}[${shape.join()}]${values}`
    const known = this.#constants.get(key)
    if (known !== undefined) return known.name
    const name = `constant_${this.#constants.size}`
    this.#constants.set(key, create(TensorProtoSchema, { name, dataType, dims: shape.map(BigInt), rawData: raw() }))
    return name
  }
}

/** A model, as this package writes it. */
export function modelAround(parts: {
  readonly graph?: GraphProto
  readonly metadataProps?: StringStringEntryProto[]
}): ModelProto {
  const domains = new Set(['', ...(parts.graph?.node ?? []).map(({ domain }) => domain)])
  return create(ModelProtoSchema, {
    irVersion,
    producerName: 'convzoo',
    opsetImport: [...domains].map((domain) =>
      create(OperatorSetIdProtoSchema, { domain, version: BigInt(domain === '' ? opset : 1) }),
    ),
    ...parts,
  })
}

function attribute(name: string, value: Attribute): AttributeProto {
  if (typeof value === 'number') {
    return create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.INT, i: BigInt(value) })
  }
  if (typeof value === 'string') {
    return create(AttributeProtoSchema, {
      name,
      type: AttributeProto_AttributeType.STRING,
      s: new TextEncoder().encode(value),
    })
  }
  if ('float' in value) {
    return create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.FLOAT, f: value.float })
  }
  return create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.INTS, ints: value.map(BigInt) })
}

function valueInfo(name: string, shape: OpenShape | undefined, dtype: ElementType): ValueInfoProto {
  const dimensions = shape?.map((length) =>
    create(TensorShapeProto_DimensionSchema, {
      value:
        typeof length === 'string' ? { case: 'dimParam', value: length } : { case: 'dimValue', value: BigInt(length) },
    }),
  )
  const tensor = create(TypeProto_TensorSchema, {
    elemType: elementTypes[dtype],
    ...(dimensions === undefined ? {} : { shape: create(TensorShapeProtoSchema, { dim: dimensions }) }),
  })
  return create(ValueInfoProtoSchema, {
    name,
    type: create(TypeProtoSchema, { value: { case: 'tensorType', value: tensor } }),
  })
}

function bytes({ buffer }: { readonly buffer: ArrayBufferLike }): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(new Uint8Array(buffer))
}
