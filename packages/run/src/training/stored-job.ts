import { RunFolder } from '@convzoo/trainer'
import { encodePlan } from '../config/stored.js'
import type { Job } from './job.js'

/** What `config.json` holds of a job. */
export function storedOf({ plan, architecture }: Job): object {
  return encodePlan(plan, RunFolder.meanImageFile, { package: architecture.package })
}
