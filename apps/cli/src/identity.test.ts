import { cpSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { FruitRun, weightsOf } from './testing/fruit-run.js'

const fruit = new FruitRun('identity')
const { convzoo, data, evaluate, resume } = fruit

describe('data whose classes have changed', () => {
  it('are refused with each name, and the run stays as it is', () => {
    renameSync(join(data, 'apple'), join(data, 'crabapple'))
    fruit.expectOtherClasses(['apple', 'crabapple'])
  })

  it('are refused by a prediction of a set that has one more', () => {
    cpSync(join(data, 'apple'), join(data, 'cherry'), { recursive: true })
    const { status, stderr } = convzoo('predict', fruit.run)
    expect([status, stderr]).toEqual([2, expect.stringMatching(/has cherry, which the run does not know/)])
  })
})

describe('data of which some images have changed', () => {
  it('are refused unless they are allowed, which is said', () => {
    cpSync(join(data, 'apple', '0.png'), join(data, 'apple', 'new.png'))
    fruit.expectChangedImages()
  })
})

describe('data that have moved', () => {
  it('are asked for where they were, and taken where they are, to the same end', () => {
    const before = evaluate().lines.at(-1)
    const twin = join(fruit.run, '..', 'twin')
    cpSync(fruit.run, twin, { recursive: true })
    expect(resume().status).toBe(0)
    const moved = join(fruit.run, '..', 'elsewhere')
    renameSync(data, moved)
    const missing = convzoo('evaluate', twin)
    expect([missing.status, missing.stderr]).toEqual([2, expect.stringMatching(/fruit[\s\S]*by --data/)])
    expect(convzoo('evaluate', twin, '--data', moved).lines.at(-1)).toBe(before)
    expect(convzoo('train', '--resume', twin, '--epochs', '2', '--data', moved).status).toBe(0)
    expect(weightsOf(twin).equals(weightsOf(fruit.run))).toBe(true)
    expect(convzoo('evaluate', twin).status).toBe(0)
  })
})

describe('a run whose configuration is damaged', () => {
  it('is refused, not taken for one of an earlier version', () => fruit.expectLacking('fingerprint', 5))
})

describe('a run of an earlier version, which does not know the names of its classes', () => {
  it('knows them once it has gone on, and refuses others from then on', () => {
    const path = join(fruit.run, 'config.json')
    const { made, ...config } = JSON.parse(readFileSync(path, 'utf8'))
    const { classNames, fingerprint, ...older } = made
    writeFileSync(path, JSON.stringify({ ...config, made: older }))
    const validated = evaluate()
    expect([validated.status, validated.stderr]).toEqual([0, expect.stringContaining('that it learnt from may be')])
    const resumed = resume()
    expect([resumed.status, resumed.stderr]).toEqual([0, expect.stringMatching(/are the same.*cannot be told/)])
    expect(evaluate().stderr).not.toContain('earlier version')
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ made: { classNames, fingerprint } })
    renameSync(join(data, 'apple'), join(data, 'crabapple'))
    expect([evaluate().status, evaluate().stderr]).toEqual([2, expect.stringContaining('crabapple')])
  })
})
