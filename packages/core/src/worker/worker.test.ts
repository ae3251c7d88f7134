import { MessageChannel } from 'node:worker_threads'
import { afterEach, describe, expect, it } from 'vitest'
import type { Outputs } from '../contracts/index.js'
import { ConvzooError } from '../errors/index.js'
import { GraphBuilder, opsFor } from '../graph/index.js'
import { zeros } from '../initializers/index.js'
import type { Program } from '../program/index.js'
import { WorkerClient } from './client.js'
import type { Arrays } from './protocol.js'
import { RemoteExecutable } from './remote-executable.js'
import { type Host, serve } from './serve.js'

/** A function `double` of one input, and one state tensor. */
const program: Program = (() => {
  const builder = new GraphBuilder()
  const x = builder.input('x', { shape: [2], dtype: 'float32' })
  builder.output('y', opsFor(builder).multiply(x, 2))
  return {
    state: [{ name: 'dense/bias', shape: [2], dtype: 'float32', role: 'weight', initializer: zeros }],
    functions: { double: builder.finish('double') },
  }
})()

const open: (() => void)[] = []
afterEach(() => {
  for (const close of open.splice(0)) close()
})

function channel() {
  const { port1, port2 } = new MessageChannel()
  open.push(() => port1.close())
  return { client: new WorkerClient(port1, 'the runtime'), port: port2 }
}

function host(log: string[] = [], run: Host['run'] = () => ({})): Host {
  return {
    description: 'a host for tests',
    run,
    read: () => Float32Array.of(1, 2),
    stage: (name) => void log.push(`stage ${name}`),
    commit: () => void log.push('commit'),
    discard: () => void log.push('discard'),
    stop: () => void log.push('stop'),
  }
}

async function started(run?: Host['run'], more: Partial<Host> = {}, shared = false) {
  const log: string[] = []
  const { client, port } = channel()
  serve(port, { runtime: 'the runtime', start: () => ({ ...host(log, run), ...more }) })
  const executable = await RemoteExecutable.start({
    client,
    program,
    start: {},
    shared,
    end: async () => void log.push('end'),
  })
  return { executable, client, log }
}

const double: Host['run'] = (_, { x = new Float32Array() }) => ({ y: Float32Array.from(x, (value) => 2 * value) })

