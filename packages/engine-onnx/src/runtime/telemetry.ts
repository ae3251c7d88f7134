import { defaultProcessVariable } from '@convzoo/files'

/** What ONNX Runtime reads when it starts; its decision stands for the life of the process. */
const variable = 'ORT_DISABLE_TELEMETRY'

/** Values with which it reports nothing; any other, also an empty one, lets it report. */
const off: ReadonlySet<string> = new Set(['1', 'true', 'yes', 'on', 'y'])

/** Whether the value is this engine's own. */
let isOurs = false

/** Whether ONNX Runtime may report to its maker, and why. */
export interface Telemetry {
  readonly allowed: boolean
  readonly reason: string
}

/**
 * Whether ONNX Runtime may report to its maker from this process. It may not, since this engine switches it off, unless the
 * environment says otherwise: `ORT_DISABLE_TELEMETRY=0`.
 *
 * @example
 * const { allowed, reason } = telemetry()
 */
export function telemetry(): Telemetry {
  const value = process.env[variable]
  if (process.platform === 'win32') {
    return { allowed: true, reason: "on Windows its events go to the system's own tracing, which no variable ends" }
  }
  if (value === undefined || isOurs) return { allowed: false, reason: `engine onnx sets ${variable}=1` }
  return { allowed: !off.has(value.trim().toLowerCase()), reason: `${variable}=${value} stands in the environment` }
}

/**
 * Switches off, before ONNX Runtime is loaded, what it does by default on Linux and macOS: it leaves an identifier of the machine and a
 * database in the user's cache folder and a log in the temporary one, and reports each session to its maker.
 *
 * @throws ConvzooError of kind `engine` if that cannot be done.
 */
export async function silenceTelemetry(): Promise<void> {
  // There it means nothing.
  if (process.platform === 'win32') return
  isOurs ||= process.env[variable] === undefined
  await defaultProcessVariable(variable, '1')
}
