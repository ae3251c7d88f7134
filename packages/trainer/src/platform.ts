import type { SafetensorsFile, WriteOptions } from '@convzoo/safetensors/blob'

/** Tells, of what is called, from within which work it was begun. */
export interface CallScope<T> {
  /** Whether it follows promises and timers. Where nothing does, `current` is what began last, whoever asks. */
  readonly follows: boolean
  /** Does work with a value that what is begun from within it finds. */
  run<R>(value: T, work: () => R): R
  current(): T | undefined
}

/** Where checkpoints are, by path or name. */
export interface CheckpointFiles {
  /** @throws ConvzooError of kind `file` if it cannot be written; one that was there before stays whole. */
  write(path: string, options: WriteOptions): Promise<void>
  /** @throws ConvzooError of kind `file` if it is missing, damaged or of another format. */
  open(path: string): Promise<SafetensorsFile>
}

/** What a trainer needs of where it runs. */
export interface Platform {
  readonly files: CheckpointFiles
  scope<T>(): CallScope<T>
}
