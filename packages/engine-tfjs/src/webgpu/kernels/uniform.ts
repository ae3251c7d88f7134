import type { Shape } from '@convzoo/core'
import { sizeOf } from '@convzoo/core/define'
import { elementShader, type Shader } from '../shader.js'

const rounds = [
  [13, 15, 26, 6],
  [17, 29, 16, 24],
]

/** One of Threefry's 20 rounds: `x.y` is rotated, not shifted. */
const round = (bits: number): string => `  x.x += x.y; x.y = ((x.y << ${bits}u) | (x.y >> ${32 - bits}u)) ^ x.x;`

/** After each four rounds words of the key are added, in turn. */
const injected = (block: number): string =>
  `  x.x += key[${(block + 1) % 3}]; x.y += key[${(block + 2) % 3}] + ${block + 1}u;`

/** Core's `threefry2x32`, whose integers wrap around here as there. */
const threefry = `
fn threefry(key0 : u32, key1 : u32, counter : vec2<u32>) -> vec2<u32> {
  let key = vec3<u32>(key0, key1, key0 ^ key1 ^ 0x1bd11bdau);
  var x = counter + key.xy;
${[0, 1, 2, 3, 4].flatMap((block) => [...(rounds[block % 2] ?? []).map(round), injected(block)]).join('\n')}
  return x;
}`

/**
 * Core's `uniformForSamples`, bit for bit: element e of sample s is word e mod 2 of Threefry(key, (s, ⌊e / 2⌋)), its upper 24 bits. A thread
 * makes two elements. The key of stream and step comes as uniforms, the samples as integers.
 */
export function uniformShader(shape: Shape): Shader {
  const [samples = 1, ...sample] = shape
  const elements = sizeOf(sample)
  const pairs = Math.ceil(elements / 2)
  return elementShader({
    name: 'uniform numbers',
    inputs: ['samples'],
    shape,
    uniforms: ['key0', 'key1'],
    count: samples * pairs,
    before: threefry,
    body: `
  let pair = index % ${pairs}; let sample = index / ${pairs};
  let words = threefry(uniforms.key0, uniforms.key1, vec2<u32>(bitcast<u32>(samples[sample]), u32(pair)));
  let at = sample * ${elements} + 2 * pair;
  result[at] = f32(words.x >> 8u) * 0x1p-24f;
  if (2 * pair + 1 < ${elements}) { result[at + 1] = f32(words.y >> 8u) * 0x1p-24f; }`,
  })
}
