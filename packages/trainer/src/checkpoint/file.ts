import { openSafetensors, type SafetensorsFile, writeSafetensors } from '../safetensors/index.js'
import type { Session } from '../session.js'
import { requireSameTensors } from '../tensors.js'
import { decodeTrainerState, encodeTrainerState, type TrainerState } from './checkpoint.js'

/**
 * Writes all state and the trainer's own as one file; the old file or the new one is there in whole. To be called in a section of the
 * session, from whose beginning `state` is.
 */
export async function writeCheckpoint(path: string, session: Session, state: TrainerState): Promise<void> {
  await writeSafetensors(path, {
    specs: session.state,
    read: (names) => session.read(names),
    metadata: encodeTrainerState(state),
  })
}

/** An opened checkpoint. Close its file after use. */
interface OpenedCheckpoint {
  readonly file: SafetensorsFile
  readonly state: TrainerState
}

/** @throws ConvzooError of kind `file` if it is missing, damaged or no checkpoint. */
export async function openCheckpoint(path: string): Promise<OpenedCheckpoint> {
  const file = await openSafetensors(path)
  try {
    return { file, state: decodeTrainerState(path, file.metadata) }
  } catch (error) {
    await file.close()
    throw error
  }
}

/**
 * Reads a checkpoint into a session, in a section of it that changes. Nothing changes if `check` refuses what the trainer was, or if a tensor does not fit.
 *
 * @throws ConvzooError of kind `file` if it is missing, damaged or no checkpoint, of kind `state` if its tensors are others.
 */
export async function readCheckpoint(
  path: string,
  session: Session,
  check: (state: TrainerState) => void,
): Promise<TrainerState> {
  const { file, state } = await openCheckpoint(path)
  try {
    requireSameTensors(file.tensors, session.state, path)
    check(state)
    await session.write(file.read(), new Set(session.state.map(({ name }) => name)))
    return state
  } finally {
    await file.close()
  }
}
