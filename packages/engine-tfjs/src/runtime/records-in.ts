import type { Records } from './host.js'
import { noRecord } from './record.js'
import type { Runtime } from './runtime.js'
import { FunctionRecord } from './write-record.js'

/**
 * Records in a folder: a file for each function that was called.
 *
 * @throws ConvzooError of kind `option` if what the device does has no times.
 */
export function recordsIn(folder: string, { record, description }: Runtime): Records {
  if (record === undefined) throw noRecord(description)
  const functions = new Map<string, FunctionRecord>()
  return {
    async recorded(name, work) {
      const started = performance.now()
      const made = await record(work)
      const kept = functions.get(name) ?? new FunctionRecord(name)
      functions.set(name, kept)
      kept.add(made, started, performance.now() - started)
    },
    async end() {
      for (const each of functions.values()) await each.write(folder)
    },
  }
}
