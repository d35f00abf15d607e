const DATE = /^(\d{4})-(\d{1,2})-(\d{1,2})(.*)$/s;
const TIME = /^(?:[Tt]|( ))(\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,]\d+)?(Z|[-+]\d\d:\d\d)?$/;

/**
 * Whether a text with the tag `!!timestamp` is one for Kubernetes' parser.
 * https://github.com/yaml/go-yaml/blob/v2.4.3/resolve.go#L218
 */
export function isTimestamp(text: string): boolean {
  const [, year, month, day, rest = ''] = DATE.exec(text) ?? [];
  if (!isDay(Number(year), Number(month), Number(day))) return false;
  if (rest === '') return true;
  const [time, space, hour, minute, second, zone] = TIME.exec(rest) ?? [];
  if (time === undefined || (space === undefined) !== (zone !== undefined)) return false;
  return Number(hour) < 24 && Number(minute) < 60 && Number(second) < 60 && isZone(zone);
}

function isDay(year: number, month: number, day: number): boolean {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return month >= 1 && day >= 1 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

/** Go takes offsets of up to a day and an hour. */
function isZone(zone = 'Z'): boolean {
  const [hours = 0, minutes = 0] = zone === 'Z' ? [] : zone.slice(1).split(':').map(Number);
  return hours <= 24 && minutes <= 60;
}
