/**
 * How long a test of a suite may take, whatever its user's vitest says: networks run on an engine, perhaps on a busy machine, and vitest
 * itself gives five seconds. Only what hangs takes longer.
 */
export const patient = { timeout: 60_000 } as const
