import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The programs of the README that need nothing but `convzoo`, as they stand there: on a folder in 12 lines, and GoogLeNet's in 8. */
export function programsOf(root) {
  const readme = readFileSync(join(root, 'README.md'), 'utf8')
  const programs = [...readme.matchAll(/^```js\n(.*?)^```$/gms)].map(([, program]) => program)
  assert.deepEqual(
    programs.map((program) => program.split('\n').length - 1),
    [12, 8],
  )
  const [folder, heads] = programs
  return { folder, heads }
}

/** Draws with the decoder that came with convzoo; npm and yarn put it where a program of the project finds it. */
const photographer = `
  import { mkdirSync } from 'node:fs'
  import sharp from 'sharp'
  const draw = (path, red, blue) =>
    sharp({ create: { width: 80 + blue % 7, height: 72, channels: 3, background: { r: red, g: 90, b: blue } } }).jpeg().toFile(path)
  for (const [name, red] of [['rose', 220], ['tulip', 40]]) {
    mkdirSync('flowers/' + name, { recursive: true })
    for (let index = 0; index < 5; index++) await draw('flowers/' + name + '/' + index + '.jpg', red, 20 + 40 * index)
  }
  await draw('holiday.jpg', 210, 50)
`

/** Puts photographs by class into `flowers/` of a project, and one from a holiday. */
export async function takePhotographs(project) {
  project.write('photographer.mjs', photographer)
  await project.node('photographer.mjs')
}
