import { internalError } from '@convzoo/core/define'
import type { PrimitiveName } from '@convzoo/core/engine'
import type { OwnOperator } from '@convzoo/onnx'

export type Elementwise = Extract<OwnOperator, { readonly kind: 'elementwise' }>

/** What a primitive is in CUDA's C++, of its operands. What is compared gives 1 or 0. */
const expressions: Partial<Readonly<Record<PrimitiveName, (...of: readonly string[]) => string>>> = {
  add: (a, b) => `${a} + ${b}`,
  subtract: (a, b) => `${a} - ${b}`,
  multiply: (a, b) => `${a} * ${b}`,
  divide: (a, b) => `${a} / ${b}`,
  power: (a, b) => `powf(${a}, ${b})`,
  // fmaxf gives the other one where one is no number.
  maximum: (a, b) => `(${a} != ${a} || ${a} > ${b}) ? ${a} : ${b}`,
  minimum: (a, b) => `(${a} != ${a} || ${a} < ${b}) ? ${a} : ${b}`,
  negate: (a) => `-${a}`,
  exp: (a) => `expf(${a})`,
  log: (a) => `logf(${a})`,
  sqrt: (a) => `sqrtf(${a})`,
  tanh: (a) => `tanhf(${a})`,
  sigmoid: (a) => `1.0f / (1.0f + expf(-${a}))`,
  relu: (a) => `(${a} != ${a} || ${a} > 0.0f) ? ${a} : 0.0f`,
  equal: (a, b) => `${a} == ${b} ? 1.0f : 0.0f`,
  greater: (a, b) => `${a} > ${b} ? 1.0f : 0.0f`,
  greaterOrEqual: (a, b) => `${a} >= ${b} ? 1.0f : 0.0f`,
  and: (a, b) => `(${a} == 1.0f && ${b} == 1.0f) ? 1.0f : 0.0f`,
  not: (a) => `${a} == 0.0f ? 1.0f : 0.0f`,
  select: (condition, a, b) => `${condition} == 1.0f ? ${a} : ${b}`,
}

/** A kernel `elementwise` that computes an operator: its inputs, its outputs and their length are its parameters. */
export function elementwiseSource({ scalars, steps, results }: Elementwise): string {
  const parameters = [
    ...scalars.map((_, index) => `const float* in${index}`),
    ...results.map((_, index) => `float* out${index}`),
    'unsigned long long count',
  ]
  const values = scalars.map((isScalar, index) => `const float v${index} = in${index}[${isScalar ? 0 : 'index'}];`)
  steps.forEach(({ primitive, inputs, value }, index) => {
    const computed =
      primitive === 'constant' ? literal(value) : expressions[primitive]?.(...inputs.map((id) => `v${id}`))
    if (computed === undefined) throw internalError(`The primitive ${primitive} is no part of a kernel.`)
    values.push(`const float v${scalars.length + index} = ${computed};`)
  })
  return `extern "C" __global__ void elementwise(${parameters.join(', ')}) {
  const unsigned long long step = (unsigned long long)gridDim.x * blockDim.x;
  for (unsigned long long index = blockIdx.x * (unsigned long long)blockDim.x + threadIdx.x; index < count; index += step) {
    ${[...values, ...results.map((id, index) => `out${index}[index] = v${id};`)].join('\n    ')}
  }
}
`
}

/** A number with all of its digits, by its bits. */
function literal(value = 0): string {
  const [bits = 0] = new Uint32Array(Float32Array.of(value).buffer)
  return `__uint_as_float(0x${bits.toString(16)}u)`
}
