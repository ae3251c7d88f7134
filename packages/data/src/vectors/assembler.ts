/** A piece of WebAssembly, as its bytes: one instruction with what it takes before it, or several in order. */
export type Code = readonly number[]

/** Arguments and variables of a function, by their places. */
export type Local = number

/** A function of whole numbers that gives nothing. */
export interface AssembledFunction {
  readonly name: string
  /** Arguments, each of 32 bits; they are the first locals. */
  readonly parameters: number
  /** Variables of 32 bits: the locals after them. */
  readonly integers: number
  /** Variables of 64 bits: the locals after those; none by default. */
  readonly longs?: number
  /** Variables of 128 bits: the locals after all others. */
  readonly vectors: number
  readonly code: Code
}

/** A whole number as LEB128: seven bits a byte, the lowest first. */
function unsigned(value: number): Code {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)]
}

function signed(value: number): Code {
  return value >= -0x40 && value < 0x40 ? [value & 0x7f] : [(value & 0x7f) | 0x80, ...signed(value >> 7)]
}

const sized = (bytes: Code): Code => [...unsigned(bytes.length), ...bytes]
const listed = (items: readonly Code[]): Code => [...unsigned(items.length), ...items.flat()]
const named = (name: string): Code => sized([...Buffer.from(name)])

/** An instruction on vectors. */
const vector = (opcode: number): Code => [0xfd, ...unsigned(opcode)]

/** How memory is reached: no alignment is promised, and `offset` is added to the address. */
const reach = (offset: number): Code => [0, ...unsigned(offset)]

export const get = (local: Local): Code => [0x20, ...unsigned(local)]
export const set = (local: Local, value: Code): Code => [...value, 0x21, ...unsigned(local)]
export const constant = (value: number): Code => [0x41, ...signed(value)]
export const add = (one: Code, other: Code): Code => [...one, ...other, 0x6a]
export const increase = (local: Local, by: Code): Code => set(local, add(get(local), by))
export const subtract = (one: Code, other: Code): Code => [...one, ...other, 0x6b]
export const multiply = (one: Code, other: Code): Code => [...one, ...other, 0x6c]
export const and = (one: Code, other: Code): Code => [...one, ...other, 0x71]
export const or = (one: Code, other: Code): Code => [...one, ...other, 0x72]
export const shiftLeft = (value: Code, bits: Code): Code => [...value, ...bits, 0x74]
/** The sign is kept. */
export const shiftRight = (value: Code, bits: Code): Code => [...value, ...bits, 0x75]
export const load = (address: Code, offset = 0): Code => [...address, 0x28, ...reach(offset)]
export const loadByte = (address: Code, offset = 0): Code => [...address, 0x2d, ...reach(offset)]
export const loadSignedShort = (address: Code): Code => [...address, 0x2e, ...reach(0)]
export const loadShort = (address: Code, offset = 0): Code => [...address, 0x2f, ...reach(offset)]
export const store = (address: Code, value: Code, offset = 0): Code => [...address, ...value, 0x36, ...reach(offset)]
export const storeShort = (address: Code, value: Code, offset = 0): Code => [
  ...address,
  ...value,
  0x3b,
  ...reach(offset),
]

/** Numbers of 64 bits. */
export const longs = {
  shiftLeft: (value: Code, bits: Code): Code => [...value, ...bits, 0xad, 0x86],
  /** Zeros come in. */
  shiftRight: (value: Code, bits: Code): Code => [...value, ...bits, 0xad, 0x88],
  /** The lower 32 bits. */
  low: (value: Code): Code => [...value, 0xa7],
} as const

/** Calls a function of the same module by its place in it. */
export const call = (place: number, ...given: readonly Code[]): Code => [...given.flat(), 0x10, ...unsigned(place)]

/** Goes through one of two bodies. */
export const when = (condition: Code, body: Code, otherwise: Code = []): Code => [
  ...[...condition, 0x04, 0x40],
  ...body,
  ...(otherwise.length === 0 ? [] : [0x05, ...otherwise]),
  0x0b,
]

/** Goes through the body once, and again while the condition holds. */
export const repeatWhile = (condition: Code, ...body: readonly Code[]): Code => [
  ...[0x03, 0x40],
  ...body.flat(),
  ...condition,
  ...[0x0d, 0, 0x0b],
]

/** Goes through the body as often as a local says, at least once; the local is counted down to 0. */
export const repeat = (count: Local, ...body: readonly Code[]): Code =>
  repeatWhile([...add(get(count), constant(-1)), 0x22, ...unsigned(count)], ...body)

export const isZero = (value: Code): Code => [...value, 0x45]
/** Of numbers without a sign. */
export const isBelow = (one: Code, other: Code): Code => [...one, ...other, 0x49]
export const isAtLeast = (one: Code, other: Code): Code => [...one, ...other, 0x4f]
/** Of numbers with one. */
export const isAbove = (one: Code, other: Code): Code => [...one, ...other, 0x4a]

