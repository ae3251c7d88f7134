/** A picture as it was sent. */
export interface Upload {
  /** What the client calls it, without folders, where it says so. */
  readonly name: string | undefined
  readonly bytes: Uint8Array
}
