import type { NamedTensor } from '@convzoo/core'
import type { SafetensorsFile, Storage } from '@convzoo/safetensors/blob'
import type { Memories } from '../callbacks/memory.js'
import type { CheckpointFiles } from '../platform.js'
import type { Session } from '../session.js'
import { requireSameTensors } from '../tensors.js'
import { decodeTrainerState, encodeTrainerState, type TrainerState } from './checkpoint.js'
import { withNamesOfToday } from './former-names.js'
import { entriesOf, keptNames, keptTensors, memoriesFrom, withoutKept } from './memories.js'
import { storageWarnings, storedSpecs } from './storage.js'

/** What a checkpoint holds besides state. */
export interface KeptState extends Omit<TrainerState, 'callbacks'> {
  readonly memories: Memories
}

/**
 * Writes all state and the trainer's own as one file; the old file or the new one is there in whole. To be called in a section of the
 * session, from whose beginning `state` is. Weights are rounded where the storage says so.
 */
export async function writeCheckpoint(
  files: CheckpointFiles,
  path: string,
  session: Session,
  { memories, ...state }: KeptState,
  storage: Storage,
): Promise<void> {
  const kept = new Map(keptTensors(memories).map((tensor) => [tensor.name, tensor]))
  await files.write(path, {
    specs: [...storedSpecs(session.state, storage), ...kept.values()],
    async *read(names) {
      for (const name of names) {
        const tensor = kept.get(name)
        if (tensor === undefined) yield* session.read([name])
        else yield tensor
      }
    },
    metadata: encodeTrainerState({ ...state, callbacks: entriesOf(memories) }),
  })
}

/** An opened checkpoint. Close its file after use. */
interface OpenedCheckpoint {
  readonly file: SafetensorsFile
  readonly state: TrainerState
}

/** @throws ConvzooError of kind `file` if it is missing, damaged or no checkpoint. */
export async function openCheckpoint(files: CheckpointFiles, path: string): Promise<OpenedCheckpoint> {
  const file = await files.open(path)
  try {
    return { file, state: decodeTrainerState(path, file.metadata) }
  } catch (error) {
    await file.close()
    throw error
  }
}

/**
 * Reads a checkpoint into a session, in a section of it that changes. Nothing changes if `check` refuses what the trainer was, if a tensor
 * does not fit, or if `remember` refuses what callbacks remember; it gives what undoes it.
 *
 * @throws ConvzooError of kind `file` if it is missing, damaged or no checkpoint, of kind `state` if its tensors are others.
 */
export async function readCheckpoint(
  files: CheckpointFiles,
  path: string,
  session: Session,
  check: (state: TrainerState) => void,
  remember: (memories: Memories) => () => void,
): Promise<TrainerState & { readonly warnings: readonly string[] }> {
  const { file: written, state } = await openCheckpoint(files, path)
  const file = withNamesOfToday(written, session.state)
  try {
    const { callbacks: entries = new Map() } = state
    requireSameTensors(withoutKept(file.tensors, entries), session.state, path)
    check(state)
    const kept: NamedTensor[] = []
    for await (const tensor of file.read(new Set(keptNames(entries)))) kept.push(tensor)
    const undo = remember(memoriesFrom(entries, kept))
    const names = new Set(session.state.map(({ name }) => name))
    await session.write(file.read(names), names).catch((error: unknown) => {
      undo()
      throw error
    })
    return { ...state, warnings: storageWarnings(path, file.tensors) }
  } finally {
    await file.close()
  }
}
