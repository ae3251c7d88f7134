import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Score } from '@convzoo/core'
import { isOptionsObject } from '@convzoo/core/define'
import { codeOf, fileError } from '@convzoo/files'
import { RunFolder } from '@convzoo/trainer'
import { given } from '../config/given.js'
import { readStored } from '../config/stored.js'

/** A run as a list shows it. What a run does not say of itself is left out. */
export interface ListedRun {
  /** Where it is, and the name of that folder. */
  readonly folder: string
  readonly name: string
  /** The id of its network, with the tag. */
  readonly network: string
  /** Where its images come from. */
  readonly data: string
  readonly optimizer: string
  readonly learningRate?: number
  readonly batchSize: number
  /** `running` while a process of this machine trains in it. */
  readonly state: 'finished' | 'stopped' | 'running'
  /** Epochs that it is to have, and those that are done. */
  readonly epochs: number
  readonly epoch: number
  /** Optimizer steps done. */
  readonly steps: number
  /** Of the split that has its last word; of a run that is not finished, of its last validation. */
  readonly split?: 'validation' | 'test'
  readonly loss?: number
  /** Parts of 1. */
  readonly top1?: number
  readonly top5?: number
  readonly metrics?: Score['metrics']
  /** Mean over the steps of its last epoch, where they recorded it. */
  readonly gradientNorm?: number
  /** That its steps took. */
  readonly seconds: number
  /** On the disk. */
  readonly bytes: number
  /** When its metrics, or else its configuration, changed last, as ISO 8601 has it. */
  readonly changed: string
}

/** @throws ConvzooError of kind `file` if the folder is no run, or what it holds is damaged. */
export async function listedRun(path: string, name: string): Promise<ListedRun> {
  const folder = await RunFolder.open(path)
  const stored = await readStored(folder)
  const at = (section: string, setting: string): unknown => {
    const settings = stored[section]
    return isOptionsObject(settings) ? Reflect.get(settings, setting) : undefined
  }
  const rate = at('optimizer', 'learningRate')
  const { score, gradientNorm, ...course } = await courseOf(folder)
  const finished = await folder.finishedScore()
  const state = (await folder.isLocked()) ? 'running' : finished === undefined ? 'stopped' : 'finished'
  const { bytes, changed } = await sizeOf(path)
  return {
    folder: path,
    name,
    network: String(at('network', 'id')),
    data: String(at('data', 'source')),
    optimizer: String(at('optimizer', 'name')),
    ...given({ learningRate: typeof rate === 'number' ? rate : undefined }),
    batchSize: Number(at('training', 'batchSize')),
    state,
    epochs: Number(at('training', 'epochs')),
    ...course,
    ...given({ ...scoreParts(finished ?? score), gradientNorm }),
    bytes,
    changed,
  }
}

type Looked = Score & { readonly split: 'validation' | 'test' }

function scoreParts(score: Looked | undefined): Partial<ListedRun> {
  if (score === undefined) return {}
  const { split, loss, top1, top5, metrics } = score
  return { split, loss, top1, top5, ...given({ metrics }) }
}

/** How far a run has come, and its last validation. */
async function courseOf({ metrics }: RunFolder) {
  let epoch = 0
  let steps = 0
  let seconds = 0
  let score: Looked | undefined
  let gradientNorm: number | undefined
  for await (const record of metrics.read()) {
    if (record.type === 'step') {
      steps = record.step + 1
      seconds += record.seconds
    }
    if (record.type !== 'epoch') continue
    epoch = record.epoch + 1
    gradientNorm = record.training.gradientNorm
    if (record.validation !== undefined) score = { ...record.validation, split: 'validation' }
  }
  return { epoch, steps, seconds, score, gradientNorm }
}

/** What is in a folder and the folders in it. Files may go while it is looked at: another process may train there. */
async function sizeOf(path: string): Promise<Pick<ListedRun, 'bytes' | 'changed'>> {
  try {
    const entries = await readdir(path, { recursive: true })
    const found = await Promise.all(entries.map((entry) => stat(join(path, entry)).catch(() => undefined)))
    const bytes = found.reduce((sum, each) => sum + (each?.isFile() === true ? each.size : 0), 0)
    const last = await stat(join(path, 'metrics.jsonl')).catch((error: unknown) => {
      if (codeOf(error) === 'ENOENT') return stat(join(path, 'config.json'))
      throw error
    })
    return { bytes, changed: last.mtime.toISOString() }
  } catch (cause) {
    throw fileError(`The run folder ${path} cannot be read`, cause)
  }
}
