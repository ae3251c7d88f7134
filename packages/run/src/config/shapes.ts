import type { ImageShape } from '@convzoo/core'
import { invalid, isShape, type Option, required, written } from '@convzoo/core/define'

/** Height, width and channels: [227, 227, 3], or `227x227x3` where only text can be written. */
export const imageShapeOption: Option<ImageShape | string, ImageShape> = written(
  {
    anyOf: [
      { type: 'array', items: { type: 'integer', minimum: 1 }, minItems: 3, maxItems: 3 },
      { type: 'string', pattern: '^\\d+x\\d+x\\d+$' },
    ],
  },
  required('height, width and channels such as 227x227x3', (value) => {
    const lengths: unknown = typeof value === 'string' ? lengthsOf(value) : value
    if (!isShape(lengths) || lengths.length !== 3) return invalid
    const [height = 0, width = 0, channels = 0] = lengths
    return height > 0 && width > 0 && channels > 0 ? [height, width, channels] : invalid
  }),
)

const lengthsOf = (text: string): readonly number[] | undefined =>
  /^\d+x\d+x\d+$/.test(text) ? text.split('x').map(Number) : undefined
