/** Why a comparison has no result, as the end of a sentence about it. */
export const NOTHING_BESIDE =
  'not judged, as no other version of these pods serves beside them: they were not released in steps';
