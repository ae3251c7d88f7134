import { ConvzooError } from '../errors/index.js'

/** The ConvzooError that `attempt` throws; anything else is thrown on. */
export function errorOf(attempt: () => unknown): ConvzooError {
  try {
    attempt()
  } catch (error) {
    if (ConvzooError.isInstance(error)) return error
    throw error
  }
  throw new Error('Nothing was thrown.')
}
