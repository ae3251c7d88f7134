import { defineOptions, functionOf, matching, optional } from '@convzoo/core/define'

/** Where a run is shown. */
export interface LiveOptions {
  /** Of 127.0.0.1, which only this machine reaches; 0, the default, takes any that is free. */
  readonly port?: number | undefined
  /** Told of defects, a line each; `console.warn` by default. */
  readonly onWarning?: ((line: string) => void) | undefined
}

const port = matching(
  'a port, from 0 to 65535',
  (given): given is number => typeof given === 'number' && Number.isInteger(given) && given >= 0 && given < 2 ** 16,
)

export const liveOptions = defineOptions({
  port: optional(port, 0),
  onWarning: optional(functionOf<(line: string) => void>(), (line) => console.warn(line)),
})
