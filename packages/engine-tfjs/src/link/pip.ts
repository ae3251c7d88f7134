import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { runCommand } from './command.js'
import { linkError } from './errors.js'

/** The newest TensorFlow, with which every suite was run. */
const testedTensorflow = '2.21.0'

/** Fetches a wheel with pip, into the cache of the user's project; one that is there is not fetched again. */
export async function fetchWheel(name: 'tensorflow' | 'tensorflow-cpu', project: string): Promise<string> {
  const cache = join(project, 'node_modules', '.cache', 'convzoo', 'wheels', `${name}-${testedTensorflow}`)
  const find = (): string | undefined =>
    existsSync(cache) ? readdirSync(cache).find((file) => file.endsWith('.whl')) : undefined
  if (find() === undefined) {
    mkdirSync(cache, { recursive: true })
    // The libraries are the same in the wheels for every Python; any one will do.
    const parameters = [
      '-m',
      'pip',
      'download',
      '--quiet',
      '--no-deps',
      '--only-binary=:all:',
      '--python-version',
      '3.12',
    ]
    const { code, errors } = await runCommand('python3', [
      ...parameters,
      '--dest',
      cache,
      `${name}==${testedTensorflow}`,
    ])
    if (code !== 0) {
      throw linkError({
        message: `pip could not fetch the wheel of ${name} ${testedTensorflow}.`,
        received: code === undefined ? 'there is no python3' : (errors.trim().split('\n').at(-1) ?? ''),
        hint: `fetch it elsewhere with "pip download --no-deps ${name}==${testedTensorflow}" and give its path`,
      })
    }
  }
  const wheel = find()
  if (wheel === undefined) throw linkError({ message: `pip left no wheel in ${cache}.` })
  return join(cache, wheel)
}
