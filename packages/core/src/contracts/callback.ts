/** What a training step gave. */
export interface StepRecord {
  readonly type: 'step'
  /** Optimizer steps done before this one. */
  readonly step: number
  /** From 0. */
  readonly epoch: number
  /** Samples in this batch. */
  readonly samples: number
  /** Mean over the batch. */
  readonly loss: number
  readonly learningRate: number
  readonly weightDecay: number
  /** Seconds that the step took, and those of them that it waited for data. */
  readonly seconds: number
  readonly waited: number
}

/** How well the network does on a set of samples. */
export interface Score {
  readonly samples: number
  /** Mean over the samples. */
  readonly loss: number
  /** Parts of 1. */
  readonly top1: number
  readonly top5: number
}

export interface EpochRecord {
  readonly type: 'epoch'
  readonly epoch: number
  /** Over the steps of the epoch, while the weights moved. */
  readonly training: Score
  readonly validation?: Score
  /** Since the epoch began, or was resumed. */
  readonly seconds: number
}

/** What has gone by and what is to come. */
export interface Progress {
  readonly epochs: number
  readonly stepsPerEpoch: number
  readonly samplesPerEpoch: number
  /** What was done before, by the run that is resumed. */
  readonly done: { readonly steps: number; readonly samples: number }
}

/** Watches a training run. Each function may be asynchronous; training waits for it. */
export interface Callback {
  onTrainBegin?(progress: Progress): void | Promise<void>
  onStep?(record: StepRecord): void | Promise<void>
  onEpoch?(record: EpochRecord): void | Promise<void>
  onTrainEnd?(): void | Promise<void>
}
