/** Why a comparison has no result, as the end of a sentence about it. */
export const NOTHING_BESIDE =
  'not compared, as no other version serves beside this one: it was not released in steps';
