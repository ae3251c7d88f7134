import { expect } from 'vitest'

/** That images came slowly may be said on a machine that is busy. */
export const noComplaint = expect.not.stringMatching(/error|changed|damaged|skipped|missing|cannot/)

/** As an editor on Windows saves a text. */
export const asOfWindows = (text: string): string => `\ufeff${text.replaceAll('\n', '\r\n')}`
