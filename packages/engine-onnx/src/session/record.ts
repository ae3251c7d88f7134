import { join } from 'node:path'

/**
 * What ONNX Runtime's record of a function begins its name with, in a folder: `train/32` → `<folder>/train-32`. The date and `.json` are added
 * by ONNX Runtime.
 */
export const recordPrefix = (folder: string, name: string): string => join(folder, name.replaceAll('/', '-'))
