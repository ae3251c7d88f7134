import { join } from 'node:path'
import { fromBinary } from '@bufbuild/protobuf'
import { ConvzooError } from '@convzoo/core'
import { requireArguments } from '@convzoo/core/define'
import { pathOption, readRegularFile } from '@convzoo/files'
import { eventFiles } from './file/event-file.js'
import { recordsOf } from './file/record.js'
import { type Event, EventSchema, SessionLog_SessionStatus } from './proto/event_pb.js'

/** A point of a curve. */
export interface ScalarEvent {
  readonly tag: string
  readonly step: number
  /** In single precision. */
  readonly value: number
}

/** Bytes of one file: many times what a run writes. */
const mostBytes = 2 ** 31

/** The events of a folder's files, in their order, as far as they are whole. */
export async function readEvents(folder: string): Promise<readonly Event[]> {
  const expected = 'an event file of TensorBoard'
  const names = await eventFiles(folder)
  if (names.length === 0) {
    throw new ConvzooError({ kind: 'file', message: `${folder} has no event files.`, expected, received: 'none' })
  }
  const events: Event[] = []
  for (const name of names) {
    const file = await readRegularFile(join(folder, name), { expected, mostBytes })
    for (const data of recordsOf(file)) events.push(fromBinary(EventSchema, data))
  }
  return events
}

/**
 * The points of all curves in a folder of event files, in the order in which they were written. What a run wrote after the step from which
 * it went on is left out, as TensorBoard does.
 *
 * @throws ConvzooError of kind `file` if there is none, or one cannot be read.
 * @example
 * const points = await readScalars('runs/flowers/tensorboard')
 * const losses = points.filter(({ tag }) => tag === 'step/loss')
 */
export async function readScalars(folder: string): Promise<readonly ScalarEvent[]> {
  requireArguments('readScalars', { folder: [pathOption, folder] })
  let points: ScalarEvent[] = []
  for (const { step: at, what } of await readEvents(folder)) {
    const step = Number(at)
    if (what.case === 'sessionLog' && what.value.status === SessionLog_SessionStatus.START) {
      points = points.filter((point) => point.step < step)
    }
    if (what.case !== 'summary') continue
    for (const { tag, value } of what.value.value) {
      if (value.case === 'simpleValue') points.push({ tag, step, value: value.value })
    }
  }
  return points
}
