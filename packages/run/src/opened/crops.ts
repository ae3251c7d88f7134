/** What of each image is seen: the centre, or ten crops, as the papers have it. */
export const cropCounts = ['one', 'ten'] as const
export type Crops = (typeof cropCounts)[number]
