import { isOptionsObject, matching } from '@convzoo/core/define'
import type { Choice } from '../plugins/definition.js'

/** What a network runs on: an engine by its name, or with its options. */
export const engineOption = matching(
  'the name of an engine, or { name, device, … }',
  (given): given is Choice => typeof given === 'string' || isOptionsObject(given),
)
