import type { Place } from './runtime.js'

/** State in the memory of the process. */
export class HostPlace implements Place {
  readonly data: Float32Array

  constructor(size: number) {
    this.data = new Float32Array(size)
  }

  read(): Float32Array {
    return this.data.slice()
  }

  write(data: Float32Array): void {
    this.data.set(data)
  }

  release(): void {}
}
