import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { GraphBuilder, opsFor, type Program } from '@convzoo/core/engine'
import { tfjs } from '@convzoo/engine-tfjs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { project } from '../project.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'convzoo-profile-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 9 }))

const size = 256

/** A product of two squares, which takes a GPU a while, and what comes after it. */
function products(): Program {
  const builder = new GraphBuilder()
  const ops = opsFor(builder)
  const x = builder.input('x', { shape: [size, size], dtype: 'float32' })
  builder.output('y', ops.softmax(ops.matMul(x, x)))
  return { state: [], functions: { 'predict/1': builder.finish('predict/1') } }
}

const x = new Float32Array(size * size).fill(0.5)

interface TraceEvent {
  readonly cat: string
  readonly name: string
  readonly ts: number
  readonly dur: number
  readonly args?: { readonly shape: string }
}

describe('the option "profile" of tfjs on webgpu', () => {
  it('has a record written of what each shader took by the clock of the GPU', async () => {
    const where = join(folder, 'made', 'for it')
    const executable = await tfjs({ device: 'webgpu', project, allowCpu: true, profile: where }).compile(products())
    const first = await executable.run('predict/1', { x })
    await executable.run('predict/1', { x })
    await executable.dispose()
    expect(first.y?.[0]).toBeCloseTo(1 / size, 6)
    const [name = '', ...others] = readdirSync(where)
    expect([name, others]).toEqual([expect.stringMatching(/^predict-1_.*\.json$/), []])
    const events: readonly TraceEvent[] = JSON.parse(readFileSync(join(where, name), 'utf8'))
    const calls = events.filter(({ cat }) => cat === 'Session')
    const shaders = events.filter(({ cat }) => cat === 'Kernel')
    expect(calls).toHaveLength(2)
    expect(shaders.map((each) => each.name)).toEqual(['matrix product', 'row', 'matrix product', 'row'])
    expect(shaders.every(({ args }) => args?.shape === `${size}x${size}`)).toBe(true)
    const [product, row] = shaders
    // 33 million products and sums beside 65 thousand exponentials.
    expect(product?.dur).toBeGreaterThan(row?.dur ?? 0)
    const took = shaders.slice(2).reduce((sum, { dur }) => sum + dur, 0)
    expect(took).toBeLessThan(calls[1]?.dur ?? 0)
    expect(calls[1]?.ts).toBeGreaterThan(calls[0]?.ts ?? 0)
  })

  it('names a folder that cannot be made', async () => {
    const file = join(folder, 'file')
    writeFileSync(file, '')
    const engine = tfjs({ device: 'webgpu', project, allowCpu: true, profile: join(file, 'below') })
    await expect(engine.compile(products())).rejects.toMatchObject({ kind: 'file' })
  })
})
