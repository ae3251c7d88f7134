import { expect, it } from 'vitest'
import { crc32c } from './crc32c.js'

// RFC 3720, appendix B.4.
it.each([
  ['32 bytes of zeros', new Uint8Array(32), 0x8a9136aa],
  ['32 bytes of ones', new Uint8Array(32).fill(0xff), 0x62a8ab43],
  ['32 bytes that go up', Uint8Array.from({ length: 32 }, (_, at) => at), 0x46dd794e],
  ['32 bytes that go down', Uint8Array.from({ length: 32 }, (_, at) => 31 - at), 0x113fdb5c],
])('sums %s as RFC 3720 does', (_, bytes, sum) => {
  expect(crc32c(bytes)).toBe(sum)
})

it('sums the check value of catalogues', () => {
  expect(crc32c(new TextEncoder().encode('123456789'))).toBe(0xe3069283)
  expect(crc32c(new Uint8Array())).toBe(0)
})
