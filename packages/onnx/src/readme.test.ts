import { readFileSync } from 'node:fs'
import { fromBinary } from '@bufbuild/protobuf'
import * as core from '@convzoo/core'
import * as engine from '@convzoo/core/engine'
import * as onnx from '@convzoo/onnx'
import { ModelProtoSchema } from 'onnx-buf'
import { expect, it } from 'vitest'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

it('the README shows code that runs', async () => {
  const [, example = ''] = /```ts\n(.*?)```/s.exec(readme) ?? []
  const code = example.replace(/import (\{.*?\}) from '(.*?)'/gs, "const $1 = modules['$2']")
  const images = core.input({ shape: [4] })
  const model = core.functionalModel({
    inputs: images,
    output: core.dense({ units: 2, activation: 'softmax' })(images),
  })
  const files: Record<string, Uint8Array> = {}
  const logged: unknown[][] = []
  const modules = {
    '@convzoo/core': core,
    '@convzoo/core/engine': engine,
    '@convzoo/onnx': onnx,
    'node:fs/promises': { writeFile: (name: string, bytes: Uint8Array) => Object.assign(files, { [name]: bytes }) },
  }
  const run = Object.getPrototypeOf(async () => {}).constructor('modules', 'model', 'console', code)
  await run(modules, model, { log: (...values: unknown[]) => logged.push(values) })

  expect(Object.keys(files)).toEqual(['predict-1.onnx'])
  const { graph, opsetImport } = fromBinary(ModelProtoSchema, files['predict-1.onnx'] ?? new Uint8Array())
  expect(opsetImport.map(({ version }) => version)).toEqual([20n])
  expect(graph?.node.map(({ opType }) => opType)).toEqual(['Gemm', 'Softmax'])
  expect(graph?.output.map(({ name }) => name)).toEqual(['output probabilities'])
  expect(logged).toMatchObject([
    [['images'], [{ name: 'dense/bias' }, { name: 'dense/kernel' }], [{ name: 'probabilities' }]],
  ])
})
