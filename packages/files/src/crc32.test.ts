import { expect, it } from 'vitest'
import { crc32, crc32c } from './crc32.js'

// RFC 3720, appendix B.4.
it.each([
  ['32 bytes of zeros', new Uint8Array(32), 0x8a9136aa],
  ['32 bytes of ones', new Uint8Array(32).fill(0xff), 0x62a8ab43],
  ['32 bytes that go up', Uint8Array.from({ length: 32 }, (_, at) => at), 0x46dd794e],
  ['32 bytes that go down', Uint8Array.from({ length: 32 }, (_, at) => 31 - at), 0x113fdb5c],
])('sums %s as RFC 3720 does', (_, bytes, sum) => {
  expect(crc32c(bytes)).toBe(sum)
})

it('sums the check values of catalogues', () => {
  const check = new TextEncoder().encode('123456789')
  expect(crc32c(check)).toBe(0xe3069283)
  expect(crc32(check)).toBe(0xcbf43926)
  for (const sum of [crc32, crc32c]) expect(sum(new Uint8Array())).toBe(0)
})

it.each([undefined, null, 'text', [1, 2], new Float32Array(2)])('refuses what are no bytes: %o', (value) => {
  const never = value as never
  for (const sum of [crc32, crc32c]) expect(() => sum(never)).toThrow(/a Uint8Array/)
})
