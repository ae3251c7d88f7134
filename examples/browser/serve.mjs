// Serves the page on this machine: `node serve.mjs <port>`. WebGPU is there for pages from localhost and over https.
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'

const files = {
  '/': ['dist/index.html', 'text/html; charset=utf-8'],
  '/style.css': ['dist/style.css', 'text/css'],
  '/page.js': ['dist/page.js', 'text/javascript'],
  '/digits.json': ['digits/digits.json', 'application/json'],
  '/digits.bin': ['digits/digits.bin', 'application/octet-stream'],
}

const server = createServer(async ({ url = '/' }, response) => {
  const [file, type] = files[url.split('?')[0]] ?? []
  const bytes = file === undefined ? undefined : await readFile(file).catch(() => undefined)
  if (bytes === undefined) response.writeHead(404).end()
  else response.writeHead(200, { 'content-type': type }).end(bytes)
})

server.listen(Number(process.argv[2] ?? 8080), '127.0.0.1', () => {
  console.log(`http://localhost:${server.address().port}`)
})
