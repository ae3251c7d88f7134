// Clients that ask a server what photographs are, each one request after another on a connection of its own.
import { Agent, request } from 'node:http'

/** Asks once; gives the answer and the milliseconds that it took. */
export function ask(url, body, agent) {
  return new Promise((resolve, reject) => {
    const started = performance.now()
    const headers = { 'Content-Type': 'image/jpeg', 'Content-Length': body.length }
    const asked = request(`${url}predict?top=5`, { method: 'POST', headers, agent }, (response) => {
      const chunks = []
      response.on('data', (chunk) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString()
        if (response.statusCode === 200)
          resolve({ answer: JSON.parse(text), milliseconds: performance.now() - started })
        else reject(new Error(`${url} answered ${response.statusCode}: ${text}`))
      })
    })
    asked.on('error', reject)
    asked.end(body)
  })
}

/** So many clients for so many seconds: requests a second, and how long each took. */
export async function load(url, photographs, { clients, seconds }) {
  const agent = new Agent({ keepAlive: true, maxSockets: clients })
  const milliseconds = []
  const started = performance.now()
  const end = started + 1000 * seconds
  const client = async (first) => {
    for (let next = first; performance.now() < end; next += clients) {
      milliseconds.push((await ask(url, photographs[next % photographs.length], agent)).milliseconds)
    }
  }
  await Promise.all(Array.from({ length: clients }, (_, first) => client(first)))
  const took = (performance.now() - started) / 1000
  agent.destroy()
  return { rate: milliseconds.length / took, milliseconds }
}
