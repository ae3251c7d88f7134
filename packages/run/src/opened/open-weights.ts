import { type ImageShape, preprocessingFor } from '@convzoo/core'
import { printable } from '@convzoo/core/define'
import { completeEngine, usual } from '../config/config.js'
import { openEngine } from '../engine/choice.js'
import type { Told } from '../listener.js'
import type { UsedPlan } from '../plan.js'
import type { Choice } from '../plugins/definition.js'
import { installedDefinitions } from '../plugins/definitions.js'
import { makeLoss } from '../training/update.js'
import { classNamesOf, storedNames } from '../weights/class-names.js'
import { networkOfFile, requireAsManyNames } from '../weights/network-of-file.js'
import { isForInput } from '../weights/stored-preprocessing.js'
import { openWeightsFile } from '../weights/weights-file.js'
import { OpenedNetwork } from './opened-network.js'

/** What a file of weights may not say itself. */
export interface WeightsChoice {
  readonly as: string | undefined
  readonly classes: string | readonly string[] | undefined
  readonly input: ImageShape | undefined
}

/** @throws ConvzooError if the file cannot be read, or does not hold the weights of the network. */
export async function openedWeights(
  path: string,
  { as, classes, input: given }: WeightsChoice,
  engine: Choice,
  told: Told,
): Promise<OpenedNetwork> {
  const file = await openWeightsFile(path, as)
  try {
    const { id, input, model, network } = networkOfFile(file, given)
    const classNames = classes === undefined ? storedNames(path, file.metadata.classes) : await classNamesOf(classes)
    if (classNames !== undefined) requireAsManyNames(classNames, model)
    const plan: UsedPlan = {
      settings: { network: { id, input }, data: {} },
      classes: model.classes,
      preprocessing:
        (isForInput(file.images, given) ? file.images.preprocessing : undefined) ??
        preprocessingFor(network.tag, input),
      ...(classNames === undefined ? {} : { classNames }),
    }
    const definitions = installedDefinitions()
    return new OpenedNetwork({
      path,
      name: `The file of weights ${printable(path)}`,
      plan,
      model,
      loss: await makeLoss({ loss: { name: usual.loss } }, definitions),
      engine: await openEngine(await completeEngine(engine, definitions), { announced: false }),
      told,
      history: async () => [],
      async load(trainer, partial) {
        const again = await openWeightsFile(path, as)
        try {
          await trainer.writeWeights(again.read(), { partial })
        } finally {
          await again.close()
        }
      },
    })
  } finally {
    await file.close()
  }
}
