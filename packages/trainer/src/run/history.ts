import type { NamedTensor } from '@convzoo/core'
import { ConvzooError } from '@convzoo/core'
import type { SafetensorsFile } from '@convzoo/safetensors'
import { openCheckpoint } from '../checkpoint/index.js'
import { nodePlatform } from '../node-platform.js'

/** The weights of a network as they were after some optimizer steps. */
export interface StepWeights {
  readonly step: number
  /** Whole epochs that were done. */
  readonly epoch: number
  readonly path: string
  /** The weights and statistics of the network, without what an optimizer keeps beside them. */
  readWeights(): AsyncGenerator<NamedTensor, void, undefined>
}

/** What a run was, as far as its checkpoints tell. */
export interface History {
  /** The oldest first, each step once. */
  readonly weights: readonly StepWeights[]
  /** What could not be read and was passed over, a sentence each. */
  readonly warnings: readonly string[]
}

/** The weights of checkpoints; one that cannot be read is passed over. */
export async function historyOf(paths: readonly string[]): Promise<History> {
  const found = new Map<number, StepWeights>()
  const warnings: string[] = []
  for (const path of paths) {
    try {
      const { file, state } = await openCheckpoint(nodePlatform.files, path)
      await file.close()
      const { step, epoch } = state.position
      found.set(step, { step, epoch, path, readWeights: () => networkTensors(path) })
    } catch (error) {
      if (!ConvzooError.isInstance(error) || error.kind !== 'file') throw error
      warnings.push(error.sentence)
    }
  }
  return { weights: [...found.values()].sort((a, b) => a.step - b.step), warnings }
}

async function* networkTensors(path: string): AsyncGenerator<NamedTensor, void, undefined> {
  const { file, state } = await openCheckpoint(nodePlatform.files, path)
  try {
    yield* file.read(networkNames(file, state.auxiliary))
  } finally {
    await file.close()
  }
}

/** What an optimizer keeps is named `<weight>/<slot>`; what only auxiliary heads have is listed. */
export function networkNames({ tensors }: SafetensorsFile, auxiliary: readonly string[]): ReadonlySet<string> {
  const all = new Set(tensors.map(({ name }) => name))
  const isBeside = (name: string): boolean => all.has(name.slice(0, Math.max(name.lastIndexOf('/'), 0)))
  return new Set([...all].filter((name) => !isBeside(name) && !auxiliary.includes(name)))
}
