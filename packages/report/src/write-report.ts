import { join } from 'node:path'
import { requireArguments } from '@convzoo/core/define'
import { pathOption, replaceFile } from '@convzoo/files'
import { RunFolder } from '@convzoo/trainer'
import { pageOf } from './page/page.js'
import { fixedParts } from './story/fixed.js'
import { readLook } from './story/look.js'
import { ToldRun } from './story/read-run.js'

/** The page in a run's folder. */
export const reportFile = RunFolder.pageFile

/**
 * Writes `report.html` into the folder of a run, whether it goes on, was stopped or is finished: one file that needs no network.
 *
 * @param folder What `train` made.
 * @returns Its path.
 * @throws ConvzooError of kind `file` if the folder is no run, or the page cannot be written.
 * @example
 * const path = await writeReport('runs/flowers')
 */
export async function writeReport(folder: string): Promise<string> {
  requireArguments('writeReport', { folder: [pathOption, folder] })
  const run = await ToldRun.open(folder)
  const [fixed, progress, look] = [await fixedParts(folder), await run.progress(), await readLook(folder)]
  const path = join(folder, reportFile)
  const { html } = await pageOf({ fixed, progress, look })
  await replaceFile(path, (file) => file.writeFile(html))
  return path
}
