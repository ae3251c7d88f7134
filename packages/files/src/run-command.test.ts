import { describe, expect, it } from 'vitest'
import { downloadWheel } from './download-wheel.js'
import { runCommand } from './run-command.js'

const program = (code: string) => runCommand(process.execPath, ['-e', code], { CONVZOO_TOLD: 'yes' })

describe('a command', () => {
  it('is told variables, and gives all that it says and how it ended', async () => {
    const code = 'console.log(process.env.CONVZOO_TOLD); console.error("no"); process.exitCode = 3'
    expect(await program(code)).toEqual({ code: 3, signal: undefined, output: 'yes\n', errors: 'no\n' })
  })

  it('that cannot be started is no error', async () => {
    const { code, output } = await runCommand('/nowhere/at-all', [])
    expect([code, output]).toEqual([undefined, ''])
  })

  it('is refused in words where it is none', async () => {
    await expect(runCommand('node', [1 as never])).rejects.toMatchObject({ name: 'ConvzooError', kind: 'option' })
    await expect(downloadWheel('a', 1 as never)).rejects.toMatchObject({ name: 'ConvzooError', kind: 'option' })
  })
})
