import { basename } from 'node:path'
import { ConvzooError, type NamedTensor } from '@convzoo/core'
import { codeOf } from '@convzoo/files'
import type { TensorSpec } from '@convzoo/safetensors'
import { openSafetensors, type SafetensorsFile } from '@convzoo/safetensors'
import { openCheckpoint } from '../checkpoint/index.js'
import { nodePlatform } from '../node-platform.js'
import { requireSameTensors } from '../tensors.js'
import { networkNames } from './history.js'
import { isThere } from './is-there.js'

/** Where weights were found. */
export interface WeightsSource {
  /** Those of the finished run, or those of a run that was stopped or goes on. */
  readonly kind: 'finished' | 'checkpoint'
  readonly path: string
  /** Of a checkpoint: optimizer steps and whole epochs that were done. */
  readonly step?: number
  readonly epoch?: number
}

/** The newest weights of a run. */
export interface NewestWeights extends WeightsSource {
  /** What could not be read and was passed over, a sentence each. */
  readonly warnings: readonly string[]
  /**
   * Opens the file, hands the weights and statistics of the network over, without what the optimizer keeps beside them, and closes it. If
   * a process that trains has replaced the checkpoint meanwhile, those of the newest one are handed over; `from` says whose they are.
   *
   * @param expected Names and shapes of the weights that there should be, where they are known: others are refused before they are read.
   * @throws ConvzooError of kind `file` if they cannot be read, of kind `state` if they are not those that are expected.
   */
  read<T>(use: UseWeights<T>, expected?: readonly TensorSpec[]): Promise<T>
}

/** Does something with weights, one tensor at a time. */
type UseWeights<T> = (tensors: AsyncIterable<NamedTensor>, from: WeightsSource) => Promise<T>

/** Where a run keeps its weights. */
export interface WeightsPlaces {
  /** The folder of the run, for errors. */
  readonly run: string
  readonly weights: string
  /** Paths of the checkpoints as they are now, the newest first. */
  readonly checkpoints: () => Promise<readonly string[]>
}

/** Checkpoints come and go while a process trains; more often than that in a row they do not. */
const mostLists = 20

/** @throws ConvzooError of kind `file` if there are no weights that can be read. */
export async function newestWeights(places: WeightsPlaces, isFinished: boolean): Promise<NewestWeights> {
  const warnings: string[] = []
  const source = await newestSource(places, isFinished, warnings)
  return { ...source, warnings, read: (use, expected) => readFrom(places, source, use, expected) }
}

async function newestSource(places: WeightsPlaces, isFinished: boolean, warnings: string[]): Promise<WeightsSource> {
  const finished: WeightsSource = { kind: 'finished', path: places.weights }
  const hasFinished = await isThere(places.weights)
  if (isFinished && hasFinished) return finished
  const checkpoint = await newestCheckpoint(places, warnings)
  if (checkpoint !== undefined) return checkpoint
  // Stopped while the finished weights were tested, and without checkpoints since.
  if (hasFinished) return finished
  throw new ConvzooError({
    kind: 'file',
    message: `The run in ${places.run} has no weights that can be read.`,
    expected: `${basename(places.weights)}, or a checkpoint`,
    received: warnings.length === 0 ? 'neither' : warnings.join(' '),
    hint:
      warnings.length === 0 ? 'wait for its first checkpoint, or go on with it' : 'put the files back, or train anew',
  })
}

async function newestCheckpoint(places: WeightsPlaces, warnings: string[]): Promise<WeightsSource | undefined> {
  const skipped = new Set<string>()
  for (let lists = 0; lists < mostLists; lists++) {
    const left = (await places.checkpoints()).filter((path) => !skipped.has(path))
    const [path] = left
    if (path === undefined) return undefined
    try {
      const source = await checkedCheckpoint(path)
      if (warnings.length > 0) warnings.push(`${basename(path)} is used instead.`)
      return source
    } catch (error) {
      if (!ConvzooError.isInstance(error) || error.kind !== 'file') throw error
      // Removed since the list was made, as there are newer ones: they are looked for again.
      if (isGone(error)) continue
      skipped.add(path)
      warnings.push(
        error.received === undefined ? error.sentence : `${error.sentence.replace(/\.$/, '')}: ${error.received}.`,
      )
    }
  }
  return undefined
}

/** Reads a checkpoint once to its end, so that what is said of it holds. */
async function checkedCheckpoint(path: string): Promise<WeightsSource> {
  const { file, state } = await openCheckpoint(nodePlatform.files, path)
  try {
    for await (const _ of file.read()) {
      // Each tensor is checked as it is read.
    }
    const { step, epoch } = state.position
    return { kind: 'checkpoint', path, step, epoch }
  } finally {
    await file.close()
  }
}

async function readFrom<T>(
  places: WeightsPlaces,
  source: WeightsSource,
  use: UseWeights<T>,
  expected: readonly TensorSpec[] | undefined,
): Promise<T> {
  const { file, names, from } = await opened(places, source)
  try {
    if (expected !== undefined) {
      const there = file.tensors.filter(({ name }) => names?.has(name) !== false)
      requireSameTensors(there, expected, from.path)
    }
    return await use(file.read(names), from)
  } finally {
    await file.close()
  }
}

interface OpenedWeights {
  readonly file: SafetensorsFile
  /** Those of the network; all where it is undefined. */
  readonly names: ReadonlySet<string> | undefined
  readonly from: WeightsSource
}

async function opened(places: WeightsPlaces, source: WeightsSource): Promise<OpenedWeights> {
  if (source.kind === 'finished') return { file: await openSafetensors(source.path), names: undefined, from: source }
  let from: WeightsSource | undefined = source
  for (let tries = 0; from !== undefined && tries < mostLists; tries++) {
    try {
      const { file, state } = await openCheckpoint(nodePlatform.files, from.path)
      return { file, names: networkNames(file, state.auxiliary), from }
    } catch (error) {
      if (!ConvzooError.isInstance(error) || !isGone(error)) throw error
      from = await newestCheckpoint(places, [])
    }
  }
  return opened(places, await newestSource(places, true, []))
}

const isGone = (error: ConvzooError): boolean => codeOf(error.cause) === 'ENOENT'
