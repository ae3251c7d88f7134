import type { Shape } from '@convzoo/core'
import { sizeOf } from '@convzoo/core/define'
import { elementShader, type Shader } from '../shader.js'
import { type Finish, finished } from './finish.js'

/** How many parts a thread asks for before it waits for the first of them. */
const together = 4

/** Adds the parts of a sum in one order, and finishes it. */
export function sumOfParts(shape: Shape, parts: number, finish?: Finish): Shader {
  const size = sizeOf(shape)
  const part = (number: string): string => `parts[(${number}) * ${size} + index]`
  const whole = parts - (parts % together)
  const some = Array.from({ length: together }, (_, i) => part(`part + ${i}`))
  const rest = Array.from({ length: parts - whole }, (_, i) => `sum += ${part(String(whole + i))};`)
  return elementShader({
    name: 'sum of parts',
    inputs: ['parts', ...(finish?.inputs ?? [])],
    shape,
    before: finished(finish),
    body: `
  var sum = 0.0;
  for (var part = 0; part < ${whole}; part += ${together}) { sum += (${some.join(' + ')}); }
  ${rest.join(' ')}
  result[index] = finished(sum, index);`,
  })
}
