import { describe, expect, it } from 'vitest'
import { graphSvg } from './graph-svg.js'

describe('graphSvg', () => {
  it('draws every node and edge, with their texts', async () => {
    const svg = await graphSvg('digraph { node [shape=record]; a [label="{left|right}"]; b [label="b"]; a -> b }')
    expect(svg.match(/class="node"/g)).toHaveLength(2)
    expect(svg.match(/class="edge"/g)).toHaveLength(1)
    for (const text of ['left', 'right', 'b']) expect(svg).toContain(`>${text}</text>`)
  })

  it('refuses what is not DOT', async () => {
    await expect(graphSvg('digraph {')).rejects.toThrow(/syntax error/)
  })
})
