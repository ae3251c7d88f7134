import type { Engine, Executable } from '@convzoo/core'
import { interpreterEngine } from '@convzoo/core/engine'
import { describe, expect, it } from 'vitest'
import { dataset, trainer, weightsOf } from './testing/brighter.js'

/** An engine that computes rightly but for what is replaced. */
const oddEngine = (more: Readonly<Record<string, unknown>>): Engine => ({
  ...interpreterEngine({ precision: 'float32' }),
  name: 'odd',
  compile: async (program) => Object.assign(await interpreterEngine({ precision: 'float32' }).compile(program), more),
})

const nothings: readonly unknown[] = [undefined, null, 7, 'text', [], [null], {}, () => ({})]
const never = (value: unknown) => value as never

const cases: readonly (readonly [string, Engine])[] = [
  ...nothings.flatMap((value): readonly (readonly [string, Engine])[] => [
    [`compile that gives ${String(value)}`, { ...oddEngine({}), compile: async () => never(value) }],
    [`run that gives ${String(value)}`, oddEngine({ run: async () => value })],
    [`readState that gives ${String(value)}`, oddEngine({ readState: () => value })],
  ]),
  ...(['run', 'readState', 'writeState', 'dispose'] satisfies (keyof Executable)[]).map(
    (name): readonly [string, Engine] => [`nothing as ${name}`, oddEngine({ [name]: undefined })],
  ),
  ['readState that gives none of the tensors', oddEngine({ readState: async function* () {} })],
  [
    'readState that gives tensors of another shape',
    oddEngine({
      readState: async function* (names: readonly string[]) {
        for (const name of names) yield { name, shape: [1], data: new Float32Array(1) }
      },
    }),
  ],
  [
    'outputs of another length',
    oddEngine({
      run: async () => ({ losses: new Float32Array(1), finite: Uint8Array.of(1), probabilities: new Float32Array(1) }),
    }),
  ],
]

describe('an engine that gives nonsense', () => {
  it.each(cases)('is named: %s', async (_, engine) => {
    const made = trainer([], 1, { engine })
    const refused = { kind: 'engine', message: expect.stringContaining('"odd"') }
    const use = async (): Promise<void> => {
      await made.fit(dataset(), { epochs: 1, batchSize: 4 })
      await weightsOf(made)
    }
    await expect(use()).rejects.toMatchObject(refused)
  })
})
