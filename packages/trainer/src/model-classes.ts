import { ConvzooError, type Dataset, type Model } from '@convzoo/core'
import { unusableOption } from '@convzoo/core/define'
import { areSameClasses, checkedClassNames, fittingDataset } from './batches/index.js'
import { listed } from './listed.js'

/** The names of a model's outputs: those that were given, of a checkpoint, or of the first dataset that it learns from. */
export class ModelClasses {
  readonly #model: Model
  readonly #given: readonly string[] | undefined
  readonly #log: (line: string) => void
  #names: readonly string[] | undefined

  /** @throws ConvzooError of kind `option` if names are given that are not one text for each output. */
  constructor(model: Model, given: readonly string[] | undefined, log: (line: string) => void) {
    this.#model = model
    this.#given = given === undefined ? undefined : givenNames(given, model)
    this.#names = this.#given
    this.#log = log
  }

  /** In the order of the outputs; undefined while nobody has said them. */
  get names(): readonly string[] | undefined {
    return this.#names
  }

  /**
   * A dataset as the model takes it, to evaluate: it may have some of the classes only.
   *
   * @throws ConvzooError of kind `shape` or `data` if it does not fit.
   */
  evaluated(dataset: Dataset): Dataset {
    return this.#fitting(dataset, this.#names, true)
  }

  /** The same for a dataset to learn from, and one to validate on. Where names are not known, those of the first count. */
  trained(
    dataset: Dataset,
    validation: Dataset | undefined,
  ): { readonly training: Dataset; readonly validated?: Dataset } {
    const training = this.#fitting(dataset, this.#names, false)
    if (validation === undefined) return { training }
    return { training, validated: this.#fitting(validation, this.#names ?? training.classes, true) }
  }

  /** Names the outputs as a dataset does, unless they have names. */
  learn({ name, classes }: Dataset, loadedFrom: string | undefined): void {
    if (this.#names !== undefined) return
    if (loadedFrom !== undefined) {
      this.#log(`${loadedFrom} holds no names of classes: those of ${name} are taken, in their order.`)
    }
    this.#names = Object.freeze([...classes])
  }

  /**
   * Looks at the names that a checkpoint has.
   *
   * @throws ConvzooError of kind `file` if they cannot be those of the model's outputs, of kind `state` if they are others than those that
   * were given, or in another order.
   */
  requireSame(loaded: readonly string[] | undefined, path: string): void {
    const given = this.#given
    if (loaded === undefined) return
    const outputs = this.#model.output.shape[0] ?? 0
    if (checkedClassNames(loaded, path, 'file').length !== outputs) {
      throw new ConvzooError({
        kind: 'file',
        message: `${path} has not as many names of classes as the network has outputs.`,
        expected: String(outputs),
        received: `${loaded.length}: ${listed(loaded)}`,
        hint: 'use the network that it was made with, or another checkpoint',
      })
    }
    if (given === undefined || areSameClasses(given, loaded)) return
    throw new ConvzooError({
      kind: 'state',
      message: `${path} is of a network with other classes, or has them in another order.`,
      expected: listed(given),
      received: listed(loaded),
      hint: 'leave the option "classes" out: the checkpoint has the names of its own',
    })
  }

  /** Takes over the names that a checkpoint has. */
  load(loaded: readonly string[] | undefined): void {
    this.#names = this.#given ?? loaded
  }

  #fitting(given: Dataset, classes: readonly string[] | undefined, some: boolean): Dataset {
    const { dataset, lines } = fittingDataset(given, { model: this.#model, classes, some })
    for (const line of lines) this.#log(line)
    return dataset
  }
}

function givenNames(classes: unknown, model: Model): readonly string[] {
  const names = checkedClassNames(classes, 'The option "classes"', 'option')
  const outputs = model.output.shape[0] ?? 0
  if (names.length === outputs) return names
  throw unusableOption('"classes"', {
    expected: `${outputs} names, one for each output of ${model.name}`,
    received: `${names.length} names`,
  })
}
