import { describe, expect, it } from 'vitest'
import { type BadImageOptions, BadImages } from './bad-images.js'

const listing = (images: number, refused: number) => ({
  name: 'photographs',
  classes: ['cat', 'dog'],
  images: Array.from({ length: images }, (_, index) => ({ path: '', name: `${index}.jpg`, label: index % 2 })),
  refused: Array.from({ length: refused }, (_, index) => ({ name: `x${index}.bmp`, reason: 'BMP' })),
  foreign: Array.from({ length: 1000 }, (_, index) => ({ name: `${index}.txt`, reason: 'no image' })),
})

const of = (images: number, refused: number, used = images, options: BadImageOptions = {}): BadImages =>
  new BadImages(listing(images, refused), used, options)

describe('images that cannot be used', () => {
  it('are a tenth at most, where nothing else is said', () => {
    expect(() => of(100, 10)).not.toThrow()
    expect(() => of(100, 11)).toThrow(/11 images of photographs cannot be used/)
    const bad = of(100, 9)
    bad.add(1, { name: '1.jpg', reason: 'damaged' })
    expect(() => bad.add(2, { name: '2.jpg', reason: 'damaged' })).toThrow(/11 images/)
  })

  it('are counted for the part of the images that is used', () => {
    expect(() => of(1000, 90, 16)).not.toThrow()
    expect(() => of(1000, 400, 16)).toThrow(/cannot be used/)
  })

  it('are never files that are no pictures', () => {
    expect(of(10, 0, 10, { maxBad: 0 }).report).toEqual([])
    expect(() => of(10, 0, 10, { onBadImage: 'fail' })).not.toThrow()
    expect(() => of(10, 1, 10, { onBadImage: 'fail' })).toThrow(/x0\.bmp/)
    expect(() => of(10, 1, 5, { maxBad: 0 })).toThrow(/x0\.bmp/)
  })
})
