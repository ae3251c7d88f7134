/**
 * A matrix of a product that need not exist: it is said where in an input each element lies. Its `outer` index is the row of the left matrix
 * and the column of the right one; its other index is `k`, over which the product sums. What depends on one index alone is computed by
 * itself, so that a thread computes it once for many elements. Numbers are unsigned and wrap: what lies before an image is far behind it.
 */
export interface Matrix {
  /** Name of the input. */
  readonly input: string
  /** Which of its two indices runs along memory. */
  readonly along: 'outer' | 'k'
  /** Whether four elements along memory, the first of them a multiple of 4, are one vector of the input. */
  readonly fours: boolean
  /** Body of `fn outer(product : u32, outer : u32) -> vec3<u32>`. */
  readonly outer: string
  /** Body of `fn depth(product : u32, k : u32) -> vec3<u32>`. */
  readonly depth: string
  /** Of what `outer` gave as `o` and `depth` as `d`: the place in the input. */
  readonly place: string
  /** Of `o` and `d`: whether the element lies in the input. The others are 0. */
  readonly inside?: string
}

/** Where an element lies in a matrix that exists, or in groups of columns of it. */
export function storedMatrix(
  matrix: Pick<Matrix, 'input' | 'along' | 'fours'> & {
    /** Of `product` and `outer`. */
    readonly outer: string
    /** Of `k`. */
    readonly depth: string
  },
): Matrix {
  return {
    ...matrix,
    outer: `return vec3<u32>(${matrix.outer}, 0, 0);`,
    depth: `return vec3<u32>(${matrix.depth}, 0, 0);`,
    place: 'o.x + d.x',
  }
}

/** Declares the functions that say where an element lies; their names begin with `name`. */
export const placeFunctions = (name: 'a' | 'b', { outer, depth, place, inside = 'true' }: Matrix): string => `
fn ${name}Outer(product : u32, outer : u32) -> vec3<u32> { ${outer} }
fn ${name}Depth(product : u32, k : u32) -> vec3<u32> { ${depth} }
fn ${name}Place(o : vec3<u32>, d : vec3<u32>) -> u32 { return ${place}; }
fn ${name}Inside(o : vec3<u32>, d : vec3<u32>) -> bool { return ${inside}; }`
