import type { SourceState } from '@slipway/build';
import type { RunContext } from '@slipway/github';

const PREFIX = 'org.opencontainers.image';

/**
 * The labels of an image. They stay as they are until the sources change: a deployment tag or the newest commit among them would
 * make another image of every build. What slipway.yaml states comes before what is known otherwise.
 * https://github.com/opencontainers/image-spec/blob/v1.1.1/annotations.md
 */
export function labelsOf(
  service: string,
  { revision, time }: SourceState,
  { repository, serverUrl }: RunContext,
  own: Readonly<Record<string, string>>,
): Record<string, string> {
  const page = `${serverUrl}/${repository}`;
  return {
    [`${PREFIX}.title`]: service,
    ...(repository === '' ? {} : { [`${PREFIX}.source`]: page, [`${PREFIX}.url`]: page }),
    ...(revision === undefined
      ? {}
      : { [`${PREFIX}.revision`]: revision, [`${PREFIX}.created`]: new Date(time * 1000).toISOString() }),
    ...own,
  };
}
