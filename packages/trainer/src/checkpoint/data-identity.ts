import { ConvzooError, type Dataset } from '@convzoo/core'
import { describeValue, formatShape, printable } from '@convzoo/core/define'
import type { Position } from '../stand.js'

/** What a trainer remembers of the images that it learns from, to know them again. */
export interface DataIdentity {
  readonly name: string
  readonly images: number
  /** As text: `(28, 28, 1)`. */
  readonly imageShape: string
  /** Of the dataset, where it has one. */
  readonly fingerprint?: string
}

/** What a trainer learns from, and how much of it at a time. */
export interface TrainedOn {
  readonly identity: DataIdentity
  readonly batchSize: number
  /** How an epoch goes through them, where it is not in an order that is merely shuffled. */
  readonly sampling?: 'balanced'
  /** Where training stood when it began with both; a checkpoint of an earlier version does not say. */
  readonly since?: Position
}

/**
 * What a dataset is.
 *
 * @throws ConvzooError of kind `data` if its fingerprint is no text; whatever the dataset throws.
 */
export async function identityOf(dataset: Dataset): Promise<DataIdentity> {
  const { name, length, imageShape } = dataset
  const known = { name, images: length, imageShape: formatShape(imageShape) }
  if (dataset.fingerprint === undefined) return known
  const fingerprint: unknown = await dataset.fingerprint()
  if (typeof fingerprint !== 'string' || fingerprint === '') {
    throw new ConvzooError({
      kind: 'data',
      message: `The fingerprint of ${printable(name)} is none.`,
      expected: 'a text that is not empty',
      received: describeValue(fingerprint),
    })
  }
  return { ...known, fingerprint }
}

/** Whether two are the same data: by their fingerprints, wherever they are kept now, and otherwise by name, number and shape. */
export function isSameData(saved: DataIdentity, now: DataIdentity): boolean {
  if (saved.images !== now.images) return false
  if (saved.fingerprint !== undefined && now.fingerprint !== undefined) return saved.fingerprint === now.fingerprint
  return saved.name === now.name && saved.imageShape === now.imageShape
}

/** Whether the order in which an epoch goes through the images leads to others than before. */
export function isOtherOrder(saved: DataIdentity, now: DataIdentity): boolean {
  const differ = saved.fingerprint !== undefined && now.fingerprint !== undefined
  return saved.images !== now.images || (differ && saved.fingerprint !== now.fingerprint)
}

const described = ({ name, images, imageShape, fingerprint }: DataIdentity): string =>
  `${printable(name)}, ${images} images ${imageShape}${fingerprint === undefined ? '' : `, fingerprint ${printable(fingerprint, 12)}`}`

/** @param where the checkpoint that training goes on from; undefined where it stopped in this trainer. */
export function changedData(saved: DataIdentity, now: DataIdentity, where: string | undefined): ConvzooError {
  return new ConvzooError({
    kind: 'state',
    message:
      where === undefined
        ? `Training stopped within an epoch, and ${printable(now.name)} are not the images that it went through.`
        : `${where} was made from other images than ${printable(now.name)} has now.`,
    expected: described(saved),
    received: described(now),
    hint: 'go on with the images as they were; or with these by allowChangedData, and the result is not that of a run that never stopped',
  })
}

/** @param again Whether the epoch under way starts anew. */
export function changedDataLine(saved: DataIdentity, now: DataIdentity, again: boolean): string {
  const others = `${described(saved)} before, ${described(now)} now`
  const anew = again ? ' The epoch under way starts anew.' : ''
  return `Training goes on with other images (${others}): the result is no longer bit for bit that of a run that never stopped.${anew}`
}
