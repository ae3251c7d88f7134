export const root: string

export interface EngineReport {
  readonly engine: string
  readonly device: string
  /** A report of vitest, from the root of the checkout. */
  readonly path: string
  /** Of the suite in a report of several. */
  readonly title?: string
}

/** The table of docs/engines.md anew, and the rows that are left as they were. */
export function table(
  former: string,
  found?: readonly EngineReport[],
): { readonly text: string; readonly kept: readonly string[] }
