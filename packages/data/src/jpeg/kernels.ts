import { assemble } from '../vectors/assembler.js'
import { colours, type Sampling, samplings } from './colours.js'
import { units } from './entropy.js'
import { layout } from './memory.js'
import { finishBlocks, firstCoefficients, otherCoefficients } from './progressive.js'
import { fill, transform, transformConstants } from './transform.js'

type Kernel = (...numbers: number[]) => void

/** The decoder's functions, and the memory that they work in. */
export interface Kernels {
  readonly memory: WebAssembly.Memory
  /** A picture of one scan. */
  readonly units: Kernel
  /** A progressive one: its coefficients, and what is made of them. */
  readonly firstCoefficients: Kernel
  readonly otherCoefficients: Kernel
  readonly otherBits: Kernel
  readonly finishBlocks: Kernel
  readonly colours: Readonly<Record<Sampling, Kernel>>
}

/** Where the coefficients of a block lie, in bytes, in the order of a file: along diagonals, to and fro. */
function zigzag(): Uint8Array {
  const places: number[] = []
  for (let diagonal = 0; diagonal < 15; diagonal++) {
    for (let step = Math.max(0, diagonal - 7); step <= Math.min(diagonal, 7); step++) {
      const [row, column] = diagonal % 2 === 0 ? [diagonal - step, step] : [step, diagonal - step]
      places.push(2 * (8 * row + column))
    }
  }
  return Uint8Array.from(places)
}

/** Undefined where there is no WebAssembly, or none with vectors: on old processors, and where it is switched off. */
function loadKernels(): Kernels | undefined {
  try {
    const memory = new WebAssembly.Memory({ initial: 1 })
    const code = assemble([
      fill('fill'),
      transform('transformShort', true),
      transform('transform', false),
      units({ fill: 0, transformShort: 1, transform: 2 }),
      finishBlocks(2),
      firstCoefficients(),
      otherCoefficients('otherCoefficients', false),
      otherCoefficients('otherBits', true),
      ...samplings.map((sampling) => colours(sampling)),
    ])
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(code), { host: { memory } })
    const named = (name: string): Kernel => {
      const found = exports[name]
      if (found === undefined) throw new Error(name)
      return found
    }
    new Uint8Array(memory.buffer).set(zigzag(), layout.zigzag)
    new Int32Array(memory.buffer).set(transformConstants(), layout.constants / 4)
    return {
      memory,
      units: named('units'),
      firstCoefficients: named('firstCoefficients'),
      otherCoefficients: named('otherCoefficients'),
      otherBits: named('otherBits'),
      finishBlocks: named('finishBlocks'),
      colours: { full: named('full'), halvedAcross: named('halvedAcross'), halved: named('halved') },
    }
  } catch {
    return undefined
  }
}

let loaded: { readonly kernels: Kernels | undefined } | undefined

/** The functions, made when they are first asked for. */
export function jpegKernels(): Kernels | undefined {
  loaded ??= { kernels: loadKernels() }
  return loaded.kernels
}
