import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { deflateRawSync } from 'node:zlib'
import { crc32 } from '@convzoo/files'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openPyTorch } from './read.js'

let folder = ''
let path = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'convzoo-pytorch-'))
  path = join(folder, 'some.pth')
})
afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 9 }))

interface Member {
  readonly name: string
  readonly data: Buffer
  readonly method?: number
  /** What the directory says of it instead of the truth. */
  readonly claims?: {
    readonly size?: number
    readonly packed?: number
    readonly crc?: number
    readonly at?: number
    readonly flags?: number
  }
}

/** A zip archive as it is told, lies included. */
function zip(members: readonly Member[]): Buffer {
  const locals: Buffer[] = []
  const directory: Buffer[] = []
  let at = 0
  for (const { name, data, method = 0, claims = {} } of members) {
    const packed = method === 8 ? deflateRawSync(data) : data
    const { size = data.length, packed: length = packed.length, crc = crc32(data), at: offset = at, flags = 0 } = claims
    const fields = Buffer.alloc(26)
    for (const [value, place] of [
      [20, 0],
      [flags, 2],
      [method, 4],
      [name.length, 22],
    ] as const)
      fields.writeUInt16LE(value, place)
    for (const [value, place] of [
      [crc, 10],
      [length, 14],
      [size, 18],
    ] as const)
      fields.writeUInt32LE(value, place)
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), fields, Buffer.from(name), packed])
    const rest = Buffer.alloc(14)
    rest.writeUInt32LE(offset, 10)
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), fields, rest, Buffer.from(name)]))
    locals.push(local)
    at += local.length
  }
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(members.length, 8)
  end.writeUInt16LE(members.length, 10)
  end.writeUInt32LE(Buffer.concat(directory).length, 12)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...locals, ...directory, end])
}

const four = Buffer.alloc(16)
const version: Member = { name: 'archive/version', data: Buffer.from('3\n') }
const data: Member = { name: 'archive/data/0', data: four }
const archive = (pickle: Buffer, others: readonly Member[] = [version, data]): Buffer =>
  zip([{ name: 'archive/data.pkl', data: pickle }, ...others])

// Pickles, an opcode at a time.
const bytes = (...parts: readonly (string | number | Buffer)[]): Buffer =>
  Buffer.concat(
    parts.map((part) =>
      typeof part === 'number' ? Buffer.of(part) : typeof part === 'string' ? Buffer.from(part, 'latin1') : part,
    ),
  )
const uint32 = (value: number): Buffer => {
  const buffer = Buffer.alloc(4)
  buffer.writeUInt32LE(value)
  return buffer
}
const pickle = (...parts: readonly (string | number | Buffer)[]): Buffer => bytes(0x80, 2, ...parts, '.')
const text = (value: string): Buffer => bytes('X', uint32(value.length), value)
const global = (module: string, name: string): Buffer => bytes('c', module, '\n', name, '\n')
const whole = (value: number): Buffer => bytes('J', uint32(value >>> 0))
const storage = (key = '0', length = 4, type = 'FloatStorage'): Buffer =>
  bytes('(', text('storage'), global('torch', type), text(key), text('cpu'), whole(length), 'tQ')
const tensor = (
  of: Buffer = storage(),
  offset = 0,
  shape: readonly number[] = [2, 2],
  strides: readonly number[] = [2, 1],
): Buffer =>
  bytes(
    global('torch._utils', '_rebuild_tensor_v2'),
    '(',
    of,
    whole(offset),
    '(',
    ...shape.map(whole),
    't',
    '(',
    ...strides.map(whole),
    't',
    0x89,
    global('collections', 'OrderedDict'),
    ')R',
    'tR',
  )
const dictOf = (value: Buffer): Buffer => pickle('}', text('a'), value, 's')

