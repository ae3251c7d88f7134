import { fillUniform, seedWords, streamKey } from '@convzoo/core/engine'

/** Numbers that depend on a name alone, uniform in [from, to). */
export function numbers(name: string, count: number, from: number, to: number): Float32Array {
  const data = new Float32Array(count)
  fillUniform(streamKey(seedWords(1), name), 0, data)
  return data.map((value) => from + (to - from) * value)
}
