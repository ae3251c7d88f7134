import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fromBinary } from '@bufbuild/protobuf'
import * as core from '@convzoo/core'
import * as engine from '@convzoo/core/engine'
import * as onnx from '@convzoo/onnx'
import { ModelProtoSchema } from 'onnx-buf'
import { expect, it } from 'vitest'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

const [graphs = '', network = ''] = [...readme.matchAll(/```ts\n(.*?)```/gs)].map(([, example = '']) =>
  example.replace(/import (\{.*?\}) from '(.*?)'/gs, "const $1 = modules['$2']"),
)
const programOf = (...given: readonly string[]) => Object.getPrototypeOf(async () => {}).constructor(...given)

it('the README shows code that runs', async () => {
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
  await programOf(
    'modules',
    'model',
    'console',
    graphs,
  )(modules, model, { log: (...values: unknown[]) => logged.push(values) })

  expect(Object.keys(files)).toEqual(['predict-1.onnx'])
  const { graph, opsetImport } = fromBinary(ModelProtoSchema, files['predict-1.onnx'] ?? new Uint8Array())
  expect(opsetImport.map(({ version }) => version)).toEqual([20n])
  expect(graph?.node.map(({ opType }) => opType)).toEqual(['Gemm', 'Softmax'])
  expect(graph?.output.map(({ name }) => name)).toEqual(['output probabilities'])
  expect(logged).toMatchObject([
    [['images'], [{ name: 'dense/bias' }, { name: 'dense/kernel' }], [{ name: 'probabilities' }]],
  ])
})

it('the README shows how a trained network is written', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'convzoo-readme-'))
  const home = process.cwd()
  process.chdir(folder)
  try {
    const images = core.input({ shape: [2] })
    const model = core.functionalModel({ inputs: images, output: core.dense({ units: 1 })(images) })
    const tensors = [
      { name: 'dense/kernel', shape: [2, 1], data: Float32Array.of(3, 4) },
      { name: 'dense/bias', shape: [1], data: Float32Array.of(5) },
    ]
    const trainer = {
      async *readState(names: readonly string[]) {
        for (const name of names) yield* tensors.filter((tensor) => tensor.name === name)
      },
    }
    await programOf('modules', 'model', 'trainer', network)({ '@convzoo/onnx': onnx }, model, trainer)
    const { graph, metadataProps } = fromBinary(ModelProtoSchema, readFileSync(join(folder, 'flowers.onnx')))
    const bytes = graph?.initializer.find(({ name }) => name === 'dense/kernel')?.rawData ?? new Uint8Array()
    expect([...new Float32Array(Uint8Array.from(bytes).buffer)]).toEqual([3, 4])
    expect(metadataProps[0]?.value).toBe('["rose","tulip"]')
  } finally {
    process.chdir(home)
    rmSync(folder, { recursive: true, force: true, maxRetries: 9 })
  }
})
