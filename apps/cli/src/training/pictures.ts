import { printable } from '@convzoo/core'
import type { Evaluation, RunFolder } from '@convzoo/trainer'

interface Tested {
  /** The line of the metrics that is still to be written. */
  readonly record: object
  readonly confusion: Evaluation['confusion']
  readonly classes: readonly string[]
}

/** Draws the training curves and the confusion matrix of a run that was tested. What draws is loaded only now. */
export async function drawRun(folder: RunFolder, { record, confusion, classes }: Tested): Promise<void> {
  const { confusionSvg, curvesSvg } = await import('@convzoo/visualize')
  const records: object[] = []
  for await (const entry of folder.metrics.read()) records.push(entry)
  await folder.writePicture('curves', await curvesSvg([...records, record]))
  await folder.writePicture(
    'confusion',
    await confusionSvg(
      confusion,
      classes.map((name) => printable(name)),
    ),
  )
}
