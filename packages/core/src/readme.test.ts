import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import * as define from './define.js'
import * as engine from './engine.js'
import * as core from './index.js'
import { makers } from './initializers/option.js'
import * as layers from './layers/index.js'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

const modules: Readonly<Record<string, object>> = {
  '@convzoo/core': core,
  '@convzoo/core/define': define,
  '@convzoo/core/engine': engine,
}

/** The README's examples one after another, with imports from these modules. */
function examples(): string {
  return [...readme.matchAll(/```ts\n(.*?)```/gs)]
    .map(([, code = '']) => code)
    .join('\n')
    .replace(/import (\{.*?\}) from '(.*?)'/gs, "const $1 = modules['$2']")
}

it('the README shows code that runs, and whose loss falls', async () => {
  const logged: unknown[][] = []
  let printed = ''
  const run = Object.getPrototypeOf(async () => {}).constructor(
    ...[
      'modules',
      'console',
      'process',
      `${examples()}\nreturn { scaled: scaled.shape, residual: residual.output.shape, engine: plain({ threads: 2 }).name }`,
    ],
  )
  const shapes = await run(
    modules,
    { log: (...values: unknown[]) => logged.push(values) },
    { stdout: { write: (text: string) => (printed += text) } },
  )
  expect(shapes).toEqual({ scaled: [28, 28, 1], residual: [16, 16, 16], engine: 'plain' })
  // 5·5·8 + 8 and 12·12·8·10 + 10
  expect(printed).toMatch('Total params: 11,738\n')
  const losses = logged.slice(0, 5).map(([batch]) => (batch as Float32Array).reduce((sum, x) => sum + x, 0))
  expect(losses.at(-1)).toBeLessThan((losses[0] ?? 0) * 0.9)
  expect(logged.slice(0, 5).every(([, finite]) => (finite as Uint8Array)[0] === 1)).toBe(true)
  expect(logged.slice(6).map(([name]) => name)).toContain('dense/kernel/velocity')
})

it('the README names every layer, activation and initializer', () => {
  const { activations, defineLayer: _, ...others } = layers
  const isLayer = (value: unknown): boolean => typeof value === 'function'
  const names = [
    ...Object.entries(others).flatMap(([name, value]) => (isLayer(value) ? [name] : [])),
    ...Object.keys(activations),
    ...Object.keys(makers),
  ]
  expect(names.filter((name) => !readme.includes(`\`${name}\``))).toEqual([])
})
