/** A format of pictures that is known, but not read. */
interface UnreadFormat {
  readonly name: string
  readonly extensions: readonly string[]
  /** A command that makes a picture of it that is read. */
  readonly convert: string
  /** Whether files of it begin with these bytes, each as a Latin-1 character; left out where only the name tells. */
  readonly begins?: (start: string) => boolean
  /** Whether its files are TIFFs by their first bytes, of which a decoder would give the small preview. */
  readonly hidesPreview?: boolean
}

/** A picture in a box of ISO media: its brand, and those it is compatible with. */
const hasBrand = (start: string, brand: RegExp): boolean =>
  start.startsWith('ftyp', 4) && brand.test(start.slice(8, 12))

/** Sizes of the headers that follow the first 14 bytes of a BMP. */
const bmpHeaders = new Set([12, 40, 52, 56, 64, 108, 124])

const formats: readonly UnreadFormat[] = [
  {
    name: 'BMP',
    extensions: ['bmp', 'dib'],
    convert: 'magick mogrify -format png *.bmp',
    begins: (start) =>
      start.startsWith('BM') && start.slice(6, 10) === '\0\0\0\0' && bmpHeaders.has(start.charCodeAt(14)),
  },
  {
    name: 'HEIC',
    extensions: ['heic', 'heif', 'hif'],
    convert: 'magick mogrify -format jpg *.heic',
    // `mif1` is the brand of many AVIF files too, which name their own behind it.
    begins: (start) => hasBrand(start, /^(?:he[ivx][cmsx]|m[is]f1)$/) && !start.slice(8, 64).includes('avif'),
  },
  {
    name: 'JPEG XL',
    extensions: ['jxl'],
    convert: 'djxl 1.jxl 1.png',
    begins: (start) => start.startsWith('\xff\x0a') || start.startsWith('\0\0\0\x0cJXL '),
  },
  {
    name: 'JPEG 2000',
    extensions: ['jp2', 'j2k', 'jpf', 'jpx', 'j2c', 'jpc', 'jpm'],
    convert: 'magick mogrify -format png *.jp2',
    begins: (start) => start.startsWith('\0\0\0\x0cjP  ') || start.startsWith('\xff\x4f\xff\x51'),
  },
  {
    name: 'ICO',
    extensions: ['ico', 'cur'],
    convert: 'magick "1.ico[0]" 1.png',
    begins: (start) =>
      (start.startsWith('\0\0\x01\0') || start.startsWith('\0\0\x02\0')) && /^[^\0]\0/.test(start.slice(4)),
  },
  {
    name: 'PSD',
    extensions: ['psd', 'psb'],
    convert: 'magick "1.psd[0]" 1.png',
    begins: (start) => start.startsWith('8BPS'),
  },
  {
    name: 'a raw photograph',
    extensions: [
      'cr2',
      'cr3',
      'nef',
      'nrw',
      'arw',
      'srf',
      'sr2',
      'dng',
      'raf',
      'orf',
      'rw2',
      'pef',
      'srw',
      'x3f',
      '3fr',
      'iiq',
      'crw',
    ],
    convert: 'darktable-cli 1.dng 1.jpg',
    hidesPreview: true,
    begins: (start) =>
      start.startsWith('CR\x02', 8) ||
      hasBrand(start, /^crx $/) ||
      ['FUJIFILMCCD-RAW', 'IIRO', 'IIRS', 'MMOR', 'IIU\0', 'FOVb'].some((mark) => start.startsWith(mark)),
  },
  {
    name: 'SVG',
    extensions: ['svg', 'svgz'],
    convert: 'rsvg-convert -o 1.png 1.svg',
    begins: (start) =>
      /^(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--[\s\S]*?-->\s*)*(?:<!DOCTYPE svg[^>]*>\s*)?<svg[\s>]/i.test(
        start,
      ),
  },
  { name: 'TGA', extensions: ['tga', 'icb', 'vda', 'vst'], convert: 'magick mogrify -format png *.tga' },
  {
    name: 'PNM',
    extensions: ['ppm', 'pgm', 'pbm', 'pnm', 'pam'],
    convert: 'magick mogrify -format png *.ppm',
    begins: (start) => /^P[1-6]\s+(?:#[^\n]*\n\s*)*\d+\s+\d+\s/.test(start),
  },
  {
    name: 'DICOM',
    extensions: ['dcm', 'dicom'],
    convert: 'dcm2pnm --write-png 1.dcm 1.png',
    begins: (start) => start.startsWith('DICM', 128),
  },
  {
    name: 'OpenEXR',
    extensions: ['exr'],
    convert: 'magick mogrify -format png *.exr',
    begins: (start) => start.startsWith('\x76\x2f\x31\x01'),
  },
  {
    name: 'Radiance HDR',
    extensions: ['hdr'],
    convert: 'magick mogrify -format png *.hdr',
    begins: (start) => start.startsWith('#?RADIANCE') || start.startsWith('#?RGBE'),
  },
  {
    name: 'DDS',
    extensions: ['dds'],
    convert: 'magick mogrify -format png *.dds',
    begins: (start) => start.startsWith('DDS '),
  },
  { name: 'PCX', extensions: ['pcx'], convert: 'magick mogrify -format png *.pcx' },
  { name: 'XCF', extensions: ['xcf'], convert: 'magick 1.xcf 1.png', begins: (start) => start.startsWith('gimp xcf') },
]

const reasonOf = ({ name, convert }: UnreadFormat): string =>
  `${name}, which is not read: convert it, as by \`${convert}\``

const byExtension = new Map(formats.flatMap((format) => format.extensions.map((extension) => [extension, format])))

/** Why a picture is not read, by its name; undefined where the name says nothing of the kind. */
export function unreadByName(name: string): { readonly reason: string; readonly hidesPreview: boolean } | undefined {
  const format = byExtension.get(name.slice(name.lastIndexOf('.') + 1).toLowerCase())
  return format === undefined ? undefined : { reason: reasonOf(format), hidesPreview: format.hidesPreview === true }
}

/** Why a picture is not read, by its first bytes. */
export function unreadByContent(bytes: Uint8Array): string | undefined {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 512)).toString('latin1')
  const format = formats.find(({ begins }) => begins?.(start) === true)
  return format === undefined ? undefined : reasonOf(format)
}
