import type { SampleKind } from './samples.js'

/** Bounds on what is decoded. */
export interface DecodeLimits {
  /** Pixels of the whole picture. */
  readonly maxPixels: number
  /** Whether a JPEG may be decoded at a fraction of its size when it is shrunk anyway. */
  readonly shrinkOnLoad: boolean
}

/** What must be known of a picture before it is decoded. */
export interface Header {
  /** As it is meant to be seen, turned as EXIF says. */
  readonly width: number
  readonly height: number
  /** As EXIF counts, 1 to 8: 1 is as it lies. */
  readonly orientation: number
  readonly colours: 'grey' | 'rgb' | 'inks'
  readonly hasAlpha: boolean
  readonly samples: SampleKind
  /** What other decoder than the careful one can read it: that of ordinary photographs, or of ordinary AVIF files. */
  readonly quick: 'jpeg' | 'avif' | undefined
  /** Whether it is a JPEG whose colours are stored at a lower resolution across than down, or the other way (4:2:2, 4:4:0). */
  readonly isUneven: boolean
}
