import { create, type MessageInitShape } from '@bufbuild/protobuf'
import type { EventContent } from '../file/event-file.js'
import { type Summary_ValueSchema, SummarySchema } from '../proto/summary_pb.js'
import { DataType } from '../proto/tensor_pb.js'

/** A value with its tag, and which of TensorBoard's dashboards shows it. */
export type Value = MessageInitShape<typeof Summary_ValueSchema>

/** An event of values; none where there are none. */
export const summaryOf = (value: readonly Value[]): readonly EventContent[] =>
  value.length === 0 ? [] : [{ case: 'summary', value: create(SummarySchema, { value: [...value] }) }]

/** A number, for a curve. */
export const scalar = (tag: string, value: number): Value => ({ tag, value: { case: 'simpleValue', value } })

/** A text in Markdown. */
export const markdown = (tag: string, text: string): Value => ({
  tag,
  metadata: { pluginData: { pluginName: 'text' } },
  value: { case: 'tensor', value: { dtype: DataType.DT_STRING, tensorShape: {}, stringVal: [bytesOf(text)] } },
})

/** Pictures beside each other, all of the size of the first. */
export function pictures(tag: string, pngs: readonly Uint8Array[]): Value {
  const [width, height] = sizeOfPng(pngs[0])
  const stringVal = [bytesOf(String(width)), bytesOf(String(height)), ...pngs]
  const tensorShape = { dim: [{ size: BigInt(stringVal.length) }] }
  return {
    tag,
    metadata: { pluginData: { pluginName: 'images' } },
    value: { case: 'tensor', value: { dtype: DataType.DT_STRING, tensorShape, stringVal } },
  }
}

/** What a plugin of TensorBoard reads of the metadata alone. */
export const pluginData = (tag: string, pluginName: string, content: Uint8Array): Value => ({
  tag,
  metadata: { pluginData: { pluginName, content } },
  value: { case: 'tensor', value: { dtype: DataType.DT_FLOAT, tensorShape: { dim: [{ size: 0n }] } } },
})

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)

/** Width and height, as the first chunk of every PNG has them. */
function sizeOfPng(png: Uint8Array | undefined): readonly [number, number] {
  if (png === undefined || png.length < 24) return [0, 0]
  const view = new DataView(png.buffer, png.byteOffset)
  return [view.getUint32(16), view.getUint32(20)]
}
