export { type MannWhitney, mannWhitney } from './statistics/mann-whitney.ts';
export { type Counts, difference, type Estimate, proportion } from './statistics/proportions.ts';
export { shift } from './statistics/shift.ts';
export { type Bounds, brokenBound } from './verdicts/bounds.ts';
export { type Both, type CountTerms, judgeCounts } from './verdicts/counts.ts';
export { falseAlarm, type Judged, type JudgedVerdict, type Seen, worstOf } from './verdicts/judged.ts';
export { judgeValues, type Pair, type ValueTerms } from './verdicts/values.ts';
