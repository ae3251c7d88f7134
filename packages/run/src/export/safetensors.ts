import { basename, join } from 'node:path'
import type { NamedTensor } from '@convzoo/core'
import { internalError } from '@convzoo/core/define'
import { renameFile } from '@convzoo/files'
import { openSafetensors, writeSafetensors } from '@convzoo/safetensors'
import type { OpenedNetwork } from '../opened/opened-network.js'
import { resolveArchitecture } from '../plugins/installed.js'
import { inPeerLayout, pairedForPeer } from '../weights/peer-weights.js'
import { storedPreprocessing } from '../weights/stored-preprocessing.js'
import { metadataOf } from './network-metadata.js'
import type { ExportedSafetensors } from './options.js'
import { beside } from './unchecked.js'

type Read = (names: readonly string[]) => AsyncIterable<NamedTensor>

/**
 * The weights of a network, under another library's names where its tag knows them for this input, else under ours; with what it takes to
 * use them again.
 */
export async function exportSafetensors(run: OpenedNetwork, path: string): Promise<ExportedSafetensors> {
  const { plan, model } = run
  const { id, input } = plan.settings.network
  const { tag } = await resolveArchitecture(id)
  const trainer = await run.ready({})
  const ofPeer = tag.peerWeights === undefined ? undefined : pairedForPeer(model.weights, tag.peerWeights)
  const moved = new Map(ofPeer?.map((each) => [each.tensor.name, each]))
  const weights = ofPeer?.map(({ tensor: { name }, layout }) => ({ name, shape: layout.theirs })) ?? model.weights
  const stored = storedPreprocessing(plan.preprocessing, input)
  const besides = new Map(stored.tensors.map((tensor) => [tensor.name, tensor]))
  const read: Read = async function* (names) {
    for (const name of names) {
      const [own, tensor] = [moved.get(name), besides.get(name)]
      if (tensor !== undefined) yield tensor
      else if (own === undefined) yield* trainer.readState([name])
      else for await (const weight of trainer.readState([own.weight.name])) yield inPeerLayout(weight, own)
    }
  }
  const peer = ofPeer === undefined ? undefined : tag.peerWeights?.peer
  return beside(path, async (folder) => {
    const unchecked = join(folder, basename(path))
    await writeSafetensors(unchecked, {
      specs: [...weights, ...besides.values()].map(({ name, shape }) => ({ name, shape })),
      read,
      metadata: { ...metadataOf(run, stored.text), ...(peer === undefined ? {} : { peer }) },
    })
    await requireSameBytes(unchecked, read)
    await renameFile(unchecked, path)
    return { format: 'safetensors', path, peer, names: weights.map(({ name }) => name) }
  })
}

/** Reads a file once more, and compares it with what was to be written. */
async function requireSameBytes(path: string, read: Read): Promise<void> {
  const file = await openSafetensors(path)
  try {
    for await (const { name, data } of file.read()) {
      for await (const wanted of read([name])) {
        if (Buffer.compare(bytesOf(data), bytesOf(wanted.data)) !== 0) {
          throw internalError(`The tensor ${name} is not as it was: the file was not written.`)
        }
      }
    }
  } finally {
    await file.close()
  }
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength)
