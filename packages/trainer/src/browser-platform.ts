import { ConvzooError } from '@convzoo/core'
import { describeValue } from '@convzoo/core/define'
import { openSafetensorsBlob, safetensorsBlob } from '@convzoo/safetensors/blob'
import type { CallScope, CheckpointFiles, Platform } from './platform.js'

/** A browser: checkpoints are Blobs by name, and nothing follows calls. */
export function browserPlatform(checkpoints: Map<string, Blob>): Platform {
  return { files: blobFiles(checkpoints), scope: newestScope }
}

const blobFiles = (checkpoints: Map<string, Blob>): CheckpointFiles => ({
  async write(name, options) {
    checkpoints.set(name, await safetensorsBlob(options))
  },
  async open(name) {
    const blob = checkpoints.get(name)
    if (blob !== undefined) return openSafetensorsBlob(name, blob)
    throw new ConvzooError({
      kind: 'file',
      message: 'There is no checkpoint of this name.',
      expected:
        checkpoints.size === 0 ? 'one that was saved or put there' : `one of ${[...checkpoints.keys()].join(', ')}`,
      received: describeValue(name),
      hint: 'put the file there first: trainer.checkpoints.set(file.name, file)',
    })
  },
})

function newestScope<T>(): CallScope<T> {
  let newest: T | undefined
  return {
    follows: false,
    run(value, work) {
      newest = value
      return work()
    },
    current: () => newest,
  }
}
