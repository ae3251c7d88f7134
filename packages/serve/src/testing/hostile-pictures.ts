import { crc32 } from '@convzoo/files'

/** Numbers in [0, 1), the same each time. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

/** A chunk of a PNG. */
function chunk(type: string, data: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const content = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE(crc32(content))
  return Buffer.concat([length, content, sum])
}

const pngMark = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')

/** A PNG that claims a size, and holds next to nothing. */
function pngOf(width: number, height: number, type = 2): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, type, 0, 0, 0], 8)
  return Buffer.concat([
    pngMark,
    chunk('IHDR', header),
    chunk('IDAT', Buffer.from('789c0300', 'hex')),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1')

const wide = (value: number): string => String.fromCharCode(value & 255, value >> 8)

/** What claims to be larger than it is. */
const bombs: readonly (readonly [string, Buffer])[] = [
  ...[
    [65_535, 65_535],
    [2 ** 31 - 1, 2 ** 31 - 1],
    [2 ** 31 - 1, 1],
    [1, 2 ** 31 - 1],
    [0, 0],
    [100_000, 100_000],
  ].map(([width = 0, height = 0]) => [`a PNG of ${width}×${height}`, pngOf(width, height)] as const),
  ['a PNG of a type that is none', pngOf(10, 10, 77)],
  [
    'a GIF of 65535×65535',
    latin1(
      `GIF89a${wide(65_535)}${wide(65_535)}\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0${wide(65_535)}${wide(65_535)}\0\x02\x02\x44\x01\0;`,
    ),
  ],
  [
    'a JPEG of 65535×65535',
    latin1(
      '\xff\xd8\xff\xc0\0\x11\x08\xff\xff\xff\xff\x03\x01\x11\0\x02\x11\0\x03\x11\0\xff\xda\0\x0c\x03\x01\0\x02\0\x03\0\0\x3f\0\xff\xd9',
    ),
  ],
  ['a WebP of 16383×16383', latin1('RIFF\x1a\0\0\0WEBPVP8L\x0d\0\0\0\x2f\xff\xff\xff\x0f\0\0\0\0\0\0\0\0')],
  ['a TIFF that points at itself', latin1('II*\0\x08\0\0\0\x01\0\0\x01\x04\0\x01\0\0\0\xff\xff\xff\xff\x08\0\0\0')],
  ['an AVIF without anything', latin1('\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf\0\0\0\x08meta')],
]

/** What is no picture that is read, whatever it is called. */
const others: readonly (readonly [string, Buffer])[] = [
  ...[
    'plain text',
    '<!doctype html><script>alert(1)</script>',
    '<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>',
    '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><svg>&b;</svg>',
    '%PDF-1.7\n1 0 obj',
    'PK\x03\x04\x14\0\0\0',
    '\x1f\x8b\x08\0\0\0\0\0',
    '\x7fELF\x02\x01\x01',
    'MZ\x90\0',
    '\0\0\0\x18ftypheic\0\0\0\0mif1heic',
    '\0\0\0\x18ftypisom\0\0\0\0',
    'BM\x36\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0',
    '\xff\x0a\xfa\x7f',
    '8BPS\0\x01',
    '\0\0\x01\0\x01\0',
    '{"image": "aGVsbG8="}',
    '<?php system($_GET["c"]); ?>',
    '#!/bin/sh\nrm -rf /',
    '\0asm\x01\0\0\0',
    'push graphic-context\nviewbox 0 0 640 480\nfill \'url(https://example.org/"|ls")\'',
    '%!PS-Adobe-3.0\n/a {a} def a',
    'P6 99999 99999 255\n',
    'SIMPLE  =                    T',
    '\x93NUMPY\x01\0',
    '\x89HDF\r\n\x1a\n',
  ].map((text) => [`what begins with ${JSON.stringify(text.slice(0, 12))}`, latin1(text)] as const),
  ...[1, 2, 3, 4, 100, 4096, 100_000].map((length) => [`${length} bytes of nothing`, Buffer.alloc(length)] as const),
]

/** Bodies that are no pictures, or none that can be read: cut off, changed, of other kinds, of sizes that they have not. */
export function hostilePictures(whole: Buffer): readonly (readonly [name: string, body: Buffer])[] {
  const random = randomFrom(7)
  const cut = Array.from({ length: 24 }, (_, part): readonly [string, Buffer] => {
    const end = Math.floor((whole.length * part) / 24)
    return [`a picture cut off after ${end} bytes`, whole.subarray(0, end)]
  })
  const changed = Array.from({ length: 30 }, (_, place): readonly [string, Buffer] => {
    const bytes = Buffer.from(whole)
    for (let count = 0; count <= place % 8; count++) {
      bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256)
    }
    return [`a picture that was changed, ${place}`, bytes]
  })
  return [...cut, ...changed, ...bombs, ...others]
}
