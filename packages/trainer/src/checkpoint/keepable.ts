import { ConvzooError } from '@convzoo/core'
import { describeValue, unusableOption } from '@convzoo/core/define'
import { metadataOnceWritten, type TensorSpec } from '@convzoo/safetensors/blob'
import { decodeTrainerState, encodeTrainerState } from './checkpoint.js'
import { dataNames, requireSameSettings, type Settings } from './settings.js'

/**
 * What must agree for a run to go on: the caller's facts, and the trainer's own beside them.
 *
 * @throws ConvzooError of kind `option` if a name is one of the trainer's own.
 */
export function joinedSettings(identity: Settings, own: Settings): Settings {
  const taken = [...Object.keys(own), ...dataNames]
  const name = Object.keys(identity).find((each) => taken.includes(each))
  if (name === undefined) return { ...identity, ...own }
  throw unusableOption('"identity" of Trainer', {
    expected: `names other than ${taken.join(', ')}, which the trainer compares by itself`,
    received: `${name}: ${describeValue(identity[name])}`,
    hint: 'leave it out, or give the fact another name',
  })
}

/**
 * Makes sure that a checkpoint with these tensors and facts can be read again, before there is anything to lose.
 *
 * @throws ConvzooError of kind `option` if it could not.
 */
export function requireKeepable(
  specs: readonly TensorSpec[],
  settings: Settings,
  classes: readonly string[] | undefined,
): void {
  const path = 'A checkpoint of this trainer'
  try {
    const metadata = encodeTrainerState({
      position: { step: 0, epoch: 0, sample: 0 },
      totals: { samples: 0, loss: 0, top1: 0, top5: 0 },
      rateFactor: 1,
      settings,
      environment: '',
      ...(classes === undefined ? {} : { classes }),
      auxiliary: [],
    })
    const read = decodeTrainerState(path, metadataOnceWritten(path, specs, metadata))
    requireSameSettings(read.settings, settings, path)
  } catch (error) {
    if (!ConvzooError.isInstance(error)) throw error
    throw new ConvzooError({
      kind: 'option',
      message: 'A checkpoint of this trainer could not be read again.',
      expected: error.expected ?? 'an identity and names that a file can hold',
      received: error.received ?? error.sentence,
      hint: 'give a shorter identity, and shorter names to layers and classes',
      cause: error,
    })
  }
}
