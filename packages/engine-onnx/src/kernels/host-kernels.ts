import type { Shape } from '@convzoo/core'
import { internalError, type Ops, sizeOf, type Value } from '@convzoo/core/define'
import { fillUniform, GraphBuilder, interpret, opsFor, type PrimitiveName } from '@convzoo/core/engine'
import type { OwnOperator } from '@convzoo/onnx'
import type { Ffi } from '../capi/koffi.js'
import type { Copier, Kernel, Kernels } from '../capi/operator-domain.js'
import type { Address } from '../capi/ort-api.js'

/** Operators that ONNX has not, on the CPU, by what core says of them: what can be tried of them where there is no GPU. */
export class HostKernels implements Kernels {
  readonly provider = undefined
  readonly copier: Copier
  readonly #koffi: Ffi

  constructor(koffi: Ffi) {
    this.#koffi = koffi
    this.copier = {
      toDevice: (to, from) => koffi.encode(to, 'uint8_t', bytesOf(from), from.byteLength),
      fromDevice: (to, from) => bytesOf(to).set(this.#read<Uint8Array>(from, 'uint8_t', to.byteLength)),
    }
  }

  kernelOf(operator: OwnOperator): Kernel {
    return ({ inputs, outputs }) => {
      const floats = (index: number, count: number): Float32Array => this.#read(inputs[index], 'float', count)
      const sizes = operator.gives.map(({ shape }) => sizeOf(shape))
      const out = new Float32Array(sizes[0] ?? 0)
      switch (operator.kind) {
        case 'uniform':
          uniform(operator, { key: this.#read(inputs[0], 'uint32_t', 2 + operator.samples), out })
          break
        case 'allFinite': {
          const areFinite = operator.counts.every((count, index) => floats(index, count).every(Number.isFinite))
          this.#koffi.encode(outputs[0], 'uint8_t', areFinite ? 1 : 0)
          return
        }
        case 'elementwise': {
          const given = operator.scalars.map((isScalar, index) => floats(index, isScalar ? 1 : out.length))
          elementwise(operator, given, out.length).forEach((result, index) => {
            this.#koffi.encode(outputs[index], 'float', result, result.length)
          })
          return
        }
        default:
          out.set(interpreted(operator, floats))
      }
      this.#koffi.encode(outputs[0], 'float', out, out.length)
    }
  }

  pin(): void {}

  release(): void {}

  #read<T>(address: Address | undefined, type: string, count: number): T {
    return this.#koffi.decode(address, this.#koffi.array(type, count, 'Typed'))
  }
}

const bytesOf = ({ buffer, byteOffset, byteLength }: NodeJS.TypedArray): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength)

type Operator<K extends OwnOperator['kind']> = Extract<OwnOperator, { readonly kind: K }>

function uniform(
  { samples, elements }: Operator<'uniform'>,
  { key, out }: { readonly key: Uint32Array; readonly out: Float32Array },
): void {
  const [key0 = 0, key1 = 0] = key
  for (let row = 0; row < samples; row++) fillUniform([key0, key1], key[2 + row] ?? 0, out, row * elements, elements)
}

/** Those that are primitives of core, up to how images and kernels lie. */
type Interpreted = Exclude<OwnOperator, Operator<'uniform' | 'allFinite' | 'elementwise'>>

/** An operator by core's interpreter, which computes in double precision. */
function interpreted(operator: Interpreted, read: (index: number, count: number) => Float32Array): ArrayLike<number> {
  const builder = new GraphBuilder()
  const inputs: Record<string, Float32Array> = {}
  const given = (shape: Shape): Value => {
    const index = Object.keys(inputs).length
    inputs[index] = read(index, sizeOf(shape))
    return builder.input(`${index}`, { shape, dtype: 'float32' })
  }
  builder.output('out', meaningOf(operator, opsFor(builder), given))
  return interpret(builder.finish(operator.type), { inputs, state: new Map() }).outputs.out?.data ?? []
}

/** @param given The next of the operator's inputs. */
function meaningOf(operator: Interpreted, ops: Ops, given: (shape: Shape) => Value): Value {
  switch (operator.kind) {
    case 'sums': {
      const { outer, kept, inner } = operator
      return ops.sum(given([outer, kept, inner]), { axes: [0, 2] })
    }
    case 'maxPool':
      return ops.maxPool2d(given(operator.image), poolOf(operator))
    case 'maxPoolGradient':
      return ops.maxPool2dGradient(given(operator.image), given(operator.pooled), poolOf(operator))
    default:
      return convolutionOf(operator, ops, given)
  }
}

const poolOf = ({ size, strides, before, image, pooled }: Operator<'maxPool' | 'maxPoolGradient'>) => {
  const after = (axis: 0 | 1) =>
    Math.max(0, ((pooled[1 + axis] ?? 1) - 1) * strides[axis] + size[axis] - before[axis] - (image[1 + axis] ?? 1))
  return { size, strides, padding: { top: before[0], bottom: after(0), left: before[1], right: after(1) } }
}

function convolutionOf(
  operator: Operator<'convolution' | 'inputGradient' | 'kernelGradient'>,
  ops: Ops,
  given: (shape: Shape) => Value,
): Value {
  const { strides, before, dilations, groups, layout } = operator
  const padding = { top: before[0], bottom: before[0], left: before[1], right: before[1] }
  const attributes = { strides, padding, dilations, groups }
  const isLast = layout === 'channelsLast'
  const image = (shape: Shape): Value => (isLast ? given(shape) : ops.transpose(given(shape), [0, 2, 3, 1]))
  const kernel = (shape: Shape): Value => ops.transpose(given(shape), isLast ? [1, 2, 3, 0] : [2, 3, 1, 0])
  const sides = (shape: Shape = []) => (isLast ? [shape[1] ?? 1, shape[2] ?? 1] : [shape[2] ?? 1, shape[3] ?? 1])
  const [height = 1, width = 1] = sides(operator.gives[0]?.shape)
  switch (operator.kind) {
    case 'convolution': {
      const sum = ops.conv2d(image(operator.image), kernel(operator.kernel), attributes)
      const biased = operator.bias ? ops.add(sum, given([operator.kernel[0] ?? 1])) : sum
      const result = operator.relu ? ops.relu(biased) : biased
      return isLast ? result : ops.transpose(result, [0, 3, 1, 2])
    }
    case 'inputGradient': {
      const turned = kernel(operator.kernel)
      const gradient = image(operator.gradient)
      const result = ops.conv2dInputGradient(gradient, turned, { ...attributes, imageSize: [height, width] })
      return isLast ? result : ops.transpose(result, [0, 3, 1, 2])
    }
    case 'kernelGradient': {
      const how = { ...attributes, kernelSize: [height, width] } as const
      const result = ops.conv2dKernelGradient(image(operator.image), image(operator.gradient), how)
      return ops.transpose(result, isLast ? [3, 0, 1, 2] : [3, 2, 0, 1])
    }
  }
}

/** What a primitive is, of its operands. What is compared gives 1 or 0. */
const meanings: Partial<Readonly<Record<PrimitiveName, (a: number, b: number, c: number) => number>>> = {
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
  power: (a, b) => a ** b,
  maximum: (a, b) => Math.max(a, b),
  minimum: (a, b) => Math.min(a, b),
  negate: (a) => -a,
  exp: Math.exp,
  log: Math.log,
  sqrt: Math.sqrt,
  tanh: Math.tanh,
  sigmoid: (a) => 1 / (1 + Math.exp(-a)),
  relu: (a) => Math.max(a, 0),
  equal: (a, b) => Number(a === b),
  greater: (a, b) => Number(a > b),
  greaterOrEqual: (a, b) => Number(a >= b),
  and: (a, b) => Number(a === 1 && b === 1),
  not: (a) => Number(a === 0),
  select: (condition, a, b) => (condition === 1 ? a : b),
}

function elementwise(
  { scalars, steps, results }: Operator<'elementwise'>,
  given: readonly Float32Array[],
  count: number,
): readonly Float32Array[] {
  const outputs = results.map(() => new Float32Array(count))
  for (let index = 0; index < count; index++) {
    const values = given.map((array, input) => array[scalars[input] ? 0 : index] ?? 0)
    for (const { primitive, inputs, value = 0 } of steps) {
      const [a = 0, b = 0, c = 0] = inputs.map((id) => values[id] ?? 0)
      const meaning = primitive === 'constant' ? () => value : meanings[primitive]
      if (meaning === undefined) throw internalError(`The primitive ${primitive} is no part of an operator.`)
      values.push(Math.fround(meaning(a, b, c)))
    }
    outputs.forEach((output, result) => {
      output[index] = values[results[result] ?? 0] ?? 0
    })
  }
  return outputs
}
