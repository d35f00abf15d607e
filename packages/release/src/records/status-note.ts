import { defined, excerpt, type Release, textMap, VERDICTS, type VerdictName } from '@slipway/core';
import {
  ACTOR,
  APPLICATION,
  CLOSED,
  COMMIT,
  CONFIG_BESIDE,
  CONFIG_COMMIT,
  DEPLOYED,
  DEPLOYMENT_TAG,
  DESTINATION,
  FORMATION,
  type KubernetesObject,
  OBJECT_COUNT,
  OBJECTS,
  type ObjectReference,
  objectKey,
  REASON,
  RELEASE,
  REPOSITORY,
  RESTORES,
  ROLLBACK_OF,
  RUN,
  VERDICT,
} from '@slipway/kubernetes';
import { besideOf, besideText, type ConfigBeside, parseBeside } from './config-beside.ts';

/** An object of the newest release. */
export interface NotedObject extends ObjectReference {
  /** A hash of the fields that the release owned when it was written; absent where that is not known. */
  readonly owned?: string | undefined;
}

/** What the newest release of a formation at a destination is, for those who may not read its record. */
export interface StatusNote {
  readonly number: number;
  readonly destination?: string | undefined;
  /** `owner/name`. */
  readonly repository?: string | undefined;
  readonly deploymentTag?: string | undefined;
  /** The commit that the images were built from. */
  readonly commit?: string | undefined;
  readonly configCommit?: string | undefined;
  /** What it was rendered with besides that commit; absent where the note does not say. */
  readonly beside?: ConfigBeside | undefined;
  /** ISO 8601; empty if it is not noted. */
  readonly deployed: string;
  /** Absent while the release is open. */
  readonly verdict?: VerdictName | undefined;
  readonly closed?: string | undefined;
  readonly actor?: string | undefined;
  readonly run?: string | undefined;
  readonly reason?: string | undefined;
  readonly rollbackOf?: number | undefined;
  readonly restores?: number | undefined;
  readonly objects: readonly NotedObject[];
  /** How many objects the release has, of which some may not be listed; absent where the note does not say, or has a line that cannot be read. */
  readonly objectCount?: number | undefined;
}

/** Characters of a reason; whoever wants the rest reads the record. */
const MAX_REASON = 500;
/** Characters of the list of objects: all annotations of an object together have at most 256 KiB. */
const MAX_OBJECTS = 128 * 1024;
const MAX_NUMBER = 999_999_999_999_999;

/** The labels and annotations that note a release. */
export function notedMetadata(
  release: Release,
  repository: string,
  owned: ReadonlyMap<string, string>,
): Pick<KubernetesObject['metadata'], 'labels' | 'annotations'> {
  const { application, formation, number, snapshot, reason, rollbackOf, restores, objects } = release;
  const listed = objectLines(objects, owned);
  return {
    labels: { [APPLICATION]: application, [FORMATION]: formation },
    annotations: textOnly({
      [RELEASE]: String(number),
      [DESTINATION]: release.destination,
      [REPOSITORY]: repository === '' ? undefined : repository,
      [DEPLOYMENT_TAG]: release.deploymentTag,
      [COMMIT]: snapshot?.gitRevision,
      [CONFIG_COMMIT]: release.configRevision,
      [CONFIG_BESIDE]: besideText(release),
      [DEPLOYED]: release.created,
      [ACTOR]: release.actor,
      [RUN]: release.run,
      [REASON]: reason === '' ? undefined : reason.slice(0, MAX_REASON),
      [ROLLBACK_OF]: rollbackOf === undefined ? undefined : String(rollbackOf),
      [RESTORES]: restores === undefined ? undefined : String(restores),
      [OBJECTS]: listed,
      [OBJECT_COUNT]: String(objects.length),
      ...verdictAnnotations(release),
    }),
  };
}