const calls: readonly (readonly [string, Buffer])[] = [
  ...[
    ['posix', 'system'],
    ['os', 'system'],
    ['nt', 'system'],
    ['subprocess', 'Popen'],
    ['builtins', 'eval'],
    ['builtins', 'exec'],
    ['builtins', 'getattr'],
    ['builtins', '__import__'],
    ['__builtin__', 'apply'],
    ['runpy', '_run_code'],
    ['pickle', 'loads'],
    ['torch', 'load'],
    ['torch.hub', 'load'],
    ['torch._utils', '_rebuild_tensor_v2.__globals__'],
    ['torch.storage', '_load_from_bytes'],
    ['collections', 'OrderedDict.update'],
    ['torch', 'constructor'],
    ['torch', '__proto__'],
    ['', ''],
    ['collections.OrderedDict', ''],
    ['torch', 'FloatStorage.from_file'],
    ['torch', 'QInt8Storage'],
    ['numpy.core.multiarray', '_reconstruct'],
    ['torchvision.models.alexnet', 'AlexNet'],
    ['codecs', 'encode'],
  ].flatMap(([module = '', name = '']) => [
    [`GLOBAL and REDUCE of ${module}.${name}`, pickle(global(module, name), text('id'), 0x85, 'R')] as const,
    [
      `STACK_GLOBAL of ${module}.${name}`,
      bytes(0x80, 4, text(module), text(name), 0x93, text('id'), 0x85, 'R.'),
    ] as const,
    [
      `${module}.${name} as a value beside a tensor`,
      pickle('}(', text('a'), tensor(), text('b'), global(module, name), 'u'),
    ] as const,
  ]),
  ['INST', pickle('(', text('id'), 'ios\nsystem\n')],
  ['OBJ', pickle('(', global('collections', 'OrderedDict'), text('id'), 'o')],
  ['NEWOBJ', pickle(global('collections', 'OrderedDict'), ')', 0x81)],
  ['NEWOBJ_EX', bytes(0x80, 4, global('collections', 'OrderedDict'), ')}', 0x92, '.')],
  ['EXT1', pickle(0x82, 1)],
  ['EXT2', pickle(0x83, 1, 0)],
  ['EXT4', pickle(0x84, uint32(1))],
  ['PERSID', pickle('P0\n')],
  ['NEXT_BUFFER', bytes(0x80, 5, 0x97, '.')],
  ['BUILD of a list', pickle(']', '}', 'b')],
  ['BUILD of a function', pickle(global('torch._utils', '_rebuild_tensor_v2'), '}', 'b')],
  ['BUILD with a text', pickle('}', text('a'), 'b')],
  ['a call of a text', pickle(text('os.system'), ')', 'R')],
  ['a call of a dict', pickle('}', ')', 'R')],
  ['a call without arguments', pickle(global('torch._utils', '_rebuild_tensor_v2'), ')', 'R')],
  ['a call with a list', pickle(global('collections', 'OrderedDict'), ']', 'R')],
  ['a call of a storage', pickle(global('torch', 'FloatStorage'), ')', 'R')],
  ['an OrderedDict of arguments', pickle(global('collections', 'OrderedDict'), ']', 0x85, 'R')],
  ['a parameter of a text', pickle(global('torch._utils', '_rebuild_parameter'), text('a'), 0x85, 'R')],
]

const sizes: readonly (readonly [string, Buffer])[] = [
  ['a text of 4 GiB', pickle('X', uint32(2 ** 32 - 1), 'a')],
  ['a text of 16 EiB', bytes(0x80, 4, 0x8d, Buffer.alloc(8, 255), '.')],
  ['an integer of 2 GiB', pickle(0x8b, uint32(2 ** 31), 'a')],
  ['an integer of 200 bytes', pickle(0x8a, 200, Buffer.alloc(200, 1))],
  ['a tuple of what is not there', pickle(0x87)],
  ['lists within lists, 100,000 deep', pickle(']'.repeat(100_000), 'a'.repeat(99_999))],
  ['tuples within tuples, 100,000 deep', pickle(')', Buffer.alloc(100_000, 0x85))],
  ['dicts within dicts, 100,000 deep', pickle(bytes('}', text('a')).toString('latin1').repeat(100_000))],
  ['marks within marks, 100,000 deep', pickle('('.repeat(100_000))],
  ['a million values at once', pickle('(', 'N'.repeat(1e6), 't')],
  [
    'two million values that are kept',
    pickle('N', Buffer.concat(Array.from({ length: 2 ** 20 + 1 }, (_, place) => bytes('r', uint32(place))))),
  ],
  ['a list in itself, time after time', pickle(']q', 0, bytes(0x68, 0, 'a').toString('latin1').repeat(100))],
  ['a dict under its own state_dict', pickle('}q', 0, text('state_dict'), 0x68, 0, 's')],
  ['what was never kept', pickle(0x68, 7)],
  ['nothing that is kept', pickle('q', 0)],
  ['an end without a beginning', pickle('t')],
  ['a beginning without an end', pickle('(', 'N')],
  ['two values', pickle('N', 'N')],
  ['no value', pickle()],
  ['a value below a mark', pickle('N(', 'q', 0)],
  ['an unknown opcode', pickle(0xff)],
  ['protocol 0', Buffer.from('(dp0\n.')],
  ['protocol 1', bytes(0x80, 1, '}.')],
  ['protocol 6', bytes(0x80, 6, '}.')],
  ['bytes that are no text', pickle('X', uint32(2), 0xff, 0xfe)],
  ['a name without a value', pickle('}(', text('a'), 'u')],
  ['a list as a name', pickle('}', ']', 'N', 's')],
  ['a name twice', pickle('}', text('a'), 'N', 's', text('a'), 'N', 's')],
  ['a name in a list', pickle(']', text('a'), 'N', 's')],
  ['a list in a dict', pickle('}', 'N', 'a')],
  ['a tensor under a number', pickle('}', whole(1), tensor(), 's')],
  ['a list of tensors', pickle(']', tensor(), 'a')],
  ['a tensor alone', pickle(tensor())],
  ['a text', pickle(text('a'))],
]

