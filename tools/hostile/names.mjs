// Names that a terminal would obey, or that do not fit on it.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { filesOf, picture, writeTar } from './pictures.mjs'
import { convzoo, refuse, requireHarmless, succeed, writeFiles } from './sandbox.mjs'
import { photographs, small, tinyRun } from './tiny-run.mjs'

export const kind = 'names'

const names = {
  'an escape sequence': 'red\u001b[31m\u001b[2J',
  'a line that fakes a result': 'a\ntest accuracy 100.00 %',
  'a return': 'a\rtest accuracy 100 %',
  'an override of direction': '\u202egpj.a',
  'a C1 control': 'a\u009b2Jb',
  'an operating system command': 'a\u001b]0;title\u0007b',
  'invisible characters': 'a\u200bb\ufeff',
}

/** No line of the output may be the one that a name fakes. */
function requireNoFake({ stdout, stderr }) {
  if (/^\s*test accuracy 100(\.00)? %\s*$/m.test(stdout + stderr))
    throw new Error(`A name fakes a result:\n${stdout}${stderr}`)
}

const harmless = (ended) => {
  requireHarmless(ended)
  requireNoFake(ended)
}

/** Runs commands on photographs, one class of which has the name. */
const asClass = (what, name) => ({
  name: `a class: ${what}`,
  async run(place) {
    const data = await photographs(join(place, 'fruit'), [name, 'berry'])
    const run = join(place, 'run')
    harmless(await succeed(place, ['data', 'inspect', data]))
    harmless(await succeed(place, ['train', 'nin', '--data', data, ...small, '--run', run]))
    harmless(await succeed(place, ['evaluate', run]))
    harmless(await succeed(place, ['predict', run, join(data, 'berry', '0.jpg')]))
    const { stdout } = await succeed(place, ['predict', run, join(data, 'berry', '0.jpg'), '--json'])
    if (!JSON.parse(stdout)[0].top.some((each) => each.class === name.normalize('NFC').trim()))
      throw new Error(`JSON lost the name:\n${stdout}`)
  },
})

const asFile = (what, name) => ({
  name: `a broken file: ${what}`,
  async run(place, shared) {
    const { run } = await tinyRun(place, shared)
    const data = await photographs(join(place, 'odd'))
    writeFileSync(join(data, 'apple', `${name}.jpg`), 'no picture')
    harmless(await succeed(place, ['data', 'inspect', data]))
    harmless(await refuse(place, ['predict', run, join(data, 'apple', `${name}.jpg`)], /\S/))
  },
})

const asMember = (what, name) => ({
  name: `a member of a tar: ${what}`,
  async run(place) {
    const path = join(place, 'a.tar')
    const files = await filesOf([0, 1, 2].flatMap((at) => [`cat/${at}.jpg`, `dog/${at}.jpg`]))
    await writeTar(path, { ...files, [`cat/${name}.jpg`]: 'no picture' })
    harmless(await succeed(place, ['data', 'inspect', path]))
  },
})

const asLabel = (what, name) => ({
  name: `a label of a manifest: ${what}`,
  async run(place) {
    const files = await filesOf([0, 1, 2, 3].flatMap((at) => [`a${at}.jpg`, `b${at}.jpg`]))
    writeFiles(place, files)
    const lines = Object.keys(files).map((image) =>
      JSON.stringify({ image, label: image.startsWith('a') ? name : 'b' }),
    )
    writeFileSync(join(place, 'a.jsonl'), `${lines.join('\n')}\n`)
    harmless(await succeed(place, ['data', 'inspect', join(place, 'a.jsonl')]))
  },
})

const asSetting = (what, name) => ({
  name: `a setting: ${what}`,
  async run(place, shared) {
    const { run } = await tinyRun(place, shared)
    for (const parameters of [
      ['train', name, '--data', 'mnist'],
      ['train', 'nin', '--data', name],
      ['train', 'nin', '--data', 'mnist', '--engine', name],
      ['predict', join(place, name), 'a.jpg'],
      ['predict', run, name],
      ['summary', name],
      ['data', 'inspect', join(place, name)],
    ]) {
      const ended = await convzoo(place, parameters)
      harmless(ended)
      if (ended.code !== 2)
        throw new Error(`convzoo ${parameters.join(' ')} ended with ${ended.code}:\n${ended.stderr}`)
    }
  },
})

const asPackage = (what, name) => ({
  name: `a package: ${what}`,
  async run(place) {
    writeFiles(place, {
      'package.json': JSON.stringify({ name: 'user', dependencies: { sly: '*' } }),
      'node_modules/sly/package.json': JSON.stringify({
        name,
        version: name,
        convzoo: { 'architecture/v1': [name] },
        main: 'a.js',
      }),
      'node_modules/sly/a.js': `throw new Error(${JSON.stringify(name)})`,
    })
    harmless(await convzoo(place, ['list']))
    harmless(await convzoo(place, ['summary', 'nothing']))
  },
})

export const cases = [
  ...Object.entries(names).flatMap(([what, name]) => [
    asClass(what, name),
    asFile(what, name),
    asMember(what, name),
    asLabel(what, name),
    asSetting(what, name),
    asPackage(what, name),
  ]),
  {
    name: 'a label of 500 kB',
    async run(place) {
      const long = 'x'.repeat(500_000)
      writeFiles(place, await filesOf([0, 1, 2].flatMap((at) => [`a${at}.jpg`, `b${at}.jpg`])))
      const lines = [0, 1, 2].flatMap((at) => [
        JSON.stringify({ image: `a${at}.jpg`, label: long }),
        JSON.stringify({ image: `b${at}.jpg`, label: 'b' }),
      ])
      writeFileSync(join(place, 'a.jsonl'), `${lines.join('\n')}\n`)
      const { stdout, stderr } = await convzoo(place, ['data', 'inspect', join(place, 'a.jsonl')])
      if (stdout.length + stderr.length > 100_000)
        throw new Error(`${stdout.length + stderr.length} characters reach the terminal.`)
    },
  },
  {
    name: 'a member with a name of 10 MB',
    async run(place) {
      const path = join(place, 'a.tar')
      const files = Object.entries(await filesOf([0, 1, 2].flatMap((at) => [`cat/${at}.jpg`, `dog/${at}.jpg`])))
      await writeTar(path, [...files, [`cat/${'y'.repeat(1e7)}.jpg`, await picture(50)]])
      const { stdout, stderr } = await convzoo(place, ['data', 'inspect', path])
      if (stdout.length + stderr.length > 100_000)
        throw new Error(`${stdout.length + stderr.length} characters reach the terminal.`)
    },
  },
  ...['constructor', 'toString', '__proto__', 'hasOwnProperty'].map((name) => ({
    name: `a class called ${name} has its pictures`,
    async run(place) {
      const data = await photographs(join(place, 'fruit'), [name, 'berry'])
      const run = join(place, 'run')
      await succeed(place, ['train', 'nin', '--data', data, ...small, '--run', run])
      for (const file of ['curves.svg', 'confusion.svg']) {
        if (!readFileSync(join(run, file), 'utf8').includes('</svg>')) throw new Error(`${file} is no picture.`)
      }
      if (!readFileSync(join(run, 'confusion.svg'), 'utf8').includes(name))
        throw new Error('The class is not in its picture.')
    },
  })),
]
