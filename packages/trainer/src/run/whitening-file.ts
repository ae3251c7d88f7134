import { ConvzooError, type FittedWhitening } from '@convzoo/core'
import { formatShape } from '@convzoo/core/define'
import { openSafetensors, writeSafetensors } from '@convzoo/safetensors'

/** Keeps what whitens the pictures of a run: `mean` [D] and `matrix` [D, D]. */
export async function writeWhitening(path: string, { mean, matrix }: FittedWhitening): Promise<void> {
  const size = mean.length
  const tensors = [
    { name: 'matrix', shape: [size, size], data: matrix },
    { name: 'mean', shape: [size], data: mean },
  ]
  await writeSafetensors(path, {
    specs: tensors.map(({ name, shape }) => ({ name, shape })),
    async *read() {
      yield* tensors
    },
  })
}

/** @throws ConvzooError of kind `file` if it is missing, damaged or holds something else. */
export async function readWhitening(path: string): Promise<FittedWhitening> {
  const file = await openSafetensors(path)
  try {
    const described = file.tensors.map((each) => `${each.name} ${formatShape(each.shape)}`).join(', ')
    const found = new Map<string, Float32Array>()
    for await (const { name, data } of file.read()) found.set(name, data)
    const [mean, matrix] = [found.get('mean'), found.get('matrix')]
    if (found.size === 2 && mean !== undefined && matrix?.length === mean.length ** 2) return { mean, matrix }
    throw new ConvzooError({
      kind: 'file',
      message: `${path} holds no whitening.`,
      expected: 'a tensor "mean" of some length and a tensor "matrix" of its square',
      received: described === '' ? 'no tensor' : described,
      hint: 'put the file of this run back, or train anew',
    })
  } finally {
    await file.close()
  }
}
