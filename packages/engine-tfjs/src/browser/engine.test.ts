import { describe, expect, it, vi } from 'vitest'
import { tfjs } from '../browser.js'

const program = { state: [], functions: {} }

/** What a browser gives whose only adapter computes on the processor. */
const swiftshader = {
  info: { vendor: 'google', architecture: 'swiftshader', device: '', description: '', isFallbackAdapter: true },
  limits: { maxBufferSize: 2 ** 28, maxStorageBufferBindingSize: 2 ** 27, maxComputeWorkgroupStorageSize: 2 ** 15 },
}

const withGpu = async <T>(navigator: object, work: () => Promise<T>): Promise<T> => {
  vi.stubGlobal('navigator', navigator)
  try {
    return await work()
  } finally {
    vi.unstubAllGlobals()
  }
}

describe('engine tfjs in a browser', () => {
  it('says where WebGPU is missing, and how to get it', async () => {
    await withGpu({}, async () => {
      await expect(tfjs().compile(program)).rejects.toMatchObject({
        kind: 'engine',
        expected: 'navigator.gpu',
        hint: expect.stringMatching(/https or from localhost.*Chrome/),
      })
      expect(await tfjs().devices()).toMatchObject([
        { device: 'webgpu', available: false, reason: 'none', hint: expect.stringMatching(/https/) },
      ])
    })
  })

  it('says that a page is not secure', async () => {
    vi.stubGlobal('isSecureContext', false)
    await withGpu({}, async () => {
      await expect(tfjs().compile(program)).rejects.toMatchObject({ received: 'none, in a page that is not secure' })
    })
  })

  it('reports no processor that passes for a GPU as available', async () => {
    const gpu = { requestAdapter: async () => swiftshader }
    await withGpu({ gpu }, async () => {
      expect(await tfjs().devices()).toMatchObject([
        { device: 'webgpu', kind: 'fallback', available: false, hint: expect.stringMatching(/allowCpu/) },
      ])
    })
  })

  it('has no adapter where a browser gives none', async () => {
    await withGpu({ gpu: { requestAdapter: async () => null } }, async () => {
      await expect(tfjs().compile(program)).rejects.toMatchObject({ kind: 'engine', received: 'no adapter' })
    })
  })
})