const tensors: readonly (readonly [string, Buffer])[] = [
  ['more elements than its storage', dictOf(tensor(storage(), 0, [3, 2]))],
  ['an offset beyond its storage', dictOf(tensor(storage(), 1))],
  ['strides beyond its storage', dictOf(tensor(storage(), 0, [2, 2], [3, 1]))],
  ['strides of nothing', dictOf(tensor(storage(), 0, [2_000_000, 1000], [0, 0]))],
  ['a negative length', dictOf(tensor(storage(), 0, [-1, 2]))],
  ['a negative stride', dictOf(tensor(storage(), 3, [2, 2], [-2, -1]))],
  ['a negative offset', dictOf(tensor(storage(), -1))],
  ['lengths whose product overflows', dictOf(tensor(storage(), 0, Array(30).fill(2 ** 31 - 1), Array(30).fill(0)))],
  ['a hundred axes', dictOf(tensor(storage(), 0, Array(100).fill(1), Array(100).fill(1)))],
  ['fewer strides than axes', dictOf(tensor(storage(), 0, [2, 2], [1]))],
  ['a storage of other bytes than its member', dictOf(tensor(storage('0', 5)))],
  ['a storage of fewer bytes than its member', dictOf(tensor(storage('0', 3), 0, [3], [1]))],
  ['a storage of 8 GiB', dictOf(tensor(storage('0', 2 ** 31 - 1)))],
  ['a storage of a member that is not there', dictOf(tensor(storage('1')))],
  ['a storage of double precision in half the bytes', dictOf(tensor(storage('0', 4, 'DoubleStorage')))],
  ['a negative storage', dictOf(tensor(storage('0', -4)))],
  ...['../../version', '/absolute/passwd', '0/../0', '', '-1', '0\0', '__proto__'].map(
    (key) => [`the member ${JSON.stringify(key)}`, dictOf(tensor(storage(key)))] as const,
  ),
  ['a persistent id that is a text', dictOf(tensor(bytes(text('0'), 'Q')))],
  [
    'a persistent id of a word of its own',
    dictOf(tensor(bytes('(', text('module'), global('torch', 'FloatStorage'), text('0'), text('cpu'), whole(4), 'tQ'))),
  ],
  ['no storage at all', dictOf(tensor(text('storage')))],
  [
    'one storage a thousand times',
    pickle('}(', ...Array.from({ length: 1000 }, (_, place) => bytes(text(String(place)), tensor())), 'u'),
  ],
]

