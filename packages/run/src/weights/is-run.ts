import { stat } from 'node:fs/promises'

/** How names of files of weights end. */
const ofFiles = /\.(?:safetensors|pth|pt)$/i

/** Whether a path means a run, whose weights are in its folder: one where there is nothing does too, unless its name is that of a file. */
export const isRun = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => !ofFiles.test(path),
  )
