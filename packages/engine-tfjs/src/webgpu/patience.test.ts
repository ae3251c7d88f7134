import { describe, expect, it } from 'vitest'
import { patiently } from './patience.js'

/** Done after so many turns of the event loop, which the naps have to leave alone. */
async function turns(count: number): Promise<number> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve))
  return count
}

describe('waiting with naps', () => {
  it('gives what was waited for, when several wait at once too', async () => {
    expect(await patiently(Promise.resolve('at once'))).toBe('at once')
    expect(await Promise.all([patiently(turns(30)), patiently(turns(7))])).toEqual([30, 7])
  })

  it('fails as what was waited for fails', async () => {
    const failing = turns(3).then(() => {
      throw new Error('refused')
    })
    await expect(patiently(failing)).rejects.toThrow('refused')
  })
})
