import { basename } from 'node:path'
import { toBinary } from '@bufbuild/protobuf'
import {
  ConvzooError,
  categoricalCrossentropy,
  type Model,
  type NamedTensor,
  type Preprocessing,
  type Shape,
} from '@convzoo/core'
import {
  boolean,
  byteArithmetic,
  defineOptions,
  describeValue,
  formatShape,
  functionOf,
  internalError,
  isFloat32Array,
  modelOption,
  namedTexts,
  optional,
  permuteAxes,
  preprocessingKind,
  requireArguments,
  sizeOf,
} from '@convzoo/core/define'
import { createProgram, functionName, type Graph } from '@convzoo/core/engine'
import { pathOption, replaceFile } from '@convzoo/files'
import { type GraphProto, GraphProtoSchema } from 'onnx-buf'
import { type ByteFront, byteFront, writeByteFront } from './byte-front.js'
import { foldTransposes } from './fold-transposes.js'
import { lowerGraph } from './lower-graph.js'
import { dependsOnCount, OpenBatch } from './lowering/open-batch.js'
import { dataPartsOf, type OtherFile, type Part, partsOf, type StoredWeight } from './model-file.js'
import { ModelWriter, opset } from './model-writer.js'

export interface WriteOnnxOptions {
  /** Gives the weights of these names, in this order, one at a time. */
  readonly read: (names: readonly string[]) => AsyncIterable<NamedTensor>
  /** What stands in the model beside its graph, such as names of classes; nothing by default. */
  readonly metadata?: Readonly<Record<string, string>> | undefined
  /**
   * Puts what of preprocessing is arithmetic into the model, which then takes bytes: uint8 [N, H, W, C], pictures that have the input's size
   * already. Without it, which is the default, it takes images that are preprocessed, float32.
   */
  readonly preprocessing?: Preprocessing | undefined
  /** Whether weights are written into a file of their own, `<path>.data`: by default only where they are too large for the format, 2 GB. */
  readonly externalData?: boolean | undefined
}

/** What was written. */
export interface WrittenOnnx {
  /** The tensor that the model takes: [N, …], preprocessed images or bytes, for any N. */
  readonly input: string
  /** What it gives: [N, …], probabilities of a classifier. */
  readonly output: string
  readonly opset: number
  /** The file of the weights, if they have one. */
  readonly dataFile: string | undefined
}

const writeOptions = defineOptions({
  read: functionOf<WriteOnnxOptions['read']>(),
  metadata: optional(namedTexts, {}),
  preprocessing: optional(preprocessingKind),
  externalData: optional(boolean),
})

/** What of a message protobuf can hold, with room for the operators. */
const mostBytes = 2 ** 31 - 2 ** 24

/** What systems map into memory at a time is a multiple of pages, and pages are at most so large. */
const pageSize = 4096

const input = 'images'
const output = 'probabilities'

/**
 * Writes a network with its weights as an ONNX model for prediction: standard operators of opset 20, images [N, H, W, C] in, the number
 * of images left open. Kernels are stored as ONNX's operators want them, the others as they are, each by its own name.
 *
 * @throws ConvzooError of kind `shape` if the network treats images otherwise when there are more of them; of kind `file` if the file
 * cannot be written, of kind `option` if `read` does not give a weight: then the old one stays.
 * @example
 * const model = createModel('nin')
 * const { output } = await writeOnnx('nin.onnx', model, { read: (names) => trainer.readWeights(names) })
 */
export async function writeOnnx(path: string, model: Model, options: WriteOnnxOptions): Promise<WrittenOnnx> {
  requireArguments('writeOnnx', { path: [pathOption, path], model: [modelOption, model] })
  const { read, metadata, preprocessing, externalData } = writeOptions.parse('writeOnnx', options)
  const front = preprocessing === undefined ? undefined : frontOf(model, preprocessing)
  const { graph, permutations } = inferenceGraph(model, front)
  const tensors = [...(front?.tensors ?? []), ...model.weights]
  const weights = tensors.map(({ name, shape }): StoredWeight => {
    const axes = permutations.get(name)
    return { name, shape: axes === undefined ? shape : axes.map((axis) => shape[axis] ?? 0) }
  })
  const shapes = new Map(tensors.map(({ name, shape }) => [name, shape]))
  const bytes = weights.reduce((sum, { shape }) => sum + sizeOf(shape) * Float32Array.BYTES_PER_ELEMENT, 0)
  const otherFile: OtherFile | undefined =
    (externalData ?? bytes > mostBytes) ? { name: `${basename(path)}.data`, alignment: pageSize } : undefined
  if (otherFile === undefined && bytes > mostBytes) throw tooLarge(bytes)
  const write = (to: string, parts: readonly Part[]): Promise<void> =>
    writeParts(to, parts, { read: withConstants(read, front), permutations, shapes })
  const dataFile = otherFile === undefined ? undefined : `${path}.data`
  if (otherFile !== undefined && dataFile !== undefined) await write(dataFile, dataPartsOf(weights, otherFile))
  await write(path, partsOf({ graph, weights, metadata, otherFile }))
  return { input, output, opset, dataFile }
}

