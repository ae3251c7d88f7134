import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fromBinary } from '@bufbuild/protobuf'
import {
  conv2d,
  dense,
  flatten,
  functionalModel,
  globalAveragePooling2d,
  input,
  type Model,
  type NamedTensor,
  type SymbolicTensor,
} from '@convzoo/core'
import { defineLayer, defineOptions, sizeOf } from '@convzoo/core/define'
import { type GraphProto, type ModelProto, ModelProtoSchema } from 'onnx-buf'
import { afterAll, describe, expect, it } from 'vitest'
import { writeOnnx } from './write-onnx.js'

const folder = mkdtempSync(join(tmpdir(), 'convzoo-onnx-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const place = (name: string): string => join(folder, name)

const network = (build: (x: SymbolicTensor) => SymbolicTensor): Model => {
  const inputs = input({ shape: [4, 4, 3] })
  return functionalModel({ inputs, output: build(inputs) })
}

/** Weights that count: each value is its place. */
const counting = ({ weights }: Model) =>
  async function* read(names: readonly string[]): AsyncGenerator<NamedTensor> {
    for (const name of names) {
      const shape = weights.find((weight) => weight.name === name)?.shape ?? []
      yield { name, shape, data: Float32Array.from({ length: sizeOf(shape) }, (_, index) => index) }
    }
  }

const readModel = (name: string): ModelProto => fromBinary(ModelProtoSchema, readFileSync(place(name)))
const graphOf = ({ graph }: ModelProto): GraphProto => {
  if (graph === undefined) throw new Error('A model has a graph.')
  return graph
}

const classifier = network((x) =>
  dense({ units: 2, activation: 'softmax' })(flatten()(conv2d({ filters: 5, kernelSize: 3 })(x))),
)

describe('writeOnnx', () => {
  it('leaves the number of images open, and names what goes in and out', async () => {
    const written = await writeOnnx(place('open.onnx'), classifier, {
      read: counting(classifier),
      metadata: { classes: '["a","b"]' },
    })
    expect(written).toEqual({ input: 'images', output: 'probabilities', opset: 20, dataFile: undefined })
    const model = readModel('open.onnx')
    const { input: taken, output } = graphOf(model)
    const shapes = [...taken, ...output].map(({ name, type }) => {
      const tensor = type?.value.case === 'tensorType' ? type.value.value : undefined
      return [
        name,
        tensor?.shape?.dim.map(({ value }) => (value.case === 'dimParam' ? value.value : Number(value.value))),
      ]
    })
    expect(shapes).toEqual([
      ['images', ['N', 4, 4, 3]],
      ['probabilities', ['N', 2]],
    ])
    expect(model.metadataProps.map(({ key, value }) => [key, value])).toEqual([['classes', '["a","b"]']])
    expect(model.opsetImport.map(({ version }) => version)).toEqual([20n])
  })

  it('stores kernels in the order of the operators that read them, so that nothing turns them when the model runs', async () => {
    await writeOnnx(place('stored.onnx'), classifier, { read: counting(classifier) })
    const { initializer, node } = graphOf(readModel('stored.onnx'))
    const kernel = initializer.find(({ name }) => name === 'conv2d/kernel')
    expect(kernel?.dims.map(Number)).toEqual([5, 3, 3, 3])
    const values = new Float32Array(Uint8Array.from(kernel?.rawData ?? []).buffer)
    // [row, column, input, output] of the kernel as the network has it.
    const placeOf = (row: number, column: number, from: number, to: number) => ((row * 3 + column) * 3 + from) * 5 + to
    expect(values[0]).toBe(placeOf(0, 0, 0, 0))
    expect(values[1]).toBe(placeOf(0, 1, 0, 0))
    expect(values[9]).toBe(placeOf(0, 0, 1, 0))
    expect(values[27]).toBe(placeOf(0, 0, 0, 1))
    const turned = node.filter(({ opType }) => opType === 'Transpose').flatMap((each) => each.input)
    expect(turned.filter((name) => name.includes('kernel'))).toEqual([])
  })

  it('puts weights into a file of their own when asked, each at the start of a page', async () => {
    const { dataFile } = await writeOnnx(place('apart.onnx'), classifier, {
      read: counting(classifier),
      externalData: true,
    })
    expect(dataFile).toBe(place('apart.onnx.data'))
    const data = readFileSync(place('apart.onnx.data'))
    for (const { name, dims, externalData, rawData } of graphOf(readModel('apart.onnx')).initializer) {
      if (!name.includes('/')) continue
      const entries = Object.fromEntries(externalData.map(({ key, value }) => [key, value]))
      expect(rawData).toHaveLength(0)
      expect(entries).toMatchObject({ location: 'apart.onnx.data', length: String(4 * sizeOf(dims.map(Number))) })
      expect(Number(entries.offset) % 4096).toBe(0)
      expect(data.readFloatLE(Number(entries.offset) + (sizeOf(dims.map(Number)) > 1 ? 4 : 0))).toBeGreaterThanOrEqual(
        0,
      )
    }
  })

  it('refuses a network in which images depend on how many there are, before anything is written', async () => {
    const byCount = defineLayer({
      type: 'byCount',
      keras: 'ByCount',
      options: defineOptions({}),
      outputShape: ([shape]) => shape,
      call: ({ ops }, [x]) => ops.multiply(x, x.shape[0] ?? 1),
    })
    const model = network((x) => dense({ units: 2, activation: 'softmax' })(globalAveragePooling2d()(byCount({})(x))))
    await expect(writeOnnx(place('count.onnx'), model, { read: counting(model) })).rejects.toMatchObject({
      kind: 'shape',
      message: expect.stringContaining('depends on how many images'),
    })
    expect(() => readFileSync(place('count.onnx'))).toThrow()
  })
})
