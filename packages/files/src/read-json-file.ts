import { ConvzooError } from '@convzoo/core'
import { messageOf } from '@convzoo/core/define'
import { isJsonObject, type JsonObject, parseJson, withoutMark } from './json.js'
import { type ReadOptions, readRegularFile } from './regular-file.js'
import { requireUtf8 } from './text-encoding.js'

/**
 * Reads a file that holds one JSON object.
 *
 * @throws ConvzooError of kind `file` that names the path, if it cannot be read, is too large, is not in UTF-8, or holds something else.
 * @example
 * const manifest = await readJsonFile('package.json', { expected: 'a package.json', mostBytes: 2 ** 20 })
 */
export async function readJsonFile(path: string, options: ReadOptions): Promise<JsonObject> {
  const bytes = await readRegularFile(path, options)
  requireUtf8(path, bytes, options.expected)
  let received: string
  try {
    const value = parseJson(withoutMark(bytes.toString('utf8')))
    if (isJsonObject(value)) return value
    received = 'JSON that is no object'
  } catch (error) {
    received = bytes.length === 0 ? 'an empty file' : messageOf(error)
  }
  throw new ConvzooError({
    kind: 'file',
    message: `${path} cannot be read.`,
    expected: options.expected,
    received,
    hint: 'put the file back as it was written: it may be cut off or of another format',
  })
}