interface InferenceGraph {
  readonly graph: GraphProto
  readonly permutations: ReadonlyMap<string, readonly number[]>
}

/** The graph of prediction for any number of images: as two numbers of images both have it. */
function inferenceGraph(model: Model, front: ByteFront | undefined): InferenceGraph {
  const [few, more] = [2, 3]
  const { functions } = createProgram({
    model,
    loss: categoricalCrossentropy(),
    batchSizes: { predict: [few, more] },
  })
  const traced = (size: number): Graph => {
    const graph = functions[functionName('predict', size)]
    if (graph === undefined) throw internalError(`Nothing was traced for ${size} images.`)
    return graph
  }
  const made = openGraph(model, front, traced(few), traced(more))
  const again = openGraph(model, front, traced(more), traced(few))
  if (!isSame(toBinary(GraphProtoSchema, made.graph), toBinary(GraphProtoSchema, again.graph))) {
    throw dependsOnCount(traced(few))
  }
  return made
}

function openGraph(model: Model, front: ByteFront | undefined, graph: Graph, other: Graph): InferenceGraph {
  const writer = new ModelWriter()
  const images = graph.inputs.map(({ shape }) => shape)
  const seen = images.map((shape) => (front === undefined ? input : writeByteFront(writer, input, shape, front)))
  const open = new OpenBatch(graph, other)
  const { inputs, states, outputs } = lowerGraph(graph, { writer, target: 'gpu', open })
  const dimensions = ([, ...rest]: readonly number[]) => ['N', ...rest]
  for (const [place, { tensor, shape, dtype }] of inputs.entries()) {
    writer.rename(tensor, seen[place] ?? input)
    writer.input(input, dimensions(shape), front === undefined ? dtype : 'uint8')
  }
  for (const { tensor, shape, dtype } of outputs) {
    writer.rename(tensor, output)
    writer.output(output, dimensions(shape), dtype)
  }
  for (const { name, tensor } of states) writer.rename(tensor, name)
  const made = writer.graph(model.name)
  return { graph: made, permutations: foldTransposes(made, new Set(model.weights.map(({ name }) => name))) }
}

function frontOf({ inputs, weights }: Model, preprocessing: Preprocessing): ByteFront {
  const [height = 1, width = 1, channels = 1] = inputs[0]?.shape ?? []
  const arithmetic = byteArithmetic(preprocessing, [height, width, channels])
  return byteFront(arithmetic, new Set(weights.map(({ name }) => name)))
}

/** Weights as they are asked for, and the constants of what is put before them. */
function withConstants(read: WriteOnnxOptions['read'], front: ByteFront | undefined): WriteOnnxOptions['read'] {
  if (front === undefined) return read
  const constants = new Map(front.tensors.map((tensor) => [tensor.name, tensor]))
  return async function* (names) {
    for (const name of names) {
      const constant = constants.get(name)
      if (constant === undefined) yield* read([name])
      else yield constant
    }
  }
}

const isSame = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, index) => byte === b[index])

interface Weights {
  readonly read: WriteOnnxOptions['read']
  readonly permutations: InferenceGraph['permutations']
  /** As the network has them. */
  readonly shapes: ReadonlyMap<string, Shape>
}

async function writeParts(
  path: string,
  parts: readonly Part[],
  { read, permutations, shapes }: Weights,
): Promise<void> {
  const names = parts.flatMap((part) => ('weight' in part ? [part.weight] : []))
  await replaceFile(path, async (file) => {
    const tensors = read(names)[Symbol.asyncIterator]()
    try {
      for (const part of parts) {
        if ('bytes' in part) {
          await file.writeFile(part.bytes)
          continue
        }
        const { value } = await tensors.next()
        const shape = shapes.get(part.weight) ?? []
        const { name, data }: Partial<NamedTensor> = value ?? {}
        if (name !== part.weight || !isFloat32Array(data) || data.length !== sizeOf(shape)) {
          throw notRead(part.weight, shape, value)
        }
        const axes = permutations.get(part.weight)
        const stored = axes === undefined ? data : permuteAxes(data, shape, axes)
        await file.writeFile(new Uint8Array(stored.buffer, stored.byteOffset, stored.byteLength))
      }
    } finally {
      await tensors.return?.()
    }
  })
}

function notRead(name: string, shape: Shape, received: unknown): ConvzooError {
  return new ConvzooError({
    kind: 'option',
    message: `The weight ${name} did not come when it was asked for.`,
    expected: `from "read": ${name} of shape ${formatShape(shape)}, float32`,
    received: describeValue(received),
  })
}

function tooLarge(bytes: number): ConvzooError {
  return new ConvzooError({
    kind: 'option',
    message: 'The weights do not fit into the file of an ONNX model.',
    expected: `at most ${mostBytes} bytes, or externalData`,
    received: `${bytes} bytes`,
    hint: 'leave out externalData: false',
  })
}
