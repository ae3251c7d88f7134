import { readFileSync, writeFileSync } from 'node:fs'

/** Changes the texts among the metadata of a safetensors file in its place, as someone with an editor would. */
export function rewriteMetadata(
  path: string,
  change: (metadata: Record<string, string>) => Record<string, string>,
): void {
  const bytes = readFileSync(path)
  const length = Number(bytes.readBigUInt64LE(0))
  const header = JSON.parse(bytes.toString('utf8', 8, 8 + length))
  const json = Buffer.from(JSON.stringify({ ...header, __metadata__: change(header.__metadata__) }))
  const start = Buffer.alloc(8)
  start.writeBigUInt64LE(BigInt(json.length))
  writeFileSync(path, Buffer.concat([start, json, bytes.subarray(8 + length)]))
}

/** Puts a value into a tensor of a safetensors file. */
export function writeElement(path: string, tensor: string, element: number, value: number): void {
  const bytes = readFileSync(path)
  const length = Number(bytes.readBigUInt64LE(0))
  const header = JSON.parse(bytes.toString('utf8', 8, 8 + length))
  bytes.writeFloatLE(value, 8 + length + header[tensor].data_offsets[0] + 4 * element)
  writeFileSync(path, bytes)
}
