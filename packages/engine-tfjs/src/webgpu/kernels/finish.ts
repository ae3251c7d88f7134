/** What becomes of each sum before it is stored: a bias, an activation, whatever is of single elements. */
export interface Finish {
  /** Inputs beside those of the product. */
  readonly inputs: readonly string[]
  /** Functions that the body calls. */
  readonly before: string
  /** Body of `fn finished(value : f32, index : i32) -> f32`; `index` is the place in the result. */
  readonly body: string
}

export const finished = (finish: Finish | undefined): string =>
  `${finish?.before ?? ''}
fn finished(value : f32, index : i32) -> f32 { ${finish?.body ?? 'return value;'} }`
