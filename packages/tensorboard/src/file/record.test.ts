import { readFileSync } from 'node:fs'
import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import { describe, expect, it } from 'vitest'
import { EventSchema } from '../proto/event_pb.js'
import { histogram } from '../summaries/histogram.js'
import { markdown, scalar, summaryOf } from '../summaries/values.js'
import type { EventContent } from './event-file.js'
import { recordOf, recordsOf } from './record.js'

// Made by fixtures/write_events.py.
const written = new Uint8Array(readFileSync(new URL('../fixtures/events.tfevents', import.meta.url)))

const event = (wallTime: number, step: number, what: readonly EventContent[]): Uint8Array =>
  Buffer.concat(
    what.map((each) =>
      recordOf(toBinary(EventSchema, create(EventSchema, { wallTime, step: BigInt(step), what: each }))),
    ),
  )

describe('a file that TensorBoard wrote', () => {
  it('is what we write of the same events, byte for byte', () => {
    const values = Float32Array.from([-1.5, 0, 0, 2.5])
    const { value } = histogram('weights/kernel', values)
    if (value?.case !== 'histo') throw new Error('no histogram')
    // Two buckets in place of thirty.
    const two = { ...value.value, bucketLimit: [0.5, 2.5], bucket: [3, 1] }
    const ours = Buffer.concat([
      event(1700000000.25, 0, [{ case: 'fileVersion', value: 'brain.Event:2' }]),
      event(1700000001.5, 3, [{ case: 'sessionLog', value: { status: 1 } }]),
      event(1700000002, 3, summaryOf([scalar('step/loss', 0.1), scalar('top1/validation', 1)])),
      event(1700000003, 4, summaryOf([{ tag: 'weights/kernel', value: { case: 'histo', value: two } }])),
      event(1700000004, 300, summaryOf([markdown('mistakes/list', 'a text')])),
    ])
    expect([value.value.sum, value.value.sumSquares, value.value.num]).toEqual([1, 8.5, 4])
    expect(ours.equals(written)).toBe(true)
  })

  it('is read record by record, with nothing that we do not know', () => {
    const events = [...recordsOf(written)].map((data) => fromBinary(EventSchema, data))
    expect(events.map(({ step, what }) => [step, what.case])).toEqual([
      [0n, 'fileVersion'],
      [3n, 'sessionLog'],
      [3n, 'summary'],
      [4n, 'summary'],
      [300n, 'summary'],
    ])
    expect(events.flatMap(({ $unknown = [] }) => $unknown)).toEqual([])
  })

  it('gives what is whole where it is cut off or damaged', () => {
    for (const cut of [1, 3, 7]) expect([...recordsOf(written.subarray(0, -cut))].length).toBe(4)
    const damaged = Uint8Array.from(written)
    damaged[20] = (damaged[20] ?? 0) ^ 1
    expect([...recordsOf(damaged)]).toEqual([])
  })
})
