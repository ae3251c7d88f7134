import { messageOf } from '@convzoo/core/define'
import { loadKoffi } from '../capi/koffi.js'
import { OrtApi } from '../capi/ort-api.js'
import { preload } from '../capi/preload.js'
import { BoundRuntime } from '../session/bound-runtime.js'
import type { ProbeAnswer, ProbeQuestion } from './probe.js'

/** Numbers that go to the device and come back. */
const numbers = Float32Array.of(1, -2, 0.5)

const isSame = (data: Float32Array): boolean => data.every((value, index) => value === numbers[index])

/** Has a library of ONNX Runtime copy a few numbers on the CPU and on the CUDA device, and says how far that went. */
async function answer({ library, preloaded, telemetry }: ProbeQuestion): Promise<ProbeAnswer> {
  let api: OrtApi
  try {
    api = await OrtApi.load(library)
  } catch (error) {
    return { failure: messageOf(error) }
  }
  const { version } = api
  const common = { threads: 1, telemetry, onDevice: true, explaining: true }
  const roundTrip = async (cuda: boolean): Promise<string | undefined> => {
    try {
      if (cuda) preload(await loadKoffi(), preloaded)
      const settings = cuda ? { cuda: { precision: 'float32', allowCpu: false, graphs: false } as const } : {}
      const runtime = new BoundRuntime(api, { ...common, ...settings })
      const place = runtime.place([numbers.length])
      place.write(numbers)
      const same = isSame(place.read())
      place.release()
      await runtime.release()
      return same ? undefined : 'numbers that went to the device came back as others'
    } catch (error) {
      return messageOf(error)
    }
  }
  const onCpu = await roundTrip(false)
  if (onCpu !== undefined) return { version, failure: onCpu }
  const onCuda = await roundTrip(true)
  return { version, cpu: true, ...(onCuda === undefined ? { cuda: true } : { failure: onCuda }) }
}

const question: ProbeQuestion = JSON.parse(process.argv[2] ?? '{}')
console.log(JSON.stringify(await answer(question)))
