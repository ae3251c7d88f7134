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
  const { body, before = '', count = sizeOf(shader.shape), ...rest } = shader
  return {
    ...rest,
    flat: true,
    workgroup: [threads, 1, 1],
    groups: [Math.ceil(count / threads), 1, 1],
    text: `${before}\nfn main(index : i32) {\n  ${bound}\n  if (index >= ${count}) { return; }\n${body}\n}\n`,
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
  const { inputs, shape, dtype = 'float32', workgroup, groups, text, flat } = shader
  const axes = shape.map((_, axis) => axis)
  const program = {
    variableNames: [...inputs],
    outputShape: [...shape],
    workgroupSize: workgroup,
    // The backend spreads a long row over more axes, in place.
    dispatch: [...groups] satisfies Three,
    dispatchLayout: flat ? { x: axes } : { x: [0], y: [1] },
    uniforms: (shader.uniforms ?? []).map((field) => `${field} : u32, `).join(''),
    shaderKey: keyOf(shader),
    getUserCode: () => text,
  }
  const values = uniforms.map((value) => ({ type: 'uint32', data: [value] }))
  const result = backend.runWebGPUProgram(program, [...args], dtype, values)
  return kernels.tensorflow.engine().makeTensorFromTensorInfo(result)
}
