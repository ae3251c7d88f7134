import { connect } from 'node:net'

/** What a server answered on one connection, to its end: bytes as Latin-1. */
export function talk(
  url: string,
  parts: readonly (string | Buffer)[],
  { seconds = 15, pause = 0 } = {},
): Promise<string> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve) => {
    let answer = ''
    const socket = connect(Number(port), hostname)
    const timer = setTimeout(() => socket.destroy(), 1000 * seconds)
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1')
    })
    // Whatever ends it, what was answered counts.
    socket.on('error', () => undefined)
    socket.on('close', () => {
      clearTimeout(timer)
      resolve(answer)
    })
    const send = async (): Promise<void> => {
      for (const part of parts) {
        if (socket.destroyed) return
        socket.write(typeof part === 'string' ? Buffer.from(part, 'latin1') : part)
        if (pause > 0) await new Promise((next) => setTimeout(next, pause))
      }
    }
    void send()
  })
}

/** The head of a request that asks what a body is taken for. */
export const head = (headers: Readonly<Record<string, string | number>>, line = 'POST /predict HTTP/1.1'): string =>
  `${[line, 'Host: localhost', 'Connection: close', ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`)].join('\r\n')}\r\n\r\n`

/** The status of an answer, but for words on the way to it; 0 where there is none. */
export const statusOf = (answer: string): number => Number(/^HTTP\/1\.1 ([2-5]\d\d)/m.exec(answer)?.[1] ?? 0)
