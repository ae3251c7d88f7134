import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { trainer } from '../testing/brighter.js'

const refused: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  seed: { seed: '7' },
  optimizer: { optimizer: 'mine' },
  loss: { loss: 'mine' },
  dataset: { dataset: 'fruit' },
  'batch size': { 'batch size': '4' },
  'a text of five million letters': { notes: 'a'.repeat(5_000_000) },
  'ten thousand facts': Object.fromEntries(
    Array.from({ length: 10_000 }, (_, index) => [`fact ${index} ${'x'.repeat(500)}`, '']),
  ),
}

const kept: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'an odd name': { ['__proto__']: 'a', constructor: 'b', '': 'c', 'a\nb': 'd\u001b', 1: 'e' },
  'half of a letter': { notes: '\ud83d' },
}

describe('an identity', () => {
  it.each(Object.entries(refused))('that would break its own checkpoint is refused at once: %s', (_, identity) => {
    expect(() => trainer([], 1, { identity })).toThrow(expect.objectContaining({ kind: 'option' }))
  })

  it.each(Object.entries(kept))('is kept by a checkpoint as it is: %s', async (_, identity) => {
    const folder = mkdtempSync(join(tmpdir(), 'convzoo-identity-'))
    try {
      const path = join(folder, 'a.safetensors')
      await using trained = trainer([], 1, { identity })
      await trained.saveCheckpoint(path)
      await using same = trainer([], 1, { identity })
      await same.loadCheckpoint(path)
      await using other = trainer([], 1, { identity: {} })
      await expect(other.loadCheckpoint(path)).rejects.toMatchObject({ kind: 'state' })
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })

  it('goes together with names of classes that a file can hold', () => {
    const classes = ['a', 'b'.repeat(5_000_000)]
    expect(() => trainer([], 1, { classes })).toThrow(expect.objectContaining({ kind: 'option' }))
  })
})
