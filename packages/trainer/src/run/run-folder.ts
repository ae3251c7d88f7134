import { appendFile, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { ConvzooError, type NamedTensor } from '@convzoo/core'
import { openSafetensors, writeSafetensors } from '../safetensors/index.js'
import type { TensorSpec } from '../tensors.js'
import type { Trainer } from '../trainer.js'

/** How many checkpoints stay. */
const keptCheckpoints = 2

const files = {
  config: 'config.json',
  environment: 'environment.json',
  metrics: 'metrics.jsonl',
  weights: 'weights.safetensors',
  confusion: 'confusion.json',
} as const

const checkpointFormat = 'convzoo-checkpoint/v1'

/**
 * What a training run leaves behind: `config.json`, `environment.json`, `metrics.jsonl`, `checkpoints/`, `weights.safetensors`,
 * `confusion.json`.
 */
export class RunFolder {
  private constructor(readonly path: string) {}

  /**
   * A new run folder.
   *
   * @throws ConvzooError of kind `file` if there is something at that path already; nothing is changed then.
   */
  static async create(path: string): Promise<RunFolder> {
    const there = await readdir(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return []
      throw unusable(path, error)
    })
    if (there.length > 0) {
      throw new ConvzooError({
        kind: 'file',
        message: `The run folder ${path} exists already.`,
        expected: 'a new or empty folder',
        received: `a folder with ${there.length} entries`,
        mend: 'choose another one, or remove it',
      })
    }
    await mkdir(join(path, 'checkpoints'), { recursive: true }).catch((error: NodeJS.ErrnoException) => {
      throw unusable(path, error)
    })
    return new RunFolder(path)
  }

  /**
   * The folder of a run that was made before.
   *
   * @throws ConvzooError of kind `file` if it holds no configuration.
   */
  static async open(path: string): Promise<RunFolder> {
    const folder = new RunFolder(path)
    await folder.readConfig()
    return folder
  }

  async writeConfig(config: object): Promise<void> {
    await this.#writeJson(files.config, config)
  }

  async readConfig(): Promise<Readonly<Record<string, unknown>>> {
    const path = join(this.path, files.config)
    try {
      const config: unknown = JSON.parse(await readFile(path, 'utf8'))
      if (typeof config === 'object' && config !== null) return Object.fromEntries(Object.entries(config))
      throw new Error('it is not an object')
    } catch (cause) {
      throw new ConvzooError({
        kind: 'file',
        message: `${this.path} is not the folder of a run.`,
        expected: `a readable ${files.config} in it`,
        received: cause instanceof Error ? cause.message : String(cause),
        mend: 'give the folder that `convzoo train --run` made',
        cause,
      })
    }
  }

  async writeEnvironment(environment: object): Promise<void> {
    await this.#writeJson(files.environment, environment)
  }

  async writeConfusion(rows: readonly (readonly number[])[], classes: readonly string[]): Promise<void> {
    await this.#writeJson(files.confusion, { classes, rows })
  }

  /** Adds a line to the metrics. */
  async record(entry: object): Promise<void> {
    await appendFile(join(this.path, files.metrics), `${JSON.stringify(entry)}\n`)
  }

  /** Writes the finished weights and statistics. The file's bytes depend on nothing else. */
  async writeWeights(weights: readonly TensorSpec[], trainer: Trainer): Promise<void> {
    await writeSafetensors(join(this.path, files.weights), {
      specs: weights,
      read: (names) => trainer.readState(names),
    })
  }

  /** Opens the finished weights, hands them over and closes the file. */
  async readWeights<T>(use: (tensors: AsyncIterable<NamedTensor>) => Promise<T>): Promise<T> {
    const file = await openSafetensors(join(this.path, files.weights))
    try {
      return await use(file.read())
    } finally {
      await file.close()
    }
  }

  /** Writes all state and where training stands as one file, and removes the oldest beyond those that are kept. */
  async writeCheckpoint(name: string, trainer: Trainer, metadata: Readonly<Record<string, string>>): Promise<string> {
    const folder = join(this.path, 'checkpoints')
    const path = join(folder, `${name}.safetensors`)
    await writeSafetensors(path, {
      specs: trainer.state,
      read: (names) => trainer.readState(names),
      metadata: { ...metadata, format: checkpointFormat, trainer: JSON.stringify(trainer.position) },
    })
    const all = (await readdir(folder)).filter((file) => file.endsWith('.safetensors')).sort()
    for (const old of all.slice(0, -keptCheckpoints)) await rm(join(folder, old))
    return path
  }

  /** JSON is replaced in one move, as tensors are. */
  async #writeJson(name: string, content: object): Promise<void> {
    const path = join(this.path, name)
    await mkdir(dirname(path), { recursive: true })
    const temporary = `${path}.${process.pid}.tmp`
    const file = await open(temporary, 'w')
    try {
      await file.writeFile(`${JSON.stringify(content, null, 2)}\n`)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, path)
  }
}

function unusable(path: string, cause: NodeJS.ErrnoException): ConvzooError {
  return new ConvzooError({
    kind: 'file',
    message: `The run folder ${path} cannot be used.`,
    expected: 'a folder that can be written to',
    received: cause.message,
    cause,
  })
}
