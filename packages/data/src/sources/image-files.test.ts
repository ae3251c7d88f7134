import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { temporaryFolder, writeFiles } from '../testing/folders.js'
import { imageFiles } from './image-files.js'

const folder = temporaryFolder(afterAll)

describe('imageFiles', () => {
  it('takes files and folders', () => {
    writeFiles(folder, { '1.jpg': 'x', 'album/2.jpg': 'x' })
    const { images } = imageFiles([join(folder, '1.jpg'), join(folder, 'album')], ['cat'])
    expect(images.map(({ path }) => path)).toEqual([join(folder, '1.jpg'), join(folder, 'album/2.jpg')])
  })

  it('says what a pattern that no shell has filled in leads to: cmd and PowerShell hand it on', () => {
    const pattern = join(folder, '*.png')
    const read = (): unknown => imageFiles([pattern], ['cat'])
    expect(read).toThrow(`${pattern} cannot be read`)
    expect(read).toThrow(/give the folder that holds the images.*cmd and PowerShell/)
  })
})
