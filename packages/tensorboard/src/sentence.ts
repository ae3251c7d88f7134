import { ConvzooError } from '@convzoo/core'

/** What an error says, in one line. */
export const sentenceOf = (error: unknown): string => (ConvzooError.isInstance(error) ? error.sentence : String(error))
