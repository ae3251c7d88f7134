import { ConvzooError } from '@convzoo/core'

/** Names of Windows' devices, whatever follows behind a dot. */
const ofDevices = /^(?:con|prn|aux|nul|com[\d¹²³]|lpt[\d¹²³])(?:\..*)?$/i

/**
 * Refuses a path on Windows with a name that its programs cannot have: of a device (`aux`, `nul.json`), or with a dot or a space at its
 * end. Node.js makes such files all the same, and nobody can open or remove them then.
 *
 * @throws ConvzooError of kind `file` that says which name it is.
 */
export function requireNamesOfSystem(path: string): void {
  if (process.platform !== 'win32') return
  const wrong = path
    .split(/[\\/]/)
    .find((name) => ofDevices.test(name) || (/[. ]$/.test(name) && !/^\.\.?$/.test(name)))
  if (wrong === undefined) return
  throw new ConvzooError({
    kind: 'file',
    message: `${path} cannot be written.`,
    expected: 'names that files of Windows can have',
    received: ofDevices.test(wrong) ? `"${wrong}", the name of a device` : `"${wrong}", which ends in a dot or a space`,
    hint: 'choose another name',
  })
}
