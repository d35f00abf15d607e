import { type Position, quote } from '@slipway/core';
import type { Remark } from '../../proposal/contribution.ts';
import { type SecretVariable, secretKey, secretName } from '../../stencils/secret.ts';
import type { ContainerUser } from '../../stencils/workload.ts';
import type { ComposeService, StoredVariable } from '../read/compose-service.ts';
import type { Part } from '../read/interpolate.ts';
import { knownImage } from './known-images.ts';

/** What is known of an image beside what the compose file says. */
export interface ImageFacts {
  /** The service of slipway.yaml. */
  readonly service: string;
  readonly user: ContainerUser;
  readonly port?: number;
  /** The path that answers when the program can serve. */
  readonly health?: string;
  readonly host?: string;
  readonly writes: readonly string[];
  readonly memory: readonly [request: number, limit: number];
  /** What its framework needs. */
  readonly secrets: readonly SecretVariable[];
  readonly variables: Readonly<Record<string, string>>;
  readonly isGenerated: boolean;
}

/** A service with its image. */
export interface ComposeWorkload {
  readonly service: ComposeService;
  readonly image: ImageFacts;
  /** Its turn: before the services that wait for its end. */
  readonly order: number;
  readonly endsByItself: boolean;
  /** Whether other services name it as a host. */
  readonly isNamed: boolean;
}

/** A number that no image has for something else. */
const UNPRIVILEGED = 65532;
const MEMORY = [64, 512] as const;

/** A ready-made image. */
export function readyMadeFacts(service: ComposeService): ImageFacts {
  const known = knownImage(service.image ?? '');
  const lost = lostData(service);
  return {
    service: service.name,
    user:
      known === undefined
        ? { id: UNPRIVILEGED, guess: 'the image says whom it runs as, and must work as this one' }
        : { id: known.user, guess: known.guess ?? 'the user of the official image' },
    ...(known === undefined ? {} : { port: known.port }),
    writes: [...(known?.writes ?? ['/tmp']), ...(lost === undefined ? [] : [lost])],
    memory: MEMORY,
    secrets: [],
    variables: known?.variables ?? {},
    isGenerated: false,
  };
}

/** Where an image keeps data that no claim of the service has. */
export function lostData({ image = '', volumes }: ComposeService): string | undefined {
  const data = knownImage(image)?.data;
  const isKept = volumes.some(
    ({ claim, path }) => claim !== undefined && `${data}/`.startsWith(`${path.replace(/\/$/, '')}/`),
  );
  return isKept ? undefined : data;
}

/** Whom the service runs as: what the file says, else the image. */
export function userOf(
  { user, name, at }: ComposeService,
  image: ImageFacts,
): { readonly user: ContainerUser; readonly remarks: readonly Remark[] } {
  const [text = ''] = user?.split(':') ?? [];
  if (text === '') return { user: image.user, remarks: [] };
  if (/^\d{1,9}$/.test(text) && Number(text) > 0) return { user: { id: Number(text) }, remarks: [] };
  if (/^(?:0+|root)$/.test(text))
    return {
      user: { id: UNPRIVILEGED, guess: 'the compose file says root, which the rules refuse' },
      remarks: [],
    };
  return {
    user: {
      guess: 'no pod starts until runAsUser is written here: the compose file has a name, and no number',
    },
    remarks: [nameOnly(text, name, at)],
  };
}

function nameOnly(user: string, service: string, at: Position): Remark {
  return {
    kind: 'note',
    at,
    message: `the user ${quote(user)} of the service ${quote(service)} is a name, of which a cluster cannot tell that it is not root, so no pod starts`,
    remedy: 'write its number as runAsUser into the stencil',
  };
}

/** The secrets of a service, each once: those of its environment, of its files, and of texts that name them. */
export function storedSecrets({ service, image }: ComposeWorkload): readonly StoredVariable[] {
  const own = service.variables.flatMap(one => ('secret' in one ? [one.secret] : []));
  const files = service.secretFiles.map(({ secret }) => secret);
  const named = namedVariables(service).map(variable => stored(variable));
  const names = new Set(service.variables.map(({ name }) => name));
  const framework = image.secrets
    .filter(({ variable }) => !names.has(variable))
    .map(
      (one): StoredVariable => ({
        ...one,
        isFact: true,
        stored: `${service.name.toUpperCase().replaceAll('-', '_')}_${one.variable}`,
      }),
    );
  const all = [...own, ...files, ...named, ...framework];
  return all.filter(
    ({ variable }, at) => all.findIndex(one => secretKey(one.variable) === secretKey(variable)) === at,
  );
}

export function stored(variable: string): StoredVariable {
  return {
    variable,
    stored: variable,
    why: 'the compose file has it from outside, or as a secret',
    isFact: true,
  };
}

/** Variables that texts of a service name, which have to be in its environment before them. */
export function namedVariables({
  variables,
  args = [],
  command = [],
  health,
}: ComposeService): readonly string[] {
  const texts = [
    ...variables.flatMap(one => ('value' in one ? [one.value] : [])),
    ...args,
    ...command,
    ...(health?.command ?? []),
  ];
  return [...new Set(texts.flat().flatMap((part: Part) => ('variable' in part ? [part.variable] : [])))];
}

/** Where a container finds a secret. */
export function reference(
  service: string,
  variable: string,
): { readonly name: string; readonly key: string } {
  return { name: secretName(service), key: secretKey(variable) };
}