/** Vectors: sixteen bytes, eight numbers of 16 bits, or four of 32. */
export const vectors = {
  load: (address: Code, offset = 0): Code => [...address, ...vector(0x00), ...reach(offset)],
  /** Eight bytes as numbers of 16 bits. */
  loadWidened: (address: Code, offset = 0): Code => [...address, ...vector(0x02), ...reach(offset)],
  /** Eight bytes, and eight of 0. */
  loadHalf: (address: Code, offset = 0): Code => [...address, ...vector(0x5d), ...reach(offset)],
  /** The same 32 bits, four times. */
  loadRepeated: (address: Code, offset: number): Code => [...address, ...vector(0x09), ...reach(offset)],
  store: (address: Code, value: Code, offset = 0): Code => [...address, ...value, ...vector(0x0b), ...reach(offset)],
  /** Eight of the bytes: the first or the last. */
  storeHalf: (address: Code, value: Code, half: 0 | 1): Code => [
    ...address,
    ...value,
    ...vector(0x5b),
    ...reach(0),
    half,
  ],
  storeLane: (address: Code, value: Code, lane: number): Code => [
    ...address,
    ...value,
    ...vector(0x5a),
    ...reach(0),
    lane,
  ],
  bytes: (values: readonly number[]): Code => [...vector(0x0c), ...values],
  /** Bytes of two vectors, 0 to 31 in order. */
  shuffle: (one: Code, other: Code, places: readonly number[]): Code => [...one, ...other, ...vector(0x0d), ...places],
  /** Bytes of a vector by their places, 0 where there is no such place. */
  pick: (value: Code, places: Code): Code => [...value, ...places, ...vector(0x0e)],
  widenLow: (value: Code): Code => [...value, ...vector(0x89)],
  widenHigh: (value: Code): Code => [...value, ...vector(0x8a)],
  /** The first 64 bits as a number. */
  firstLong: (value: Code): Code => [...value, ...vector(0x1d), 0],
  and: (one: Code, other: Code): Code => [...one, ...other, ...vector(0x4e)],
  add: (one: Code, other: Code): Code => [...one, ...other, ...vector(0xae)],
  subtract: (one: Code, other: Code): Code => [...one, ...other, ...vector(0xb1)],
  shiftLeft: (value: Code, bits: number): Code => [...value, ...constant(bits), ...vector(0xab)],
  shiftRight: (value: Code, bits: number): Code => [...value, ...constant(bits), ...vector(0xac)],
  /** Products of numbers of 16 bits, added up two by two. */
  dot: (one: Code, other: Code): Code => [...one, ...other, ...vector(0xba)],
  /** Of numbers of 16 bits. */
  short: {
    /** The same number, eight times. */
    repeat: (value: Code): Code => [...value, ...vector(0x10)],
    add: (one: Code, other: Code): Code => [...one, ...other, ...vector(0x8e)],
    subtract: (one: Code, other: Code): Code => [...one, ...other, ...vector(0x91)],
    multiply: (one: Code, other: Code): Code => [...one, ...other, ...vector(0x95)],
    shiftLeft: (value: Code, bits: number): Code => [...value, ...constant(bits), ...vector(0x8b)],
    /** Zeros come in. */
    shiftRight: (value: Code, bits: number): Code => [...value, ...constant(bits), ...vector(0x8d)],
    /** Products over 2^15, rounded. */
    fraction: (one: Code, other: Code): Code => [...one, ...other, ...vector(0x82)],
  },
  /** Four numbers of 32 bits and four more, to 16 bits. */
  narrow: (one: Code, other: Code): Code => [...one, ...other, ...vector(0x85)],
  /** Eight numbers of 16 bits and eight more, to bytes: 255 where they are more. */
  narrowToBytes: (one: Code, other: Code): Code => [...one, ...other, ...vector(0x66)],
} as const

const integerType = 0x7f
const longType = 0x7e
const vectorType = 0x7b

/** The bytes of a module of functions on a memory that is given to it as `host.memory`. */
export function assemble(functions: readonly AssembledFunction[]): Uint8Array<ArrayBuffer> {
  const section = (id: number, content: Code): Code => [id, ...sized(content)]
  const types = functions.map(({ parameters }) => [
    0x60,
    ...listed(Array.from({ length: parameters }, () => [integerType])),
    0,
  ])
  const bodies = functions.map(({ integers, longs: longCount = 0, vectors: count, code }) =>
    sized([
      ...listed([
        [...unsigned(integers), integerType],
        [...unsigned(longCount), longType],
        [...unsigned(count), vectorType],
      ]),
      ...code,
      0x0b,
    ]),
  )
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, listed(types)),
    ...section(2, listed([[...named('host'), ...named('memory'), 2, 0, 1]])),
    ...section(3, listed(functions.map((_, index) => unsigned(index)))),
    ...section(7, listed(functions.map(({ name }, index) => [...named(name), 0, ...unsigned(index)]))),
    ...section(10, listed(bodies)),
  ])
}
