import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { smallRun } from './testing/convzoo.js'
import { Project } from './testing/project.js'

const { folder, convzoo } = new Project('recipes')

const configOf = (run: string): { readonly optimizer: object; readonly schedule: object; readonly training: object } =>
  JSON.parse(readFileSync(join(run, 'config.json'), 'utf8'))

describe('train --recipe', () => {
  it('takes from the recipe what neither the file nor a flag says', () => {
    const file = join(folder, 'run.yaml')
    writeFileSync(file, 'schedule: cosine\noptimizer: { momentum: 0.5 }\n')
    const run = join(folder, 'first')
    const { status, stderr } = convzoo(
      ...smallRun(run),
      ...['--recipe', 'notebook', '--config', file, '--weight-decay', '0.001'],
    )
    expect(status, stderr).toBe(0)
    const { optimizer, schedule } = configOf(run)
    expect(optimizer).toMatchObject({ name: 'sgdw', learningRate: 0.001, momentum: 0.5, weightDecay: 0.001 })
    expect(schedule).toMatchObject({ name: 'cosine' })
  })

  it('yields to another optimizer, whose options are those that flags have', () => {
    const run = join(folder, 'second')
    const { status, stderr } = convzoo(
      ...smallRun(run),
      ...['--recipe', 'notebook', '--optimizer', 'adamW', '--beta1', '0.8'],
    )
    expect(status, stderr).toBe(0)
    expect(configOf(run).optimizer).toMatchObject({ name: 'adamW', beta1: 0.8 })
  })

  it('has a name, which list and the help say', () => {
    expect(convzoo('list').stdout).toMatch(/^recipe notebook {2,}optimizer sgdw, schedule constant {2}\(convzoo@/m)
    expect(convzoo('train', '--help').stdout).toMatch(/--recipe <name> [\s\S]*modern, notebook[\s\S]*\(modern\)/)
    const { status, stderr } = convzoo(...smallRun(join(folder, 'none')), '--recipe', 'note')
    expect(status).toBe(2)
    expect(stderr).toMatch(/--recipe[\s\S]*one of modern, notebook[\s\S]*note/)
  })

  it.each([
    [
      'one with what is otherwise',
      ['--recipe', 'notebook', '--learning-rate', '0.01', '--warm-up', '1', '--epochs', '2'],
      'notebook, but --learning-rate 0.01 --warm-up 1: sgdw at 0.01, constant after 1 step, batches of 4, 2 epochs',
    ],
    [
      'none where nothing of it is left',
      ['--optimizer', 'sgdw', '--schedule', 'constant', '--momentum', '0.5'],
      'none: sgdw at 0.001, constant, batches of 4, 1 epoch',
    ],
  ])('is said in a line: %s', (title, flags, line) => {
    const { status, stderr, lines } = convzoo(...smallRun(join(folder, title.replaceAll(/\W/g, '-'))), ...flags)
    expect(status, stderr).toBe(0)
    expect(lines).toContain(`recipe  ${line}`)
  })

  it('may be one that the network has of its own', () => {
    expect(convzoo('list').stdout).toMatch(/^recipe paper of tiny\.only {2,}optimizer sgd {2}\(convzoo-tiny@1\.2\.3/m)
    const run = join(folder, 'paper')
    const { status, stderr, lines } = convzoo(...smallRun(run), '--recipe', 'paper', '--momentum', '0.5')
    expect(status, stderr).toBe(0)
    expect(lines).toContain(
      'recipe  paper, but --momentum 0.5 --batch-size 4: sgd at 0.02, cosine, batches of 4, 2 epochs',
    )
    expect(configOf(run).optimizer).toMatchObject({ name: 'sgd', learningRate: 0.02, momentum: 0.5 })
  })

  it('does not stand beside --resume', () => {
    const { status, stderr } = convzoo('train', '--resume', folder, '--recipe', 'notebook')
    expect(status).toBe(2)
    expect(stderr).toContain('no --recipe beside --resume')
  })
})
