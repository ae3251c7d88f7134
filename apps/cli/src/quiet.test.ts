import { spawnSync } from 'node:child_process'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { OtherHome } from '../../../tools/other-home.js'
import { cli, ninRun } from './testing/convzoo.js'

let home: OtherHome
beforeEach(() => {
  home = new OtherHome()
})
afterEach(() => home[Symbol.dispose]())

it('a training writes nothing but its run and the cache of convzoo, in the folders of a user whom nobody has asked', () => {
  const { status, stderr } = spawnSync(process.execPath, [cli, ...ninRun('run', '--engine', 'onnx')], {
    cwd: home.work,
    encoding: 'utf8',
    env: home.environment(),
  })
  expect(status, stderr).toBe(0)
  const files = home.files()
  expect(files).toContain('work/run/weights.safetensors')
  expect(files.filter((file) => !/^(?:work\/run|cache\/convzoo)\//.test(file))).toEqual([])
})