/** A record as a note would say it, with the hashes that were noted of the same release. */
export function noteOf(release: Release, noted: StatusNote | undefined): StatusNote {
  const { number, destination, deploymentTag, snapshot, created, verdict, closed, objects } = release;
  const { configRevision: configCommit, actor, run, reason, rollbackOf, restores } = release;
  const known = noted?.number === number ? noted : undefined;
  return {
    ...{ number, deployed: created, objects, objectCount: objects.length },
    ...defined({ destination, repository: known?.repository, deploymentTag, commit: snapshot?.gitRevision }),
    ...defined({ configCommit, verdict, closed, actor, run, reason: reason || undefined }),
    ...{ beside: besideOf(release) },
    ...defined({ rollbackOf, restores }),
  };
}

/** The annotations of a release that has a verdict, which are all that closing it changes. */
export function verdictAnnotations({
  verdict,
  closed,
}: Pick<Release, 'verdict' | 'closed'>): Record<string, string> {
  return { ...defined({ [VERDICT]: verdict, [CLOSED]: closed }) } as Record<string, string>;
}

function textOnly(values: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/** One object per line, such as `apps/v1 Deployment shop api 1a2b3c4d5e`; a dash is a namespace or a hash that there is not. */
function objectLines(objects: readonly ObjectReference[], owned: ReadonlyMap<string, string>): string {
  const lines: string[] = [];
  let length = 0;
  for (const object of objects) {
    const { apiVersion, kind, namespace = NONE, name } = object;
    const line = [apiVersion, kind, namespace, name, owned.get(objectKey(object)) ?? NONE].join(' ');
    length += line.length + 1;
    if (length > MAX_OBJECTS) break;
    lines.push(line);
  }
  return lines.join('\n');
}

const NONE = '-';

/** The note in a Lease's annotations, which anyone who may change Leases may have written; undefined if it has none. */
export function parseNote({ metadata }: KubernetesObject): StatusNote | undefined {
  const annotations = textMap(metadata['annotations'] ?? null);
  const textAt = (name: string): string | undefined => inOneLine(annotations[name]);
  const number = wholeNumber(annotations[RELEASE]);
  if (number === undefined) return undefined;
  const lines = annotations[OBJECTS]?.split('\n').filter(line => line !== '');
  const objects = lines?.flatMap(parseObject) ?? [];
  return {
    number,
    deployed: textAt(DEPLOYED) ?? '',
    ...defined({
      destination: textAt(DESTINATION),
      repository: textAt(REPOSITORY),
      deploymentTag: textAt(DEPLOYMENT_TAG),
      commit: textAt(COMMIT),
      configCommit: textAt(CONFIG_COMMIT),
      beside: parseBeside(annotations[CONFIG_BESIDE]),
      verdict: VERDICTS.find(name => name === annotations[VERDICT]),
      closed: textAt(CLOSED),
      actor: textAt(ACTOR),
      run: textAt(RUN),
      reason: textAt(REASON),
      rollbackOf: wholeNumber(annotations[ROLLBACK_OF]),
      restores: wholeNumber(annotations[RESTORES]),
    }),
    objects,
    ...(objects.length === lines?.length
      ? defined({ objectCount: wholeNumber(annotations[OBJECT_COUNT]) })
      : {}),
  };
}

/** Someone may have written a whole page into an annotation. */
function inOneLine(text: string | undefined): string | undefined {
  return text === undefined ? undefined : excerpt(text.replace(/\s+/g, ' '), MAX_REASON);
}

/** Nothing for a line that cannot be read. */
function parseObject(line: string): NotedObject[] {
  const [apiVersion, kind, namespace, name, owned, ...others] = line.split(' ');
  if (!apiVersion || !kind || !namespace || !name || !owned || others.length > 0) return [];
  const known = (value: string): string | undefined => (value === NONE ? undefined : value);
  return [{ apiVersion, kind, name, ...defined({ namespace: known(namespace), owned: known(owned) }) }];
}

function wholeNumber(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{1,15}$/.test(text)) return undefined;
  const number = Number(text);
  return number <= MAX_NUMBER ? number : undefined;
}
