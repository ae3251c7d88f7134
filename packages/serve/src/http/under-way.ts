import type { Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** Requests of a server that are not answered yet. */
export class UnderWay {
  /** By connection: with it go those answers, too, that waited for others on it, of which Node says nothing. */
  readonly #responses = new Map<Socket, Set<ServerResponse>>()
  #onEnd: (() => void) | undefined

  constructor(server: Server) {
    server.on('connection', (socket: Socket) => {
      this.#responses.set(socket, new Set())
      socket.on('close', () => {
        this.#responses.delete(socket)
        this.#look()
      })
    })
    server.on('request', ({ socket }, response) => {
      const ofSocket = this.#responses.get(socket)
      ofSocket?.add(response)
      response.on('close', () => {
        ofSocket?.delete(response)
        this.#look()
      })
    })
  }

  /** Resolves when all of them are answered, or their clients have gone. */
  ended(): Promise<void> {
    return new Promise((resolve) => {
      this.#onEnd = resolve
      this.#look()
    })
  }

  #look(): void {
    if ([...this.#responses.values()].every(({ size }) => size === 0)) this.#onEnd?.()
  }
}
