import { sizeOf } from '@convzoo/core/define'
import { elementShader, type Shader } from '../shader.js'
import { type Finish, finished, type TiledProduct } from './tiled-product.js'

/** Adds the parts of a sum in one order, and finishes it. */
export function sumOfParts({ shape, parts }: Pick<TiledProduct, 'shape' | 'parts'>, finish?: Finish): Shader {
  return elementShader({
    name: 'sum of parts',
    inputs: ['parts', ...(finish?.inputs ?? [])],
    shape,
    before: finished(finish),
    body: `
  var sum = 0.0;
  for (var part = 0; part < ${parts}; part++) { sum += parts[part * ${sizeOf(shape)} + index]; }
  result[index] = finished(sum, index);`,
  })
}
