import { ConvzooError } from '@convzoo/core'
import { parseJson, withoutMark } from '@convzoo/files'
import { shortReason } from '../files/reason.js'
import { isImageName, kindOfFile, signatureBytes } from './formats.js'
import { extensionOf, inOneForm, isHiddenName, partsOf, stemOf } from './names.js'
import { type TarMember as Member, tarMembers } from './tar-members.js'
import { notPicture } from './walk.js'

/** A regular file in an archive: its name without `./` and the like, and where its contents lie. */
export interface TarMember {
  readonly name: string
  readonly offset: number
  readonly length: number
}

/** What an archive or a member cannot be used for, by its name; '' is the archive itself. */
export interface LeftMember {
  readonly name: string
  readonly reason: string
}

/** What stands beside images to say of which class they are, from the surest on. */
export const labelKinds = ['cls', 'json', 'txt'] as const
export type LabelKind = (typeof labelKinds)[number]

/** A file that may be a label: of the image that has the same name but for its extension. */
export interface TarLabel {
  readonly name: string
  readonly kind: LabelKind
  /** What it says; undefined if it says nothing of the kind. */
  readonly value: string | number | undefined
}

export interface TarContents {
  readonly pictures: readonly TarMember[]
  readonly labels: readonly TarLabel[]
  readonly refused: readonly LeftMember[]
  readonly foreign: readonly LeftMember[]
  /** The parts of folders that are members themselves. */
  readonly folders: readonly (readonly string[])[]
  /** Members that are there more than once: as tar does, the last is taken. */
  readonly replaced: readonly string[]
}

/** Labels are short. */
const longestLabelFile = 2 ** 16

/** A text of more is a caption. */
const longestText = 100

/**
 * What lies where in a plain tar file. Nothing is unpacked: a member's name is only a name, whatever it points to, and links, devices and
 * the like are refused.
 */
export async function indexTar(path: string): Promise<TarContents> {
  const pictures = new Map<string, TarMember>()
  const labels = new Map<string, TarLabel>()
  const refused: LeftMember[] = []
  const foreign = new Map<string, LeftMember>()
  const folders: (readonly string[])[] = []
  const replaced = new Set<string>()
  const visit = async (member: Member): Promise<void> => {
    const { type, size, offset } = member
    const parts = partsOf(member.name)
    const name = parts.join('/')
    const refuse = (reason: string): void => void refused.push({ name, reason })
    if (parts.includes('..')) return refuse('a name that leads out of the archive')
    if (parts.some(isHiddenName) || name === '') return
    if (type === 'directory') return void folders.push(parts)
    if (type !== 'file' && type !== 'contiguous-file') return refuse(`a ${type} in an archive`)
    const labelKind = labelKinds.find((kind) => kind === extensionOf(name))
    const isLabel = labelKind !== undefined && size <= longestLabelFile
    const start = isImageName(name) ? undefined : await member.read(isLabel ? longestLabelFile : signatureBytes)
    if (pictures.delete(name) || labels.delete(name) || foreign.delete(name)) replaced.add(name)
    const file = kindOfFile(name, () => start)
    if (file.kind === 'picture') pictures.set(name, { name, offset, length: size })
    else if (file.kind === 'unread') refuse(file.reason)
    else if (isLabel) labels.set(name, { name, kind: labelKind, value: saidBy(labelKind, start ?? new Uint8Array()) })
    else foreign.set(name, { name, reason: notPicture })
  }
  try {
    for await (const member of tarMembers(path)) await visit(member)
  } catch (error) {
    if (ConvzooError.isInstance(error)) throw error
    refused.push({ name: '', reason: `the archive is damaged or ends too early: ${shortReason(error)}` })
  }
  return {
    pictures: [...pictures.values()],
    labels: [...labels.values()],
    refused,
    foreign: [...foreign.values()],
    folders,
    replaced: [...replaced],
  }
}

/** What may hold the class in a JSON object; the first that is there does. */
const classKeys = ['label', 'cls', 'class', 'class_name', 'category'] as const

function saidBy(kind: LabelKind, bytes: Uint8Array): string | number | undefined {
  const text = withoutMark(Buffer.from(bytes).toString('utf8'))
  if (kind === 'cls') return text.trim()
  if (kind === 'txt') {
    const line = text.trim()
    return line.length <= longestText && !/[\r\n]/.test(line) ? line : undefined
  }
  try {
    const value = parseJson(text)
    if (typeof value !== 'object' || value === null) return undefined
    const fields = new Map<string, unknown>(Object.entries(value))
    const found = fields.get(classKeys.find((key) => fields.has(key)) ?? '')
    return typeof found === 'string' || typeof found === 'number' ? found : undefined
  } catch {
    return undefined
  }
}

/** What labels and images are matched by. */
export const stemKey = (name: string): string => inOneForm(stemOf(name))
