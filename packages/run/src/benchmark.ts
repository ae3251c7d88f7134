import { requireArguments, text } from '@convzoo/core/define'
import type { Benchmark } from './benchmarking/measure.js'
import type { BenchmarkOptions } from './benchmarking/options.js'

/**
 * How fast a network trains or predicts here, on images of noise that are in memory already: no folder is read and nothing is left of it.
 *
 * @param id Of the network, such as `alexnet` or `nin.notebook`.
 * @returns Undefined where the signal stopped it.
 * @throws ConvzooError of kind `option` for a bad option, of kind `registry` for a network that is not installed, of kind `engine` where the engine
 * cannot compute it.
 * @example
 * const found = await benchmark('alexnet', { mode: 'infer', batchSize: 16 })
 * console.log(found?.imagesPerSecond)
 */
export async function benchmark(id: string, options: BenchmarkOptions = {}): Promise<Benchmark | undefined> {
  requireArguments('benchmark', { id: [text, id] })
  const { parsedBenchmarkOptions } = await import('./benchmarking/options.js')
  const parsed = parsedBenchmarkOptions(options)
  const { measured } = await import('./benchmarking/measure.js')
  return measured(id, parsed)
}
