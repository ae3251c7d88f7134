import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { smallRun } from './testing/convzoo.js'
import { commandsOf, complaint, full, toFull, withoutReader } from './testing/outputs.js'
import { Project } from './testing/project.js'

const { folder, convzoo } = new Project('pipes-thorough')
const run = join(folder, 'run')
const commands = Object.entries(commandsOf(run))
beforeAll(() => {
  expect(convzoo(...smallRun(run)).status).toBe(0)
})

describe('a reader that goes', () => {
  it.each(commands)('ends %s without a word', async (_, parameters) => {
    const { code, stderr } = await withoutReader(folder, ['stdout'], parameters)
    expect([code, stderr]).toEqual([0, expect.not.stringMatching(/EPIPE|^\s+at |defect/m)])
  })
})

describe.skipIf(full === undefined)('a stdout that is full', () => {
  it.each(commands)('is exit code 2 and a line of %s', async (_, parameters) => {
    const { code, stderr } = await toFull(folder, parameters)
    expect([code, stderr]).toEqual([2, expect.stringContaining(complaint)])
    expect(stderr.split('error:')).toHaveLength(2)
    expect(stderr).not.toMatch(/^\s+at |defect/m)
  })
})
