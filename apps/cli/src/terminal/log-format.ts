import { oneOf } from './arguments.js'

/** How a command tells what it does: in words for people, or in a line of JSON each for programs. */
const logFormats = ['text', 'json'] as const

export type LogFormat = (typeof logFormats)[number]

/** Whether a command line asks for JSON, also one that is refused. */
export function asksForJson(parameters: readonly string[]): boolean {
  return parameters.some(
    (word, place) => word === '--log-format=json' || (word === '--log-format' && parameters[place + 1] === 'json'),
  )
}

/** The flag of a command that may take long. */
export const logFormatFlag = [
  '--log-format <format>',
  `${logFormats.join(' or ')}: what happens in words, or in a line of JSON each on stdout (text)`,
  oneOf('--log-format', logFormats),
] as const
