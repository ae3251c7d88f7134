import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { downloadWheel } from '@convzoo/files'

/** The newest TensorFlow, with which every suite was run. */
const testedTensorflow = '2.21.0'

/** Fetches a wheel with pip, into the cache of the user's project; one that is there is not fetched again. */
export async function fetchWheel(name: 'tensorflow' | 'tensorflow-cpu', project: string): Promise<string> {
  const cache = join(project, 'node_modules', '.cache', 'convzoo', 'wheels', `${name}-${testedTensorflow}`)
  const found = existsSync(cache) ? readdirSync(cache).find((file) => file.endsWith('.whl')) : undefined
  if (found !== undefined) return join(cache, found)
  mkdirSync(cache, { recursive: true })
  return downloadWheel(`${name}==${testedTensorflow}`, cache)
}
