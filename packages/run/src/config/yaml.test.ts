import { describe, expect, it } from 'vitest'
import { parseYaml } from './yaml.js'

describe('YAML that comes from outside', () => {
  it('is parsed', () => {
    expect(parseYaml('# by hand\nnetwork: { id: nin, input: [67, 67, 3] }\ndata: flowers\n')).toEqual({
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
  ])('is refused where it is nested deep, before it is parsed: %s', (_, text) => {
    const before = process.memoryUsage().rss
    expect(() => parseYaml(text)).toThrow('YAML nested more than 64 deep')
    expect(process.memoryUsage().rss - before).toBeLessThan(2 ** 27)
  })

  it('is refused where it has aliases, or is long', () => {
    expect(() => parseYaml('network: &n nin\ndata: *n\n')).toThrow('Alias')
    expect(() => parseYaml(`network: ${'x'.repeat(2 ** 20)}`)).toThrow('characters of YAML')
  })
})
