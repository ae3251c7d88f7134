import type { NamedTensor, Shape } from '@convzoo/core'
import { printable } from '@convzoo/core/define'
import { openRegularFile, readInto, unreadable } from '@convzoo/files'
import { notFiniteIn, type TensorSpec } from '../tensors.js'
import { elementsOf } from './elements.js'
import { Members } from './members.js'
import { readPickle } from './pickle.js'
import { expectedPyTorch, Refused, refusedFile } from './refused.js'
import { tensorsIn } from './state-dict.js'
import type { TensorValue } from './values.js'

/** A tensor of a file of PyTorch's. */
export interface PyTorchSpec extends TensorSpec {
  /** How its elements are kept: `float32`, `float16`, `int64` and so on. */
  readonly elements: string
}

/** An opened file of PyTorch's. Close it after use. */
export interface PyTorchFile {
  /** In the order of the state dict. */
  readonly tensors: readonly PyTorchSpec[]
  /**
   * The tensors, one at a time, as float32, row-major, in the order of the state dict; of these names, where some are given.
   *
   * @throws ConvzooError of kind `file` that names file and tensor, if it is damaged or a value is no finite float32.
   */
  read(names?: ReadonlySet<string>): AsyncGenerator<NamedTensor, void, undefined>
  close(): Promise<void>
}

/** Bytes. That of a state dict of a hundred thousand tensors. */
const largestPickle = 2 ** 24

/** Bytes. As in a safetensors file. */
const largestStorage = 2 ** 31

/**
 * Opens a state dict that PyTorch 1.6 or later saved, a `.pth` or `.pt`, alone or under `state_dict` beside other things. Its pickle is read
 * for tensors, plain containers, numbers and texts, and nothing of it is run: whatever else it asks for is refused by its name.
 *
 * @throws ConvzooError of kind `file` that names the file, if it is missing, damaged, of another format or no state dict.
 * @example
 * const file = await openPyTorch('alexnet.pth')
 * try {
 *   for await (const { name, shape, data } of file.read()) console.log(name, shape, data[0])
 * } finally {
 *   await file.close()
 * }
 */
export async function openPyTorch(path: string): Promise<PyTorchFile> {
  const { handle, size } = await openRegularFile(path, expectedPyTorch)
  try {
    const start = new Uint8Array(4)
    await readInto(handle, start, 0)
    requireZip(start)
    const members = await Members.open(handle.fd, size)
    const littleEndian = await byteOrder(members)
    const tensors = tensorsIn(readPickle(await members.read('data.pkl', largestPickle)))
    return {
      tensors: Array.from(tensors, ([name, { shape, storage }]) => ({ name, shape, elements: storage.elements.name })),
      async *read(names) {
        const storages = storageReader(members)
        for (const [name, tensor] of tensors) {
          if (names?.has(name) === false) continue
          yield await naming(path, name, async () => {
            const data = elementsOf(tensor, await storages(tensor), littleEndian)
            return checked({ name, shape: tensor.shape, data })
          })
        }
      },
      close: () => handle.close(),
    }
  } catch (error) {
    await handle.close()
    throw inWords(path, error)
  }
}

function requireZip(start: Uint8Array): void {
  const [first, second, third, fourth] = start
  if (first === 0x50 && second === 0x4b && third === 3 && fourth === 4) return
  if (first !== 0x80) throw new Refused('no zip archive')
  throw new Refused(
    'a file of PyTorch before 1.6, or saved in its format',
    'write it again with a newer one: torch.save(torch.load(old, weights_only=True), new)',
  )
}

/** @throws Refused if the archive is of a version or a byte order that there is not, or holds a program. */
async function byteOrder(members: Members): Promise<boolean> {
  if (members.has('constants.pkl')) {
    throw new Refused('a TorchScript program', 'load it in PyTorch and save its state_dict() with torch.save')
  }
  const text = async (name: string): Promise<string> => String.fromCharCode(...(await members.read(name, 16)))
  const version = await text('version')
  if (!/^\d{1,2}\n?$/.test(version)) throw new Refused(`an archive of version ${printable(version)}`)
  const order = members.has('byteorder') ? await text('byteorder') : 'little'
  if (order !== 'little' && order !== 'big') throw new Refused(`the byte order ${printable(order)}`)
  return order === 'little'
}

/** Reads storages, and keeps the last one: tensors that share one mostly follow each other. */
function storageReader(members: Members): (tensor: TensorValue) => Promise<Uint8Array<ArrayBuffer>> {
  let last: { readonly key: string; readonly bytes: Uint8Array<ArrayBuffer> } | undefined
  return async ({ storage: { key, elements, length } }) => {
    const size = length * elements.bytes
    if (size > largestStorage) throw new Refused(`a storage of ${size} bytes, more than ${largestStorage}`)
    if (last?.key !== key) last = { key, bytes: await members.read(`data/${key}`, size) }
    const { bytes } = last
    if (bytes.length < size) throw new Refused(`data/${key} of ${bytes.length} bytes instead of ${size}`)
    return bytes
  }
}

function checked(tensor: { readonly name: string; readonly shape: Shape; readonly data: Float32Array<ArrayBuffer> }) {
  const fault = notFiniteIn(tensor)
  if (fault !== undefined) throw new Refused(fault, 'save weights from before they left the finite numbers of float32')
  return tensor
}

async function naming<T>(path: string, name: string, make: () => Promise<T>): Promise<T> {
  try {
    return await make()
  } catch (error) {
    if (!(error instanceof Refused)) throw inWords(path, error)
    throw refusedFile(path, `the tensor ${printable(name, 100)}: ${error.received}`, error.hint, error)
  }
}

function inWords(path: string, error: unknown): unknown {
  if (error instanceof Refused) return refusedFile(path, error.received, error.hint, error)
  return unreadable(path, expectedPyTorch, error)
}
