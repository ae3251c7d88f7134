import tar from 'tar-stream'

/** Members of an archive: regular files by their names, or whatever a header says. */
export type Members = readonly (readonly [Pick<tar.Header, 'name'> & Partial<tar.Header>, (string | Buffer)?])[]

/** A tar archive, as a well-kept library writes it. */
export async function archive(members: Members): Promise<Buffer> {
  const pack = tar.pack()
  for (const [header, contents] of members) pack.entry(header, contents ?? '')
  pack.finalize()
  const parts: Uint8Array[] = []
  for await (const part of pack) if (part instanceof Uint8Array) parts.push(part)
  return Buffer.concat(parts)
}
