import {
  nearest,
  type Problem,
  quote,
  type Service,
  SlipwayError,
  type SnapshotImage,
  throwIfAny,
} from '@slipway/core';
import type { BuildRetagErrorCode } from '../error-codes.ts';
import { readFormations } from '../files/formations.ts';
import type { Session } from '../session.ts';
import { lastPassed, taggedSnapshot } from '../snapshots/named-snapshot.ts';

/** An image that stays as another snapshot has it. */
export interface KeptImage {
  readonly service: string;
  readonly image: SnapshotImage;
  /** The deployment tag of that snapshot. */
  readonly from: string;
}

/** What of an application a run builds or retags, and where the rest comes from. */
export interface Selection {
  readonly services: Readonly<Record<string, Service>>;
  readonly kept: readonly KeptImage[];
}

/**
 * The services that the inputs name, and the images of all others as the named snapshot has them. A snapshot is always whole.
 * @throws SlipwayError `service-unknown`, `services-incomplete`, `promotion-unknown`, `promotion-not-passed` …
 */
export async function selectServices(session: Session): Promise<Selection> {
  const { inputs, file } = session;
  const { services } = file.application.spec;
  const all = Object.keys(services);
  if (inputs.services.length === 0) return { services, kept: [] };
  refuseUnknown(inputs.services, all);
  const named = new Set(inputs.services);
  const rest = all.filter(service => !named.has(service));
  const selected = Object.fromEntries(Object.entries(services).filter(([service]) => named.has(service)));
  return { services: selected, kept: rest.length === 0 ? [] : await keep(rest, session) };
}

/** @throws SlipwayError `service-unknown` */
export function refuseUnknown(named: readonly string[], declared: readonly string[]): void {
  const unknown = named.filter(service => !declared.includes(service));
  throwIfAny(
    unknown.map((service): Problem<BuildRetagErrorCode> => {
      const candidate = nearest(service, declared);
      const remedy =
        candidate === undefined ? `declared: ${declared.join(', ')}` : `did you mean ${quote(candidate)}?`;
      return { code: 'service-unknown', message: `slipway.yaml has no service ${quote(service)}`, remedy };
    }),
  );
}

/** The images of services as the snapshot has them that `rest-from` names. @throws SlipwayError `services-incomplete` … */
export async function keep(rest: readonly string[], session: Session): Promise<KeptImage[]> {
  const what = session.inputs.restFrom;
  if (what === undefined)
    throw incomplete(
      `nothing says where the images of ${rest.map(quote).join(', ')} come from`,
      'set rest-from to a formation or a deployment tag, or leave services empty',
    );
  const search = { ...session, home: session.released, formations: await readFormations(session) };
  const snapshot = search.formations.has(what)
    ? await lastPassed(what, search)
    : await taggedSnapshot(what, search);
  const missing = rest.filter(service => !Object.hasOwn(snapshot.images, service));
  if (missing.length > 0)
    throw incomplete(
      `the snapshot ${quote(snapshot.deploymentTag)} has no image of ${missing.map(quote).join(', ')}`,
      'add it to services, so that it is built',
    );
  return rest.flatMap(service => {
    const image = snapshot.images[service];
    return image === undefined ? [] : [{ service, image, from: snapshot.deploymentTag }];
  });
}

function incomplete(message: string, remedy: string): SlipwayError<BuildRetagErrorCode> {
  return new SlipwayError({ code: 'services-incomplete', message, remedy });
}
