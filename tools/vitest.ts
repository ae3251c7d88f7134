import { defineConfig, type ViteUserConfig } from 'vitest/config'

type TestOptions = NonNullable<ViteUserConfig['test']>

/** How every package tests. The JSON report is what `tools/test-totals.mjs` adds up. */
export function tests(options: TestOptions = {}) {
  return defineConfig({
    test: {
      include: ['src/**/*.test.ts'],
      testTimeout: 60_000,
      hookTimeout: 60_000,
      reporters: ['default', ['json', { outputFile: '.vitest/results.json' }]],
      ...options,
    },
  })
}
