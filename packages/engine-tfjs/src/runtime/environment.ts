/** What TensorFlow reads from the environment when it is loaded. */
export interface RuntimeOptions {
  readonly threads?: number
  readonly gpuMemoryGrowth: boolean
}

/** Variables for these options. What the user has set stands. */
export function environmentOf({ threads, gpuMemoryGrowth }: RuntimeOptions): Readonly<Record<string, string>> {
  return {
    // Without its chatter; errors stay.
    TF_CPP_MIN_LOG_LEVEL: '2',
    TF_FORCE_GPU_ALLOW_GROWTH: String(gpuMemoryGrowth),
    ...(threads === undefined ? {} : { TF_NUM_INTRAOP_THREADS: String(threads) }),
    ...process.env,
  }
}
