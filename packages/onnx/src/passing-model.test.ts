import { fromBinary } from '@bufbuild/protobuf'
import { passedInput, passedOutput, passingModel } from '@convzoo/onnx'
import { ModelProtoSchema } from 'onnx-buf'
import { expect, it } from 'vitest'

it('a model that hands on a tensor says nothing of its shape', () => {
  const { graph } = fromBinary(ModelProtoSchema, passingModel())
  expect(graph?.node.map(({ opType, input, output }) => [opType, input, output])).toEqual([
    ['Identity', [passedInput], [passedOutput]],
  ])
  for (const { type } of [...(graph?.input ?? []), ...(graph?.output ?? [])]) {
    expect(type?.value.case === 'tensorType' && type.value.value.shape === undefined).toBe(true)
  }
})
