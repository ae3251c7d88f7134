import { defaultProcessVariable, processors } from '@convzoo/files'

/** What TensorFlow reads from the environment when it is loaded. */
export interface RuntimeOptions {
  readonly threads?: number
  readonly gpuMemoryGrowth: boolean
}

/**
 * Sets the variables for these options in this process. What the user has set stands.
 *
 * @throws ConvzooError of kind `engine` if the process cannot be reached.
 */
export async function setEnvironment({ threads = threadsOfQuota(), gpuMemoryGrowth }: RuntimeOptions): Promise<void> {
  const wanted = {
    // Without its chatter; errors stay.
    TF_CPP_MIN_LOG_LEVEL: '2',
    TF_FORCE_GPU_ALLOW_GROWTH: String(gpuMemoryGrowth),
    ...(threads === undefined ? {} : { TF_NUM_INTRAOP_THREADS: String(threads) }),
  }
  for (const [name, value] of Object.entries(wanted)) await defaultProcessVariable(name, value)
}

/** TensorFlow counts processors and knows nothing of quotas. */
function threadsOfQuota(): number | undefined {
  const { count, quota } = processors()
  return quota === undefined ? undefined : count
}
