import type { Metric } from '@convzoo/trainer'
import { completeMetrics, type Definitions } from '../config/config.js'

/**
 * The metrics that are chosen; the usual ones where nothing is said.
 *
 * @throws ConvzooError of kind `option` if there is none of such a name, or an option does not fit.
 */
export async function makeMetrics(choices: unknown, definitions: Definitions): Promise<readonly Metric[]> {
  const complete = await completeMetrics(choices, definitions)
  return Promise.all(
    complete.map(async ({ name, ...options }) => {
      const make = await definitions.find('metric', name)
      return make(options) as Metric
    }),
  )
}
