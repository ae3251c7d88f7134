import type { Engine } from '@convzoo/core'

export interface EngineOptions {
  readonly device: DeviceName
  readonly threads?: number
}

export const engineNames = ['onnx'] as const
export type EngineName = (typeof engineNames)[number]

export const deviceNames = ['cpu'] as const
type DeviceName = (typeof deviceNames)[number]

/** Each loads its package when it is asked for. */
export const engines: Readonly<Record<EngineName, (options: EngineOptions) => Promise<Engine>>> = {
  onnx: async (options) => (await import('@convzoo/engine-onnx')).onnx(options),
}
