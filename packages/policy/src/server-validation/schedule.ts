const MACROS = /^@(?:yearly|annually|monthly|weekly|daily|midnight|hourly)$|^@every \S+$/;

interface Field {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  readonly names?: readonly string[];
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

const FIELDS: readonly Field[] = [
  { name: 'minute', least: 0, most: 59 },
  { name: 'hour', least: 0, most: 23 },
  { name: 'day of the month', least: 1, most: 31 },
  { name: 'month', least: 1, most: 12, names: MONTHS },
  { name: 'day of the week', least: 0, most: 6, names: DAYS },
];

/**
 * Why a CronJob's schedule is not one, as the end of a sentence.
 * https://github.com/robfig/cron/blob/v3.0.1/parser.go#L149
 */
export function scheduleProblem(schedule: string): string | undefined {
  if (schedule.includes('TZ')) return 'must not name a time zone; use "timeZone"';
  if (schedule.startsWith('@')) return MACROS.test(schedule) ? undefined : 'must be a macro such as @daily';
  const parts = schedule.trim().split(/\s+/);
  if (parts.length !== FIELDS.length) return `must have five fields, and has ${parts.length}`;
  const wrong = FIELDS.find((field, index) => !parts[index]?.split(',').every(part => isRange(part, field)));
  return wrong === undefined ? undefined : `has a wrong ${wrong.name}`;
}

function isRange(text: string, field: Field): boolean {
  const [range = '', step, ...more] = text.split('/');
  if (more.length > 0 || (step !== undefined && !/^0*[1-9]\d*$/.test(step))) return false;
  const [start = '', end, ...rest] = range.split('-');
  if (rest.length > 0) return false;
  if (start === '*' || start === '?') return true;
  const [from, to] = [numberOf(start, field), numberOf(end ?? start, field)];
  return from !== undefined && to !== undefined && from >= field.least && to <= field.most && from <= to;
}

function numberOf(text: string, { names = [], least }: Field): number | undefined {
  const index = names.indexOf(text.toLowerCase());
  if (index >= 0) return index + (names === MONTHS ? least : 0);
  return /^\d+$/.test(text) ? Number(text) : undefined;
}
