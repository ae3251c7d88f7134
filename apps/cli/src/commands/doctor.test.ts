import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))
const doctorIn = (env: NodeJS.ProcessEnv, ...parameters: string[]) =>
  spawnSync(process.execPath, [cli, 'doctor', ...parameters], { encoding: 'utf8', env })
const doctor = (...parameters: string[]) => doctorIn(process.env, ...parameters)

describe('convzoo doctor', () => {
  it('tells programs what can run here, and what is missing with the command that gets it', () => {
    const { status, stdout } = doctor('--json')
    expect(status).toBe(0)
    const { engines, auto, node } = JSON.parse(stdout)
    expect(node).toBe(process.version)
    expect(engines).toMatchObject([
      {
        engine: 'onnx',
        devices: expect.arrayContaining([expect.objectContaining({ device: 'cpu', available: true })]),
      },
      {
        engine: 'tfjs',
        devices: [
          expect.objectContaining({ device: 'cuda' }),
          expect.objectContaining({ device: 'webgpu' }),
          expect.objectContaining({ device: 'node' }),
          {
            device: 'cpu',
            kind: 'fallback',
            available: true,
            description: expect.stringContaining('JavaScript'),
          },
        ],
      },
    ])
    for (const { devices } of engines) {
      for (const { available, reason, hint } of devices) {
        if (!available) expect([typeof reason, typeof hint]).toEqual(['string', 'string'])
      }
    }
    expect(auto.reason).toMatch(/GPU/)
  })

  it('says the same to people', () => {
    const { status, stdout } = doctor()
    expect(status).toBe(0)
    expect(stdout).toMatch(/engine onnx\n {2}yes cpu/)
    expect(stdout).toMatch(/--engine auto takes \w+ on \w+, since/)
    expect(stdout).toMatch(/wanted: CUDA|wanted: none/)
  })

  it.skipIf(process.platform === 'win32')('says whether ONNX Runtime may report to its maker, and why', () => {
    const { ORT_DISABLE_TELEMETRY: _, ...others } = process.env
    const line = ({ stdout }: { readonly stdout: string }) => /^ONNX Runtime may report .*$/m.exec(stdout)?.[0]
    expect(line(doctorIn(others))).toBe(
      'ONNX Runtime may report to its maker: no, since engine onnx sets ORT_DISABLE_TELEMETRY=1',
    )
    // CI: so that it does not.
    expect(line(doctorIn({ ...others, ORT_DISABLE_TELEMETRY: '0', CI: 'true' }))).toBe(
      'ONNX Runtime may report to its maker: yes, since ORT_DISABLE_TELEMETRY=0 stands in the environment',
    )
  })

  it.each([
    ['--link-libtensorflow', /There is no (native package|TensorFlow) to link|Linking is tried on Linux/],
    ['--link-onnxruntime', /There is no ONNX Runtime to link|Linking is tried on Linux/],
  ])('refuses to link what is not there, and changes nothing: %s', (flag, said) => {
    const { status, stdout, stderr } = doctor(flag, 'nowhere.whl')
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(said)
    expect(stderr).not.toMatch(/^ {4}at /m)
  })

  it.skipIf(process.platform !== 'linux' || process.arch !== 'x64')(
    "says what ONNX Runtime's CUDA provider is, as the engine does, on Linux on x64",
    () => {
      const { engines, onnxCuda } = JSON.parse(doctor('--json').stdout)
      const { devices } = engines.find(({ engine }: { readonly engine: string }) => engine === 'onnx')
      const cuda = devices.find(({ device }: { readonly device: string }) => device === 'cuda')
      expect(cuda.available).toBe(onnxCuda.usable !== undefined)
      if (!cuda.available) expect([cuda.reason, cuda.hint]).toEqual([onnxCuda.reason, onnxCuda.hint])
    },
  )
})
