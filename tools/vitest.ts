import { availableParallelism } from 'node:os'
import { configDefaults, defineConfig, type ViteUserConfig } from 'vitest/config'

type TestOptions = NonNullable<ViteUserConfig['test']>

/** More cases of what the tests beside them show: `pnpm verify:thorough` runs them. */
const thorough = 'src/**/*.thorough.test.ts'

/**
 * How every package tests: the tests of a file in another order each time, by a seed that is printed first, so that none needs another
 * one; `vitest run --sequence.seed=<seed>` repeats an order. The JSON report is what `tools/test-totals.mjs` adds up.
 */
export function tests(options: TestOptions = {}) {
  const isThorough = process.env.CONVZOO_THOROUGH !== undefined
  return defineConfig({
    test: {
      include: isThorough ? [thorough] : ['src/**/*.test.ts'],
      exclude: isThorough ? configDefaults.exclude : [...configDefaults.exclude, thorough],
      testTimeout: 60_000,
      hookTimeout: 60_000,
      // Most tests wait for a process, a file or a worker thread for a good part of their time.
      maxWorkers: availableParallelism(),
      sequence: { shuffle: { tests: true } },
      reporters: ['default', ['json', { outputFile: `.vitest/${isThorough ? 'thorough' : 'results'}.json` }]],
      ...options,
    },
  })
}
