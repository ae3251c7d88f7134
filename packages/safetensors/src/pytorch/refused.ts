import { ConvzooError } from '@convzoo/core'

/** What a file should be. */
export const expectedPyTorch = 'weights that PyTorch 1.6 or later saved: torch.save(model.state_dict(), path)'

const usualHint =
  'save model.state_dict() with torch.save, or write it again: the file may be cut off or of another format'

/** Why a part of a file cannot be used, for whoever knows which file it is. */
export class Refused extends Error {
  constructor(
    /** What is there instead. */
    readonly received: string,
    readonly hint: string = usualHint,
  ) {
    super(received)
  }
}

/** An error that names a file of PyTorch's. */
export function refusedFile(path: string, received: string, hint: string = usualHint, cause?: unknown): ConvzooError {
  return new ConvzooError({
    kind: 'file',
    message: `${path} cannot be read.`,
    expected: expectedPyTorch,
    received,
    hint,
    ...(cause === undefined ? {} : { cause }),
  })
}
