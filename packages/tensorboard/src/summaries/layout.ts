import { create, toBinary } from '@bufbuild/protobuf'
import { LayoutSchema } from '../proto/layout_pb.js'
import { DataType } from '../proto/tensor_pb.js'
import type { Value } from './values.js'

const charts = { loss: 'Loss', top1: 'Top-1 accuracy', top5: 'Top-5 accuracy' } as const

/** Charts in which the curves of training, validation and test lie over each other. */
export function layout(): Value {
  const chart = Object.entries(charts).map(([measure, title]) => ({
    title,
    content: { case: 'multiline' as const, value: { tag: [`^${measure}/(training|validation|test)$`] } },
  }))
  const content = create(LayoutSchema, { category: [{ title: 'Training and validation', chart }] })
  const stringVal = [toBinary(LayoutSchema, content)]
  return {
    tag: 'custom_scalars__config__',
    metadata: { pluginData: { pluginName: 'custom_scalars' } },
    value: { case: 'tensor', value: { dtype: DataType.DT_STRING, tensorShape: {}, stringVal } },
  }
}
