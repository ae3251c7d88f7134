import type { BatchPurpose } from '@convzoo/core'
import {
  boolean,
  defineOptions,
  imageShapeKind,
  integer,
  matching,
  type Option,
  optional,
  preprocessingKind,
  required,
} from '@convzoo/core/define'

/** What may be chosen of any dataset of images, checked. */
export const sampleParts = {
  imageShape: optional(imageShapeKind),
  preprocessing: optional(preprocessingKind),
  limit: optional(integer(1)),
} as const

const purposeParts = defineOptions({
  training: boolean,
  seed: integer(0),
  epoch: integer(0),
  view: optional(
    matching('a whole number from 0 to 9', (given): given is number =>
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].some((view) => view === given),
    ),
  ),
})

/** What a batch is for. */
export const purposeKind: Option<BatchPurpose, BatchPurpose> = required(
  '{ training, seed, epoch }',
  (given, subject) => {
    purposeParts.parse(subject, given as BatchPurpose)
    return given as BatchPurpose
  },
)
