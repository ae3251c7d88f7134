/** What a network can be measured at. */
export const benchmarkModes = ['train', 'infer'] as const
export type BenchmarkMode = (typeof benchmarkModes)[number]

/** Seconds that it can be measured for: a day. */
export const longestBenchmark = 86_400
