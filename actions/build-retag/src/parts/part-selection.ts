import { type Problem, quote, throwIfAny } from '@slipway/core';
import type { BuildRetagErrorCode } from '../error-codes.ts';
import { servicePosition } from '../files/application.ts';
import { keep, refuseUnknown, type Selection } from '../plan/selection.ts';
import type { Session } from '../session.ts';

/**
 * What a part builds: those of the named services, by default all, that have a Dockerfile. Images that these start from and that are
 * not built are there as well; all others are left to the job that joins the parts.
 * @throws SlipwayError `service-unknown`, `part-dependency` for what another part builds, `services-incomplete` …
 */
export async function selectForPart(session: Session): Promise<Selection> {
  const { inputs, file } = session;
  const { services } = file.application.spec;
  const all = Object.keys(services);
  refuseUnknown(inputs.services, all);
  const isNamed = (service: string) => inputs.services.length === 0 || inputs.services.includes(service);
  const built = all.filter(service => isNamed(service) && services[service]?.build !== undefined);
  const needed = all.filter(
    service =>
      !built.includes(service) &&
      built.some(one => services[one]?.build?.['depends-on']?.includes(service) === true),
  );
  const rest = inputs.restFrom === undefined ? [] : needed.filter(service => !isNamed(service));
  const kept = rest.length === 0 ? [] : await keep(rest, session);
  const others = needed.filter(service => !rest.includes(service));
  refuseUnbuilt(
    built,
    others.filter(service => services[service]?.build !== undefined),
    session,
  );
  const selected = [...built, ...others].flatMap(service => {
    const declared = services[service];
    return declared === undefined ? [] : [[service, declared] as const];
  });
  return { services: Object.fromEntries(selected), kept };
}

/** An image of another machine is not there yet, and may never be: it would have to be waited for. */
function refuseUnbuilt(
  built: readonly string[],
  unbuilt: readonly string[],
  { inputs, file }: Session,
): void {
  const { services } = file.application.spec;
  throwIfAny(
    built.flatMap(service =>
      unbuilt
        .filter(other => services[service]?.build?.['depends-on']?.includes(other) === true)
        .map(
          (other): Problem<BuildRetagErrorCode> => ({
            code: 'part-dependency',
            message: `${quote(service)} starts from ${quote(other)}, which the part ${quote(inputs.part ?? '')} does not build`,
            remedy: 'name both in services of one part, or take the other from a snapshot with rest-from',
            at: servicePosition(file, service),
          }),
        ),
    ),
  );
}
