const boundary = 'xyz'

type Form = readonly [name: string, contentType: string, body: Buffer]

const formType = `multipart/form-data; boundary=${boundary}`

const bytes = (parts: readonly (string | Buffer)[]): Buffer =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)))

/** A part with these headers. */
const part = (headers: string, content: Buffer | string): Buffer =>
  bytes([`--${boundary}\r\n${headers}\r\n\r\n`, content, '\r\n'])

const file = (name: string): string =>
  `Content-Disposition: form-data; name="a"; filename="${name}"\r\nContent-Type: image/png`

const end = `--${boundary}--\r\n`

/** Forms around a picture that are wrong, or odd. */
export function hostileForms(whole: Buffer): readonly Form[] {
  const one = (name: string, headers: string): Form => [name, formType, bytes([part(headers, whole), end])]
  const raw = (name: string, ...parts: readonly (string | Buffer)[]): Form => [name, formType, bytes(parts)]
  const typed = (name: string, contentType: string): Form => [
    name,
    contentType,
    bytes([part(file('a.png'), whole), end]),
  ]
  const names = [
    '../../etc/passwd',
    'C:\\\\windows\\\\system32\\\\a.png',
    '/srv/a.png',
    '..',
    '.',
    '',
    'a\0b.png',
    '%00%2e%2e%2f.png',
    'x'.repeat(9000),
    '<img src=x onerror=alert(1)>.png',
    '\x1b[2J\x1b]0;gone\x07.png',
    '\xe2\x80\xae gnp.exe',
    '__proto__',
    'constructor',
    "'; drop table pictures; --",
    '$(reboot).png',
    'a\\"b".png',
    'con.png',
  ]
  return [
    ...names.map((name) => one(`a file called ${JSON.stringify(name.slice(0, 30))}`, file(name))),
    one('a name with a line break', file('a\r\n X: y.png')),
    one('a name in another form', 'Content-Disposition: form-data; name="a"; filename*=UTF-8\'\'%e2%82'),
    one('a name in a charset that is none', 'Content-Disposition: form-data; name="a"; filename*=nothing\'\'a%ff.png'),
    one('a part called __proto__', 'Content-Disposition: form-data; name="__proto__"; filename="a.png"'),
    one('a part without a name', 'Content-Disposition: form-data; filename="a.png"'),
    one('a part of an attachment', 'Content-Disposition: attachment; filename="a.png"'),
    one('a part without a disposition', 'Content-Type: image/png'),
    one('a part without headers', ''),
    one('a part with headers that are none', 'nonsense'),
    one('a header without an end', `X: ${'y'.repeat(100_000)}`),
    one('a thousand headers', `${Array.from({ length: 1000 }, (_, at) => `X-${at}: y\r\n`).join('')}${file('a.png')}`),
    one('dispositions that differ', `${file('a.png')}\r\nContent-Disposition: form-data; name="b"`),
    one('a part of a part', `${file('a.png')}\r\nContent-Type: multipart/mixed; boundary=${boundary}`),
    one('an encoding of its own', `${file('a.png')}\r\nContent-Transfer-Encoding: base64`),
    one('quotes without an end', 'Content-Disposition: form-data; name="a; filename="a.png'),
    one('headers called __proto__', `__proto__: x\r\nconstructor: y\r\n${file('a.png')}`),
    raw('no end', part(file('a.png'), whole)),
    raw('an end alone', end),
    raw('half a part', part(file('a.png'), whole).subarray(0, 120)),
    raw('no parts', 'nothing of the kind'),
    raw('a picture as it is', whole),
    raw('lines that end otherwise', part(file('a.png'), whole).toString('latin1').replaceAll('\r\n', '\n'), end),
    raw('much before and after', 'x'.repeat(10_000), '\r\n', part(file('a.png'), whole), end, 'y'.repeat(10_000)),
    raw('a part after the end', end, part(file('a.png'), whole), end),
    raw('a field', part('Content-Disposition: form-data; name="top"', '1'), end),
    raw(
      'a field beside a file',
      part('Content-Disposition: form-data; name="top"', '1'),
      part(file('a.png'), whole),
      end,
    ),
    raw('an empty file', part(file('a.png'), ''), end),
    raw('too many files', ...Array.from({ length: 40 }, () => part(file('a.png'), 'x')), end),
    raw('ten thousand parts', ...Array.from({ length: 10_000 }, () => part('X: y', '')), end),
    raw('boundaries alone', `--${boundary}\r\n`.repeat(5000)),
    raw('boundaries that are almost', `--${boundary}`.repeat(5000), `\r\n--${boundary.slice(0, 2)}`.repeat(5000)),
    typed('no boundary', 'multipart/form-data'),
    typed('an empty boundary', 'multipart/form-data; boundary='),
    typed('another boundary', 'multipart/form-data; boundary=other'),
    typed('a boundary of a thousand letters', `multipart/form-data; boundary=${'x'.repeat(1000)}`),
    typed('a boundary of a pattern', 'multipart/form-data; boundary="(a+)+$"'),
    typed('two boundaries', `multipart/form-data; boundary=other; boundary=${boundary}`),
    typed('parts of another sort', `multipart/mixed; boundary=${boundary}`),
    typed('parts of no sort', `multipart/; boundary=${boundary}`),
    typed('a type that goes on', `multipart/form-data; boundary=${boundary}${'; a=b'.repeat(1000)}`),
    typed('a charset that is none', `multipart/form-data; charset=\xff; boundary=${boundary}`),
  ]
}
