import { create, toBinary } from '@bufbuild/protobuf'
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import type { Shape } from '@convzoo/core'
import { sizeOf } from '@convzoo/core/define'
import {
  type GraphProto,
  GraphProtoSchema,
  ModelProtoSchema,
  StringStringEntryProtoSchema,
  TensorProto_DataLocation,
  TensorProto_DataType,
  TensorProtoSchema,
} from 'onnx-buf'
import { modelAround } from './model-writer.js'

/** A weight as a model's file holds it. */
export interface StoredWeight {
  readonly name: string
  readonly shape: Shape
}

/** Where weights lie that are not in the model's file. */
export interface OtherFile {
  /** Beside the model's file. */
  readonly name: string
  /** Each weight begins at a multiple of it, so that a runtime can map the file into memory. */
  readonly alignment: number
}

interface ModelFile {
  readonly graph: GraphProto
  readonly weights: readonly StoredWeight[]
  readonly metadata: Readonly<Record<string, string>>
  readonly otherFile?: OtherFile | undefined
}

/** What is written next: bytes, or the values of a weight, float32 and little-endian. */
export type Part = { readonly bytes: Uint8Array } | { readonly weight: string }

const graphField = ModelProtoSchema.field.graph.number
const initializerField = GraphProtoSchema.field.initializer.number
const rawDataField = TensorProtoSchema.field.rawData.number

const byteLength = ({ shape }: StoredWeight): number => sizeOf(shape) * Float32Array.BYTES_PER_ELEMENT

/**
 * The file of a model with its weights, in parts: a weight is in memory only while it is written, and protobuf wants the length of a message before
 * its content, which shapes alone decide.
 */
export function partsOf({ graph, weights, metadata, otherFile }: ModelFile): readonly Part[] {
  const metadataProps = Object.entries(metadata).map(([key, value]) =>
    create(StringStringEntryProtoSchema, { key, value }),
  )
  const graphStart = toBinary(GraphProtoSchema, graph)
  const offsets = offsetsOf(weights, otherFile?.alignment ?? 1)
  const initializers = weights.map((weight, index) => {
    const length = byteLength(weight)
    const tensor = create(TensorProtoSchema, {
      name: weight.name,
      dataType: TensorProto_DataType.FLOAT,
      dims: weight.shape.map(BigInt),
      ...(otherFile === undefined ? {} : external(otherFile.name, offsets[index] ?? 0, length)),
    })
    const bytes = toBinary(TensorProtoSchema, tensor)
    const raw = otherFile === undefined ? lengthPrefix(rawDataField, length) : new Uint8Array()
    const size = bytes.length + raw.length + (otherFile === undefined ? length : 0)
    const start = lengthPrefix(initializerField, size)
    return { weight, size: start.length + size, bytes: joined([start, bytes, raw]) }
  })
  const graphSize = initializers.reduce((sum, { size }) => sum + size, graphStart.length)
  const head = toBinary(ModelProtoSchema, modelAround({ metadataProps }))
  return [
    { bytes: joined([head, lengthPrefix(graphField, graphSize), graphStart]) },
    ...initializers.flatMap(({ weight: { name }, bytes }): readonly Part[] =>
      otherFile === undefined ? [{ bytes }, { weight: name }] : [{ bytes }],
    ),
  ]
}

/** The file beside a model's, in parts. */
export function dataPartsOf(weights: readonly StoredWeight[], { alignment }: OtherFile): readonly Part[] {
  const offsets = offsetsOf(weights, alignment)
  return weights.flatMap((weight, index): readonly Part[] => {
    const end = (offsets[index] ?? 0) + byteLength(weight)
    const gap = (offsets[index + 1] ?? end) - end
    return [{ weight: weight.name }, { bytes: new Uint8Array(gap) }]
  })
}

function offsetsOf(weights: readonly StoredWeight[], alignment: number): readonly number[] {
  const offsets: number[] = []
  let end = 0
  for (const weight of weights) {
    const offset = Math.ceil(end / alignment) * alignment
    offsets.push(offset)
    end = offset + byteLength(weight)
  }
  return offsets
}

function external(location: string, offset: number, length: number) {
  const entries = { location, offset: String(offset), length: String(length) }
  return {
    dataLocation: TensorProto_DataLocation.EXTERNAL,
    externalData: Object.entries(entries).map(([key, value]) => create(StringStringEntryProtoSchema, { key, value })),
  }
}

/** What stands before a field of so many bytes. */
const lengthPrefix = (field: number, length: number): Uint8Array =>
  new BinaryWriter().tag(field, WireType.LengthDelimited).uint32(length).finish()

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let end = 0
  for (const part of parts) {
    whole.set(part, end)
    end += part.length
  }
  return whole
}
