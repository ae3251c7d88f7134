import { ConvzooError } from '@convzoo/core'
import { fieldsOf, isOptionsObject, messageOf, requireArguments } from '@convzoo/core/define'
import { parseJson, pathOption, readRegularFile, requireUtf8, withoutMark } from '@convzoo/files'
import type { RunConfig } from './config.js'
import { withNamesOfToday } from './earlier.js'
import { parseYaml } from './yaml.js'

/** Bytes: room for the names of a hundred thousand classes in the `config.json` of a run. */
const largest = 2 ** 24

/**
 * Reads the configuration of a run from a YAML or JSON file; the `config.json` of a run is one. What it says is checked by whoever takes
 * it, as {@link train}.
 *
 * @throws ConvzooError of kind `file` if it cannot be read, or holds no object.
 * @example
 * await train(await readConfigFile('run.yaml'))
 */
export async function readConfigFile(path: string): Promise<RunConfig> {
  requireArguments('readConfigFile', { path: [pathOption, path] })
  const expected = 'the configuration of a run'
  const bytes = await readRegularFile(path, { mostBytes: largest, expected })
  requireUtf8(path, bytes, expected)
  const config = await parsed(path, withoutMark(bytes.toString('utf8')))
  if (isOptionsObject(config)) return withNamesOfToday(fieldsOf(config)) as Partial<RunConfig> as RunConfig
  throw unreadable(path, 'no object with network and data')
}

async function parsed(path: string, text: string): Promise<unknown> {
  try {
    return parseJson(text)
  } catch {
    // Then it may be YAML.
  }
  try {
    return await parseYaml(text)
  } catch (cause) {
    throw unreadable(path, messageOf(cause), cause)
  }
}

function unreadable(path: string, received: string, cause?: unknown): ConvzooError {
  return new ConvzooError({
    kind: 'file',
    message: `${path} cannot be read as the configuration of a run.`,
    expected: 'YAML or JSON such as { network: alexnet, data: flowers }',
    received,
    ...(cause === undefined ? {} : { cause }),
  })
}
