import { fromBinary } from '@bufbuild/protobuf'
import { BinaryReader } from '@bufbuild/protobuf/wire'
import { ConvzooError } from '@convzoo/core'
import { messageOf, printable, requireArguments } from '@convzoo/core/define'
import { pathOption, readRegularFile } from '@convzoo/files'
import { ModelProtoSchema, StringStringEntryProtoSchema } from 'onnx-buf'

const expected = 'an ONNX model'

/** What a message of protobuf may hold. */
const mostBytes = 2 ** 31 - 1

const metadataField = ModelProtoSchema.field.metadataProps.number

/**
 * What stands in a model's file beside its graph, by key: what `writeOnnx` was given as `metadata`, or another program's. The graph is passed
 * over, its weights are not decoded.
 *
 * @throws ConvzooError of kind `file` if the file cannot be read, or is no model.
 * @example
 * const { classes = '[]' } = await readOnnxMetadata('flowers.onnx')
 */
export async function readOnnxMetadata(path: string): Promise<Readonly<Record<string, string>>> {
  requireArguments('readOnnxMetadata', { path: [pathOption, path] })
  const bytes = await readRegularFile(path, { mostBytes, expected })
  try {
    return Object.fromEntries(entriesIn(bytes))
  } catch (cause) {
    throw new ConvzooError({
      kind: 'file',
      message: `${printable(path)} is no ONNX model.`,
      expected,
      received: printable(messageOf(cause), 300),
      cause,
    })
  }
}

function* entriesIn(bytes: Uint8Array): Generator<readonly [key: string, value: string]> {
  const reader = new BinaryReader(bytes)
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag()
    if (field !== metadataField) {
      reader.skip(type)
      continue
    }
    const { key, value } = fromBinary(StringStringEntryProtoSchema, reader.bytes())
    yield [key, value]
  }
}
