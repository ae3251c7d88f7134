import { ConvzooError, type Model, type NamedTensor, type WeightMatch } from '@convzoo/core'
import { printable } from '@convzoo/core/define'
import { RunFolder, type StartingWeightsRecord, type Trainer } from '@convzoo/trainer'
import type { RunSettings } from '../config/config.js'
import type { Told } from '../listener.js'
import { headWeights } from '../network/head.js'
import { findWeights } from '../weights/find-weights.js'
import { openWeightsFile } from '../weights/weights-file.js'

/** Gives a trainer the weights that its run starts from, and says what became of them. */
type StartingWeights = (trainer: Trainer, model: Model, told: Told) => Promise<StartingWeightsRecord>

/** Hands tensors over, and closes what they are read from. */
type Reading = <T>(use: (tensors: AsyncIterable<NamedTensor>) => Promise<T>, told: Told) => Promise<T>

/**
 * The newest weights of the run that another one starts from, or those of a file: those that fit by name and shape are taken, and it is said
 * which others there were. Undefined where the network starts from its seed.
 *
 * @throws ConvzooError of kind `file` if that is no run or no file of weights; of kind `option` for a new head of no weights; of kind
 * `state`, later, if none of the weights fits.
 */
export async function startingWeights({ network }: Pick<RunSettings, 'network'>): Promise<StartingWeights | undefined> {
  const { id, weights: source, head } = network
  if (source === undefined) {
    if (head !== undefined) throw headOfNothing()
    return undefined
  }
  const place = await findWeights(source)
  const read = place.kind === 'run' ? await ofRun(source) : await ofFile(place.path, place.published?.network ?? id)
  return async (trainer, model, told) => {
    const anew = new Set(head === undefined ? [] : headWeights(model))
    const unused: string[] = []
    async function* trunk(tensors: AsyncIterable<NamedTensor>): AsyncGenerator<NamedTensor, void, undefined> {
      for await (const tensor of tensors) {
        if (anew.has(tensor.name)) unused.push(tensor.name)
        else yield tensor
      }
    }
    const match = await read((tensors) => trainer.writeWeights(trunk(tensors), { partial: true }), told)
    const record = recordOf(source, match, unused)
    told.log(wordsOf(record))
    return record
  }
}

async function ofRun(path: string): Promise<Reading> {
  const folder = await RunFolder.open(path)
  const newest = await folder.newestWeights()
  return (use, told) => {
    told.warn(newest.warnings)
    return newest.read(use)
  }
}

/** Those of a file, such as {@link importWeights} writes, or a run ends with, or another library wrote for a network that knows it. */
async function ofFile(path: string, id: string): Promise<Reading> {
  // Before anything else is made.
  await (await openWeightsFile(path, id)).close()
  return async (use) => {
    const file = await openWeightsFile(path, id)
    try {
      return await use(file.read())
    } finally {
      await file.close()
    }
  }
}

function recordOf(
  source: string,
  { taken, left, missing, misshapen }: WeightMatch,
  unused: readonly string[],
): StartingWeightsRecord {
  return {
    type: 'starting-weights',
    source,
    taken,
    left: [...left, ...unused],
    anew: [...missing, ...misshapen.map(({ name }) => name)],
  }
}

function wordsOf({ source, taken, left, anew }: StartingWeightsRecord): string {
  const starting = anew.length === 0 ? '' : `; from the seed: ${named(anew)}`
  const unused = left.length === 0 ? '' : `; not used: ${named(left)}`
  return `weights ${taken.length} of ${printable(source)}${starting}${unused}`
}

const mostNamed = 5

function named(names: readonly string[]): string {
  const more = names.length > mostNamed ? ` and ${names.length - mostNamed} more` : ''
  return `${names
    .slice(0, mostNamed)
    .map((name) => printable(name))
    .join(', ')}${more}`
}

function headOfNothing(): ConvzooError {
  return new ConvzooError({
    kind: 'option',
    message: 'A new head goes with weights that the rest of the network starts from.',
    expected: '--weights beside --head new',
    received: 'no --weights',
    hint: 'leave --head out: without weights all of the network is new',
  })
}
