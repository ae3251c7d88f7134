import { stat } from 'node:fs/promises'

/** Whether there is a folder at a path: weights in one are those of a run. */
export const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )
