import { expect, it } from 'vitest'
import {
  boolean,
  defineOptions,
  described,
  functionOf,
  integer,
  jsonSchemaOf,
  numberIn,
  oneOf,
  optional,
} from './index.js'

it('options are written as a JSON schema: names, bounds, defaults, what they are for', () => {
  const { kinds } = defineOptions({
    epochs: described('times through the data', integer(1)),
    momentum: optional(described('factor of the velocity', numberIn(0, 1)), 0.9),
    nesterov: optional(boolean, false),
    convention: optional(oneOf('pytorch', 'caffe')),
    onStep: optional(functionOf()),
  })
  expect(jsonSchemaOf(kinds)).toEqual({
    type: 'object',
    properties: {
      epochs: { type: 'integer', minimum: 1, description: 'times through the data' },
      momentum: {
        type: 'number',
        minimum: 0,
        exclusiveMaximum: 1,
        default: 0.9,
        description: 'factor of the velocity',
      },
      nesterov: { type: 'boolean', default: false },
      convention: { enum: ['pytorch', 'caffe'] },
    },
    required: ['epochs'],
    additionalProperties: false,
  })
})
