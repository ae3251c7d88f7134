import type { Callback } from '@convzoo/core'
import { Trainer } from '@convzoo/trainer'
import type { Job } from '../training/job.js'
import { updatingOf } from '../training/updating.js'

/** A trainer that updates as that of the run does, and keeps nothing. */
export const trialTrainer = (job: Job, log: (line: string) => void, onStep: NonNullable<Callback['onStep']>): Trainer =>
  new Trainer({ ...updatingOf(job), log, callbacks: [{ onStep }] })
