import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { ConvzooError } from '@convzoo/core'
import { requireArguments, text } from '@convzoo/core/define'
import { runCommand } from './run-command.js'

// The libraries are the same in the wheels for every Python; any one will do.
const anyPython = ['--only-binary=:all:', '--python-version', '3.12']

/**
 * Fetches the wheel of a package of Python's with pip, without what it depends on.
 *
 * @param requirement as pip reads it: `onnxruntime-gpu==1.30.0`.
 * @param into A folder that holds no other wheel.
 * @returns The path of the wheel.
 * @throws ConvzooError of kind `engine` if pip cannot fetch it, of kind `option` for arguments of another kind.
 * @example
 * const wheel = await downloadWheel('tensorflow-cpu==2.21.0', 'wheels')
 */
export async function downloadWheel(requirement: string, into: string): Promise<string> {
  requireArguments('downloadWheel', { requirement: [text, requirement], into: [text, into] })
  const parameters = ['-m', 'pip', 'download', '--quiet', '--no-deps', ...anyPython, '--dest', into, requirement]
  const { code, errors } = await runCommand('python3', parameters)
  const wheel = code === 0 ? readdirSync(into).find((name) => name.endsWith('.whl')) : undefined
  if (wheel !== undefined) return join(into, wheel)
  throw new ConvzooError({
    kind: 'engine',
    message: `pip could not fetch the wheel of ${requirement}.`,
    received:
      code === undefined ? 'there is no python3' : (errors.trim().split('\n').at(-1) ?? 'no wheel was left by it'),
    hint: `fetch it elsewhere with "pip download --no-deps ${requirement}" and give its path`,
  })
}