describe('a program in a worker', () => {
  it('reads an input where it lies if both threads see it, and takes copies of others', async () => {
    const seen: ArrayBufferLike[] = []
    const run: Host['run'] = (name, inputs) => {
      seen.push(inputs.x?.buffer ?? new ArrayBuffer())
      const given = double(name, inputs)
      // Where it is read is where the caller has it.
      inputs.x?.fill(7)
      return given
    }
    const { executable } = await started(run, {}, true)
    const [lent, own] = [new Float32Array(new SharedArrayBuffer(8)), Float32Array.of(3, 4)]
    lent.set([1, 2])
    expect(await executable.run('double', { x: lent })).toEqual({ y: Float32Array.of(2, 4) })
    expect([...lent]).toEqual([7, 7])
    expect(await executable.run('double', { x: own })).toEqual({ y: Float32Array.of(6, 8) })
    expect(await executable.run('double', { x: own })).toEqual({ y: Float32Array.of(6, 8) })
    expect([...own, ...lent]).toEqual([3, 4, 7, 7])
    expect(seen.every((buffer) => buffer instanceof SharedArrayBuffer)).toBe(true)
  })

  it('takes inputs by copy and gives outputs', async () => {
    const { executable } = await started(double)
    const x = Float32Array.of(1, 2)
    expect(executable.description).toBe('a host for tests')
    expect(await executable.run('double', { x })).toEqual({ y: Float32Array.of(2, 4) })
    expect(await executable.run('double', { x: Float32Array.of(3, 4) })).toEqual({ y: Float32Array.of(6, 8) })
    expect(x).toEqual(Float32Array.of(1, 2))
  })

  it('takes a request up when the one before it is answered', async () => {
    const order: string[] = []
    const { executable } = await started(async (_, { x }) => {
      order.push(`begin ${x?.[0]}`)
      await new Promise((resolve) => setTimeout(resolve, 5))
      order.push(`end ${x?.[0]}`)
      return {}
    })
    await Promise.all([1, 2].map((value) => executable.run('double', { x: Float32Array.of(value, 0) })))
    expect(order).toEqual(['begin 1', 'end 1', 'begin 2', 'end 2'])
  })

  it('takes up a call after another while that one goes on, and nothing else; answers come in their order', async () => {
    const order: string[] = []
    const slow = (value: number): Promise<Outputs> => {
      order.push(`begin ${value}`)
      return new Promise((resolve) => {
        setTimeout(
          () => {
            order.push(`end ${value}`)
            resolve({ y: Float32Array.of(value, 0) })
          },
          value === 1 ? 20 : 5,
        )
      })
    }
    const of = (inputs: Arrays): number => inputs.x?.[0] ?? 0
    const { executable } = await started((_, inputs) => slow(of(inputs)), {
      runAfter: async (_, inputs) => (of(inputs) === 3 ? undefined : slow(of(inputs))),
      read: () => {
        order.push('read')
        return new Float32Array(2)
      },
    })
    const x = (value: number) => ({ x: Float32Array.of(value, 0) })
    const read = async () => {
      for await (const _ of executable.readState()) break
    }
    const results = await Promise.all([
      executable.run('double', x(1)),
      executable.runAfter?.('double', x(2)),
      executable.runAfter?.('double', x(3)),
      read(),
      executable.run('double', x(4)),
    ])
    expect(results.map((outputs) => outputs?.y?.[0])).toEqual([1, 2, undefined, undefined, 4])
    expect(order).toEqual(['begin 1', 'begin 2', 'end 2', 'end 1', 'read', 'begin 4', 'end 4'])
    await expect(executable.runAfter?.('nobody', {})).rejects.toMatchObject({ kind: 'state' })
  })

  it('takes no calls after others where the other end does not', async () => {
    const { executable } = await started(double)
    expect(executable.runAfter).toBeUndefined()
  })

  it('commits what was written, or discards all of it', async () => {
    const { executable, log } = await started()
    const bias = { name: 'dense/bias', shape: [2], data: Float32Array.of(1, 2) }
    await executable.writeState([bias])
    expect(log.splice(0)).toEqual(['stage dense/bias', 'commit'])
    await expect(executable.writeState([bias, { ...bias, shape: [1, 2] }])).rejects.toMatchObject({ kind: 'state' })
    await expect(executable.writeState([{ ...bias, name: 'nobody' }])).rejects.toMatchObject({ kind: 'state' })
    expect(log).toEqual(['stage dense/bias', 'discard', 'discard'])
  })

  it('waits for state that comes from a device later, and for values that go there', async () => {
    const device = { held: Float32Array.of(1, 2), staged: new Float32Array(2), busy: false }
    const later = async <T>(work: () => T): Promise<T> => {
      if (device.busy) throw new Error('The device is asked for two things at once.')
      device.busy = true
      await new Promise((resolve) => setTimeout(resolve, 5))
      device.busy = false
      return work()
    }
    const { executable } = await started((_, { x = [] }) => later(() => ({ y: Float32Array.from(x) })), {
      read: () => later(() => device.held.slice()),
      stage: (_, data) => later(() => device.staged.set(data)),
      commit: () => later(() => device.held.set(device.staged)),
    })
    const read = async () => {
      const found: number[][] = []
      for await (const { data } of executable.readState()) found.push([...data])
      return found
    }
    const written = { name: 'dense/bias', shape: [2], data: Float32Array.of(3, 4) }
    const [before, , ran] = await Promise.all([
      read(),
      executable.writeState([written]),
      executable.run('double', { x: Float32Array.of(5, 6) }),
    ])
    expect([before, ran]).toEqual([[[1, 2]], { y: Float32Array.of(5, 6) }])
    expect(await read()).toEqual([[3, 4]])
  })

  it('brings back why state cannot be read', async () => {
    const { executable } = await started(undefined, { read: () => Promise.reject(new Error('the device is lost')) })
    await expect(executable.readState().next()).rejects.toMatchObject({
      kind: 'engine',
      received: 'the device is lost',
    })
  })

  it('refuses unknown functions, and names that only look known', async () => {
    const { executable } = await started()
    for (const name of ['train/2', 'toString']) {
      await expect(executable.run(name, {})).rejects.toMatchObject({ kind: 'state', received: name })
    }
  })

  it('brings an error of the worker back with all of its fields, and goes on', async () => {
    const fields = {
      kind: 'engine',
      message: 'No room.',
      expected: '2 GB',
      received: '1 GB',
      hint: 'close a window',
    } as const
    const failures = [new ConvzooError(fields), new Error('native trouble')]
    const { executable } = await started((name, inputs) => {
      const failure = failures.shift()
      if (failure !== undefined) throw failure
      return double(name, inputs)
    })
    const x = new Float32Array(2)
    const first = await executable.run('double', { x }).catch((error: unknown) => error)
    expect(ConvzooError.isInstance(first) && first.toFields()).toEqual(fields)
    await expect(executable.run('double', { x })).rejects.toMatchObject({
      kind: 'engine',
      sentence: 'the runtime failed.',
      received: 'native trouble',
    })
    expect(await executable.run('double', { x })).toEqual({ y: new Float32Array(2) })
  })

  it('ends the worker when it is disposed of, and when it cannot start', async () => {
    const { executable, log } = await started()
    await executable.dispose()
    expect(log).toEqual(['stop', 'end'])
    const { client, port } = channel()
    serve(port, {
      runtime: 'the runtime',
      start: () => {
        throw new Error('no such device')
      },
    })
    let ended = false
    const end = async () => {
      ended = true
    }
    await expect(RemoteExecutable.start({ client, program, start: {}, end })).rejects.toMatchObject({
      received: 'no such device',
    })
    expect(ended).toBe(true)
  })

  it('fails what waits and what comes later once the worker is gone', async () => {
    const { executable, client } = await started(() => new Promise(() => {}))
    const waiting = expect(executable.run('double', { x: new Float32Array(2) })).rejects.toMatchObject({
      kind: 'engine',
      received: 'out of memory',
    })
    await new Promise((resolve) => setTimeout(resolve, 5))
    client.fail('out of memory')
    client.fail('a later reason')
    await waiting
    await expect(executable.run('double', { x: new Float32Array(2) })).rejects.toMatchObject({
      received: 'out of memory',
    })
  })
})
