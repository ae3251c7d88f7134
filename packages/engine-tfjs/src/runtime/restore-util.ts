import { createRequire } from 'node:module'

/**
 * Node 23 removed functions of `util` that tfjs-node 4.22.0 calls (tensorflow/tfjs#8609; the fix was merged and never released), and
 * before that they warn. Its code looks them up on each call, so putting them there before it loads is enough.
 */
export function restoreUtil(): void {
  const util: Record<string, unknown> = createRequire(import.meta.url)('node:util')
  util.isNullOrUndefined = (value: unknown): boolean => value === null || value === undefined
}