const good = dictOf(tensor())
const zeros = Buffer.alloc(2 ** 24)
const archives: readonly (readonly [string, Buffer])[] = [
  ['nothing', Buffer.alloc(0)],
  ['three bytes', Buffer.from('PK\x03')],
  ['an empty archive', Buffer.concat([Buffer.from('PK\x03\x04'), zip([])])],
  ['an archive without a pickle', zip([version, data])],
  ['an archive without a version', archive(good, [data])],
  ['a version that is none', archive(good, [{ ...version, data: Buffer.from('three') }, data])],
  ['a version of many bytes', archive(good, [{ ...version, data: Buffer.alloc(1000, 51) }, data])],
  [
    'a byte order that is none',
    archive(good, [version, data, { name: 'archive/byteorder', data: Buffer.from('middle') }]),
  ],
  ['two pickles', archive(good, [version, data, { name: 'other/data.pkl', data: good }])],
  ['a member twice', archive(good, [version, data, data])],
  ['a member outside its folder', archive(good, [version, data, { name: 'elsewhere/a', data: four }])],
  ...['../evil', '/absolute/evil', 'archive/../../evil', 'C:/evil', 'archive\\evil'].map(
    (name) => [`the name ${name}`, archive(good, [version, data, { name, data: four }])] as const,
  ),
  ['an encrypted member', archive(good, [version, { ...data, claims: { flags: 1 } }])],
  ['a method that there is not', archive(good, [version, { ...data, method: 99 }])],
  ['a stored member of another size', archive(good, [version, { ...data, claims: { size: 999 } }])],
  [
    'a packed member that is longer than it says',
    archive(good, [version, { ...data, method: 8, data: Buffer.alloc(1000), claims: { size: 16 } }]),
  ],
  [
    'a packed member that is shorter than it says',
    archive(good, [version, { ...data, method: 8, data: Buffer.alloc(8), claims: { size: 16 } }]),
  ],
  ['a packed member that is cut off', archive(good, [version, { ...data, claims: { packed: 1 }, method: 8 }])],
  ['a wrong checksum', archive(good, [version, { ...data, claims: { crc: 1 } }])],
  ['a pickle that grows a thousand times', zip([{ name: 'archive/data.pkl', data: zeros, method: 8 }, version, data])],
  [
    'a tensor that grows a thousand times',
    archive(dictOf(tensor(storage('0', 2 ** 22), 0, [2 ** 22], [1])), [version, { ...data, data: zeros, method: 8 }]),
  ],
  ['a pickle of 32 MiB', archive(Buffer.alloc(2 ** 25))],
  [
    'members over each other',
    archive(good, [
      version,
      data,
      ...Array.from({ length: 9 }, (_, place) => ({
        name: `archive/data/${place + 1}`,
        data: Buffer.alloc(0),
        claims: { at: 0, size: 200, packed: 200 },
      })),
    ]),
  ],
  ['a member beyond the end', archive(good, [version, { ...data, claims: { at: 999_999 } }])],
]

const plain = readFileSync(fileURLToPath(new URL('../fixtures/plain.pth', import.meta.url)))
const places = (length: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => Math.floor((index * length) / count))

const cases: readonly (readonly [string, Buffer])[] = [
  ...[...calls, ...sizes, ...tensors].map(([name, made]) => [name, archive(made)] as const),
  ...archives,
  ...places(plain.length, 60).map(
    (length) => [`an archive cut off after ${length} bytes`, plain.subarray(0, length)] as const,
  ),
  ...places(good.length, 60).map(
    (length) => [`a pickle cut off after ${length} bytes`, archive(good.subarray(0, length))] as const,
  ),
]

async function readAll(): Promise<number> {
  const file = await openPyTorch(path)
  try {
    let sum = 0
    for await (const { data: values } of file.read()) sum += values.length
    return sum
  } finally {
    await file.close()
  }
}

describe('a file that is hostile', () => {
  it('is made of the same parts as one that is read', async () => {
    writeFileSync(path, archive(good))
    expect(await readAll()).toBe(4)
    writeFileSync(path, archive(good, [version, { ...data, method: 8 }]))
    expect(await readAll()).toBe(4)
  })

  it('comes in more than two hundred forms, each of its own name', () => {
    expect(new Set(cases.map(([name]) => name)).size).toBe(cases.length)
    expect(cases.length).toBeGreaterThan(200)
  })

  it.each(cases)('is refused by name, and takes no memory: %s', async (_, made) => {
    writeFileSync(path, made)
    const before = process.memoryUsage().rss
    await expect(readAll()).rejects.toMatchObject({
      name: 'ConvzooError',
      kind: 'file',
      message: expect.stringContaining(path),
      received: expect.stringMatching(/./),
    })
    expect(process.memoryUsage().rss - before).toBeLessThan(2 ** 28)
  })
})
