import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { refusing, takenFor } from '../../../../tools/system-faults.mjs'
import { temporaryFolder, writeFiles } from '../testing/folders.js'
import { pictureCacheOf } from './picture-cache.js'
import { Room } from './room.js'

const folder = temporaryFolder(afterAll)
const pictures = join(folder, 'pictures')
const image = { path: join(folder, 'cat.jpg'), name: 'cat.jpg', label: 0 }
const picture = { data: Uint8Array.of(1, 2, 3), height: 1, width: 1, channels: 3 }
const form = 'full'

beforeEach(() => {
  rmSync(pictures, { recursive: true, force: true, maxRetries: 9 })
  writeFiles(folder, { 'cat.jpg': 'x' })
})

const openCache = (room: Room) => pictureCacheOf({ kind: 'disk', room: room.shared, folder: pictures, maker: 'test' })
const kept = (): readonly string[] =>
  readdirSync(pictures, { recursive: true, encoding: 'utf8' }).filter((name) => /[\da-f]{40}/.test(name))

describe('a cache on a disk whose files another program holds', () => {
  it('keeps a picture once its file is free', () => {
    using _ = takenFor('win32')
    using fault = refusing('rename', { code: 'EPERM', times: 4 })
    const cache = openCache(new Room(1e6))
    expect(cache.place(image, form).keep(picture)).toEqual({})
    expect(fault.met).toHaveLength(4)
    expect(cache.place(image, form).found).toMatchObject({ height: 1, width: 1, channels: 3 })
    expect(kept()).toHaveLength(1)
  })

  it('stays on where another process keeps and reads the same picture', () => {
    const room = new Room(1e6)
    const place = openCache(room).place(image, form)
    openCache(room).place(image, form).keep(picture)
    using fault = refusing('rename', { code: 'EPERM', times: Number.POSITIVE_INFINITY })
    expect([place.keep(picture), room.isClosed]).toEqual([{}, false])
    expect(fault.met.length).toBeGreaterThan(0)
    expect(kept()).toHaveLength(1)
  })

  it('is off where they are never free, and leaves nothing', () => {
    const room = new Room(1e6)
    using _ = refusing('rename', { code: 'EPERM', times: Number.POSITIVE_INFINITY })
    expect(openCache(room).place(image, form).keep(picture)).toEqual({ trouble: 'permission denied' })
    expect([room.isClosed, kept()]).toEqual([true, []])
  })
})
