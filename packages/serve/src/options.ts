import { defineOptions, functionOf, integer, isOptionsObject, matching, optional, text } from '@convzoo/core/define'
import { threadCount } from '@convzoo/core/engine'
import type { OpenWeightsOptions } from '@convzoo/run'

/** What is served, where, and how much of it at once. */
export interface ServeOptions extends Omit<OpenWeightsOptions, 'onProgress'> {
  /** The address that is listened at; `127.0.0.1` by default, which only this machine reaches. */
  readonly host?: string | undefined
  /** 8080 by default; 0 takes any that is free. */
  readonly port?: number | undefined
  /** Classes a picture where a request says nothing; 5 by default. */
  readonly top?: number | undefined
  /** Pictures that the network sees at once, at most, when so many wait; 16 by default. */
  readonly batchSize?: number | undefined
  /** Threads that decode pictures; as many as there are processors by default. */
  readonly workers?: number | undefined
  /** Bytes of a request; 32 MiB by default. */
  readonly maxBytes?: number | undefined
  /** Pictures in a request; 32 by default. */
  readonly maxFiles?: number | undefined
  /** Pictures that are in the house, from the first byte to the answer; 256 by default. Others are told to come back. */
  readonly queue?: number | undefined
  /** Seconds within which a request has to be there; 30 by default. */
  readonly timeout?: number | undefined
}

/** Milliseconds that a timer can wait. */
const longestWait = 2 ** 31 - 1

const port = matching(
  'a port, from 0 to 65535',
  (given): given is number => typeof given === 'number' && Number.isInteger(given) && given >= 0 && given < 2 ** 16,
)

const seconds = matching(
  `a number of seconds above 0, at most ${Math.floor(longestWait / 1000)}`,
  (given): given is number => typeof given === 'number' && given > 0 && 1000 * given <= longestWait,
)

const size = matching(
  'a whole number of bytes, from 1 to 2^30',
  (given): given is number => typeof given === 'number' && Number.isInteger(given) && given >= 1 && given <= 2 ** 30,
)

/** What else is said of the network is looked at where it is opened. */
const engine = matching(
  'the name of an engine, or { name, device, … }',
  (given): given is NonNullable<OpenWeightsOptions['engine']> => typeof given === 'string' || isOptionsObject(given),
)
const classes = matching(
  'a list of names, or the path of a file that holds them',
  (given): given is NonNullable<OpenWeightsOptions['classes']> => typeof given === 'string' || Array.isArray(given),
)
const input = matching(
  '[H, W, C] or HxWxC',
  (given): given is NonNullable<OpenWeightsOptions['input']> => typeof given === 'string' || Array.isArray(given),
)

const place = { host: optional(text, '127.0.0.1'), port: optional(port, 8080), timeout: optional(seconds, 30) }

/** Where is listened, and how long is waited for a request. */
export const placeOptions = defineOptions(place)

export const serveOptions = defineOptions({
  ...place,
  as: optional(text),
  classes: optional(classes),
  input: optional(input),
  engine: optional(engine),
  onLog: optional(functionOf<(line: string) => void>()),
  onWarning: optional(functionOf<(line: string) => void>()),
  top: optional(integer(1), 5),
  batchSize: optional(integer(1), 16),
  workers: optional(threadCount),
  maxBytes: optional(size, 32 * 2 ** 20),
  maxFiles: optional(integer(1), 32),
  queue: optional(integer(1), 256),
})

/** The same, checked and complete. */
export type ServeSettings = ReturnType<typeof serveOptions.parse>
