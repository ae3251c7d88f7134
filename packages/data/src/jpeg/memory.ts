/** Where the decoder's functions find things in their memory, in bytes. */
export const layout = {
  /** What goes from call to call: the place in the codes in bits, whether one was broken, and units that were not reached. */
  place: 0,
  broken: 4,
  left: 8,
  /** Blocks to come of which a progressive scan says nothing more. */
  run: 12,
  /** Of each component: its first coefficient in the block before. */
  before: 32,
  /** For each coefficient in the order of the file: where it lies in a block, in bytes. */
  zigzag: 64,
  /** A block of 8 × 8 coefficients, numbers of 16 bits. */
  block: 128,
  /** The blocks of a unit, one after the other: see `planBytes`. */
  plan: 256,
  /** Vectors that the functions need. */
  constants: 1024,
  /** Four tables of 64 numbers of 16 bits, in the order of the file. */
  quantization: 2048,
  /** The tables of codes. */
  codes: 2560,
  data: 45056,
} as const

/**
 * Bytes of a block of the plan: the addresses of its tables of codes (of the first coefficient, and of the others), of its quantization
 * and of the coefficient before, where its samples go, how far that is from one unit to the next, and from one row to the next.
 */
export const planBytes = 32

export const plan = { first: 0, others: 4, quantization: 8, before: 12, out: 16, step: 20, stride: 24 } as const

/** Bytes of a block of coefficients. */
export const blockBytes = 128

/** Blocks of a unit at most, by the standard. */
export const mostBlocks = 10

/** Bits of a code that are looked up at once. */
export const lookupBits = 10

/** In a table of codes, after what is looked up at once: bounds of longer codes, then what those mean. */
export const codeTable = {
  bounds: 4 << lookupBits,
  boundBytes: 16,
  long: (4 << lookupBits) + 112,
  bytes: 5248,
} as const

/** The fields of what a code means: bits to be taken, coefficients to go on by, bits of the value that follow, or the value itself. */
export const meaning = { advance: 5, size: 12, value: 16 } as const

/** Coefficients to go on by where a block ends, and where a code is none. */
export const endOfBlock = 127
export const noCode = 64

/** Bytes behind the codes that may be read: those of a unit at most. */
export const codeMargin = 4096
