import { describe, expect, it } from 'vitest'
import { parseYaml } from './yaml.js'

describe('YAML that comes from outside', () => {
  it('is parsed', async () => {
    expect(await parseYaml('# by hand\nnetwork: { id: nin, input: [67, 67, 3] }\ndata: flowers\n')).toEqual({
      network: { id: 'nin', input: [67, 67, 3] },
      data: 'flowers',
    })
  })

  it.each([
    ['lists within lists', '['.repeat(1e6)],
    ['lists of lines', '- '.repeat(1e5)],
    ['keys of keys', '? '.repeat(1e5)],
    ['maps within maps', '{a: '.repeat(1e5)],
    ['indents within indents', Array.from({ length: 1000 }, (_, at) => `${' '.repeat(at)}a:`).join('\n')],
  ])('is refused where it is nested deep, before it is parsed: %s', async (_, text) => {
    const before = process.memoryUsage().rss
    await expect(parseYaml(text)).rejects.toThrow('YAML nested more than 64 deep')
    expect(process.memoryUsage().rss - before).toBeLessThan(2 ** 27)
  })

  it('is refused where it has aliases, or is long', async () => {
    await expect(parseYaml('network: &n nin\ndata: *n\n')).rejects.toThrow('Alias')
    await expect(parseYaml(`network: ${'x'.repeat(2 ** 20)}`)).rejects.toThrow('characters of YAML')
  })
})
