import { internalError, sizeOf } from '@convzoo/core/define'
import { fillUniform, type PrimitiveName } from '@convzoo/core/engine'
import type { OwnOperator } from '@convzoo/onnx'
import type { Ffi } from '../capi/koffi.js'
import type { Kernel, Kernels } from '../capi/operator-domain.js'
import type { Address } from '../capi/ort-api.js'

/** Operators that ONNX has not, in plain loops on the CPU: what can be tried of them where there is no GPU. */
export class HostKernels implements Kernels {
  readonly provider = undefined
  readonly #koffi: Ffi

  constructor(koffi: Ffi) {
    this.#koffi = koffi
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
        case 'kernelGradient':
          kernelGradient(operator, {
            x: floats(0, sizeOf(operator.image)),
            dy: floats(1, sizeOf(operator.gradient)),
            out,
          })
          break
        case 'maxPoolGradient':
          maxPoolGradient(operator, { x: floats(0, out.length), dy: floats(1, sizeOf(operator.gradient)), out })
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

interface Arrays {
  readonly x: Float32Array
  readonly dy: Float32Array
  readonly out: Float32Array
}

type Operator<K extends OwnOperator['kind']> = Extract<OwnOperator, { readonly kind: K }>

function uniform(
  { samples, elements }: Operator<'uniform'>,
  { key, out }: { readonly key: Uint32Array; readonly out: Float32Array },
): void {
  const [key0 = 0, key1 = 0] = key
  for (let row = 0; row < samples; row++) fillUniform([key0, key1], key[2 + row] ?? 0, out, row * elements, elements)
}

function kernelGradient(operator: Operator<'kernelGradient'>, { x, dy, out }: Arrays): void {
  const [samples = 0, channels = 0, height = 0, width = 0] = operator.image
  const [, filters = 0, rows = 0, columns = 0] = operator.gradient
  const [, own = 0, kh = 0, kw = 0] = operator.gives[0]?.shape ?? []
  const { strides, before, dilations, groups } = operator
  for (let index = 0; index < out.length; index++) {
    const [c, r] = [index % kw, Math.floor(index / kw) % kh]
    const [channel, filter] = [Math.floor(index / (kw * kh)) % own, Math.floor(index / (kw * kh * own))]
    const group = Math.floor(filter / (filters / groups))
    let sum = 0
    for (let sample = 0; sample < samples; sample++) {
      const image = (sample * channels + group * own + channel) * height
      const gradient = (sample * filters + filter) * rows
      for (let row = 0; row < rows; row++) {
        const y = row * strides[0] - before[0] + r * dilations[0]
        if (y < 0 || y >= height) continue
        for (let column = 0; column < columns; column++) {
          const at = column * strides[1] - before[1] + c * dilations[1]
          if (at < 0 || at >= width) continue
          sum += (x[(image + y) * width + at] ?? 0) * (dy[(gradient + row) * columns + column] ?? 0)
        }
      }
    }
    out[index] = sum
  }
}

function maxPoolGradient(operator: Operator<'maxPoolGradient'>, { x, dy, out }: Arrays): void {
  const [, , height = 0, width = 0] = operator.gives[0]?.shape ?? []
  const [, , rows = 0, columns = 0] = operator.gradient
  const { size, strides, before } = operator
  out.fill(0)
  for (let window = 0; window < dy.length; window++) {
    const plane = Math.floor(window / (rows * columns)) * height * width
    const top = (Math.floor(window / columns) % rows) * strides[0] - before[0]
    const left = (window % columns) * strides[1] - before[1]
    let best = -1
    for (let row = Math.max(top, 0); row < Math.min(top + size[0], height); row++) {
      for (let column = Math.max(left, 0); column < Math.min(left + size[1], width); column++) {
        const place = plane + row * width + column
        if (best < 0 || (x[place] ?? 0) > (x[best] ?? 0)) best = place
      }
    }
    if (best >= 0) out[best] = (out[best] ?? 0) + (dy[window] ?? 0)
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
