import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { metricsOf, smallRun } from './testing/convzoo.js'
import { commandsOf, complaint, full, toFull, withoutReader } from './testing/outputs.js'
import { Project } from './testing/project.js'

const { folder, convzoo } = new Project('pipes')
const run = join(folder, 'run')
const commands = commandsOf(run)
beforeAll(() => {
  expect(convzoo(...smallRun(run)).status).toBe(0)
})

describe('a reader that goes', () => {
  it.each(['list', 'predict', 'help'])('ends %s without a word', async (name) => {
    const { code, stderr } = await withoutReader(folder, ['stdout'], commands[name] ?? [])
    expect([code, stderr]).toEqual([0, expect.not.stringMatching(/EPIPE|^\s+at |defect/m)])
  })

  it('lets a training go on to its end', async () => {
    const unread = join(folder, 'unread')
    const { code, stderr } = await withoutReader(folder, ['stdout'], smallRun(unread, '--epochs', '3'))
    expect([code, stderr]).toEqual([0, ''])
    expect(metricsOf(unread).filter(({ type }) => type === 'epoch')).toHaveLength(3)
    expect(existsSync(join(unread, 'weights.safetensors'))).toBe(true)
  })

  it('of both outputs, too', async () => {
    const unread = join(folder, 'both')
    const named = smallRun(unread, '--epochs', '2', '--engine', 'none')
    expect((await withoutReader(folder, ['stdout', 'stderr'], named)).code).toBe(2)
    expect((await withoutReader(folder, ['stdout', 'stderr'], smallRun(unread, '--epochs', '2'))).code).toBe(0)
    expect(existsSync(join(unread, 'weights.safetensors'))).toBe(true)
  })
})

describe.skipIf(full === undefined)('a stdout that is full', () => {
  it.each(['summary', 'evaluate', 'data inspect'])('is exit code 2 and a line of %s', async (name) => {
    const { code, stderr } = await toFull(folder, commands[name] ?? [])
    expect([code, stderr]).toEqual([2, expect.stringContaining(complaint)])
    expect(stderr.split('error:')).toHaveLength(2)
    expect(stderr).not.toMatch(/^\s+at |defect/m)
  })

  it('lets a training go on to its end, which is exit code 2 all the same', async () => {
    const whole = join(folder, 'whole')
    expect(await toFull(folder, smallRun(whole, '--epochs', '2'))).toEqual({ code: 2, stderr: complaint })
    expect(readdirSync(whole)).toContain('weights.safetensors')
    expect(convzoo('train', '--resume', whole).stdout).toContain('is finished')
  })
})
