import type { Shape } from '@convzoo/core'
import { sizeOf } from '@convzoo/core/define'
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import type { Kernels, Tensor } from '../interpreter/kernels.js'

type Three = [x: number, y: number, z: number]

/** A compute shader. All of its sizes stand in its text as constants, by which the driver's compiler divides cheaply. */
export interface Shader {
  /** For tools that watch a GPU. */
  readonly name: string
  /** Names of the inputs in the text: flat arrays. The result is the flat array `result`. */
  readonly inputs: readonly string[]
  /** Of how many numbers the elements of the first inputs are, in the text: 1 or 4. Those of the others, and without it of all, are numbers. */
  readonly components?: readonly number[]
  /** Of how many numbers the elements of the result are, in the text: 1, 2 or 4. Without it, of 1. */
  readonly component?: number
  readonly shape: Shape
  readonly dtype?: 'float32' | 'bool'
  /** Threads of a workgroup. */
  readonly workgroup: Three
  /** How many workgroups there are on each axis. */
  readonly groups: Three
  /** Declares `fn main()`, or `fn main(index : i32)` where the shader is made by {@link elementShader}. */
  readonly text: string
  /** Fields of `uniforms` in the text, 32-bit unsigned: what changes from call to call. */
  readonly uniforms?: readonly string[]
  readonly flat: boolean
  /** Whether the text reads `uniforms.size`, the elements of the result: then it is one text for tensors of many sizes. */
  readonly sized?: boolean
}

const threads = 64

/** The backend binds `uniforms` whether or not a text reads them, and WebGPU refuses what a text does not read. */
export const bound = '_ = uniforms.NAN;'

/** A shader each of whose threads computes one element, or one of `count` small groups of them: `body` knows its `index`. */
export function elementShader(
  shader: Pick<Shader, 'name' | 'inputs' | 'shape' | 'dtype' | 'uniforms'> & {
    readonly body: string
    /** Declarations before the function. */
    readonly before?: string
    readonly count?: number
  },
): Shader {
  const { body, before = '', count, ...rest } = shader
  const most = count ?? sizeOf(shader.shape)
  return {
    ...rest,
    flat: true,
    workgroup: [threads, 1, 1],
    sized: count === undefined,
    groups: [Math.ceil(most / threads), 1, 1],
    text: `${before}\nfn main(index : i32) {\n  ${bound}\n  if (index >= ${count ?? 'uniforms.size'}) { return; }\n${body}\n}\n`,
  }
}

/** Texts that were run, each with a short name: a text is compiled once. */
const known = new Map<string, string>()

function keyOf({ name, text }: Shader): string {
  const key = known.get(text) ?? `convzoo ${name} ${known.size}`
  known.set(text, key)
  return key
}

/** Has a backend run a shader on tensors. */
export function runShader(
  kernels: Kernels,
  backend: WebGPUBackend,
  shader: Shader,
  args: readonly Tensor[],
  uniforms: readonly number[] = [],
): Tensor {
  const { inputs, shape, dtype = 'float32', workgroup, groups, text, flat, sized = false } = shader
  const { components = [], component = 1 } = shader
  const axes = shape.map((_, axis) => axis)
  const program = {
    variableNames: [...inputs],
    variableComponents: inputs.map((_, index) => components[index] ?? 1),
    outputComponent: component,
    outputShape: [...shape],
    workgroupSize: workgroup,
    // The backend spreads a long row over more axes, in place.
    dispatch: [...groups] satisfies Three,
    dispatchLayout: flat ? { x: axes } : { x: [0], y: [1] },
    uniforms: (shader.uniforms ?? []).map((field) => `${field} : u32, `).join(''),
    size: sized,
    shaderKey: keyOf(shader),
    getUserCode: () => text,
  }
  const values = uniforms.map((value) => ({ type: 'uint32', data: [value] }))
  const result = backend.runWebGPUProgram(program, [...args], dtype, values)
  return kernels.tensorflow.engine().makeTensorFromTensorInfo(result)
}
