import { basename } from 'node:path'
import { ConvzooError } from '@convzoo/core'
import { shortReason } from '../files/reason.js'
import type { BadImage } from '../images/index.js'
import { isImageName } from './formats.js'
import { tarMembers } from './tar-members.js'

/** One sample of a shard in the WebDataset convention: members that share a name up to its first dot. */
interface ShardSample {
  readonly key: string
  readonly image: { readonly name: string; readonly offset: number; readonly length: number }
  /** What `.cls` or `.json` says; undefined where neither is there. */
  readonly label: string | undefined
}

export interface ShardIndex {
  readonly samples: readonly ShardSample[]
  readonly refused: readonly BadImage[]
}

/** Labels are short. */
const longestLabel = 2 ** 16

interface Draft {
  image?: ShardSample['image']
  label?: string
}

/**
 * Where the images of a plain tar file lie. Nothing is unpacked: a member's name is only a name, whatever it points to, and links,
 * devices and the like are refused.
 */
export async function indexTar(path: string): Promise<ShardIndex> {
  const shard = basename(path)
  const drafts = new Map<string, Draft>()
  const refused: BadImage[] = []
  try {
    for await (const member of tarMembers(path)) {
      const { name, type, size, offset } = member
      const contents = size <= longestLabel && isLabelName(name) ? (await member.read()).toString('utf8') : undefined
      if (type === 'directory') continue
      if (type !== 'file' && type !== 'contiguous-file') {
        refused.push({ name: `${shard}/${name}`, reason: `a ${type} in an archive` })
        continue
      }
      const key = keyOf(name)
      const draft = drafts.get(key) ?? {}
      if (contents !== undefined) {
        const label = labelOf(name, contents)
        if (label !== undefined) draft.label = label
      } else if (isImageName(name)) draft.image = { name: `${shard}/${name}`, offset, length: size }
      drafts.set(key, draft)
    }
  } catch (error) {
    if (ConvzooError.isInstance(error)) throw error
    refused.push({ name: shard, reason: `the archive is damaged or ends too early: ${shortReason(error)}` })
  }
  const samples: ShardSample[] = []
  for (const [key, { image, label }] of drafts) {
    if (image !== undefined) samples.push({ key, image, label })
    else if (label !== undefined) refused.push({ name: `${shard}/${key}`, reason: 'a label without an image' })
  }
  return { samples, refused }
}

const isLabelName = (name: string): boolean => /\.(?:cls|json)$/.test(name)

/** A member's name up to the first dot of its last part. */
function keyOf(name: string): string {
  const start = name.lastIndexOf('/') + 1
  const dot = name.indexOf('.', start)
  return dot < 0 ? name : name.slice(0, dot)
}

function labelOf(name: string, contents: string): string | undefined {
  if (name.endsWith('.cls')) return contents.trim()
  try {
    const value: unknown = JSON.parse(contents)
    if (typeof value !== 'object' || value === null) return undefined
    const label = 'label' in value ? value.label : 'cls' in value ? value.cls : undefined
    return typeof label === 'string' || typeof label === 'number' ? String(label) : undefined
  } catch {
    return undefined
  }
}
