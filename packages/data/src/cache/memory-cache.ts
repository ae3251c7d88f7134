import type { Pixels } from '../augment/image.js'
import type { Keeping, PictureCache, PicturePlace } from './kept-picture.js'
import type { Room } from './room.js'

/** Pictures lie many in a block, since a system bounds how many a process may have. */
const blockBytes = 2 ** 25

/** Keeps pictures in memory that threads share. Who has them all is the thread that started the others: it gives them with each row. */
export class MemoryCache implements PictureCache {
  readonly #room: Room
  #block = new SharedArrayBuffer(0)
  #used = 0

  constructor(room: Room) {
    this.#room = room
  }

  place(): PicturePlace {
    return { found: undefined, keep: (picture) => this.#keep(picture) }
  }

  #keep(picture: Pixels): Keeping {
    if (this.#room.isClosed) return {}
    const { length } = picture.data
    if (this.#used + length > this.#block.byteLength) {
      // Towards the end there is no room for a block, but for pictures.
      const bytes = [Math.max(blockBytes, length), length].find((size) => this.#room.take(size))
      if (bytes === undefined) return { isFull: true }
      try {
        this.#block = new SharedArrayBuffer(bytes)
      } catch {
        this.#room.close()
        return { trouble: 'there is no more memory' }
      }
      this.#used = 0
    }
    const data = new Uint8Array(this.#block, this.#used, length)
    data.set(picture.data)
    this.#used += length
    return { shared: { ...picture, data } }
  }
}
