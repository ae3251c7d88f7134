import { ConvzooError, isOptionsObject, messageOf, requireArguments } from '@convzoo/core'
import { pathOption, readRegularFile } from '@convzoo/files'
import { parse } from 'yaml'
import type { RunConfig } from './config.js'

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
  const text = (await readRegularFile(path, { mostBytes: largest, expected: 'the configuration of a run' })).toString(
    'utf8',
  )
  const config = parsed(path, text)
  if (isOptionsObject(config)) return config as RunConfig
  throw unreadable(path, 'no object with network and data')
}

function parsed(path: string, text: string): unknown {
  try {
    // A run needs no anchors; without them a small file cannot become a large object.
    const config: unknown = parse(text, { maxAliasCount: 0, prettyErrors: true })
    return config
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
