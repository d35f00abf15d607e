/** The newest release when a plan was made. */
export interface PlannedRelease {
  /** 0 for none. */
  readonly number: number;
  /** When it was recorded, as its record says: numbers begin again once a formation was removed. Absent where that is not known. */
  readonly created?: string | undefined;
}

/** At most what a time of a record has; anything longer is not one. */
const PLANNED = /^(?:(\d{1,9})|([1-9]\d{0,8})@([0-9TZ:.+-]{1,40}))$/;

/** As a plan hands it on to the job that deploys: `41@2026-11-29T10:00:00.000Z`, or the number alone. */
export function formatPlannedRelease({ number, created }: PlannedRelease): string {
  const whole = `${number}@${created}`;
  return created !== undefined && PLANNED.test(whole) ? whole : String(number);
}

/** @returns undefined for anything else */
export function parsePlannedRelease(text: string): PlannedRelease | undefined {
  const [, bare, number, created] = PLANNED.exec(text) ?? [];
  if (bare !== undefined) return { number: Number(bare) };
  return number === undefined ? undefined : { number: Number(number), created };
}

/**
 * Whether a release is the one that a plan was made from, as far as that is known.
 * @param release without `created` where its record cannot be read
 */
export function isPlannedRelease(planned: PlannedRelease, release: PlannedRelease): boolean {
  if (planned.number !== release.number) return false;
  return (
    planned.created === undefined || release.created === undefined || planned.created === release.created
  );
}
