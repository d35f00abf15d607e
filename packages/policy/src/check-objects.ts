import {
  type ChosenPack,
  defined,
  type Finding,
  type PackLevel,
  parsePointer,
  type SourceDocument,
  strictestPacks,
} from '@slipway/core';
import {
  isDefinition,
  isKubernetesObject,
  isNamespace,
  type Kind,
  type KubernetesObject,
  keyOf,
} from '@slipway/kubernetes';
import { admissionView } from './defaults/admission-view.ts';
import { type Discovery, findingAbout, findingAt, findingWithoutPosition } from './findings.ts';
import { checkDisruption } from './packs/disruption.ts';
import { applyLevels, type LevelledFinding } from './packs/levels.ts';
import { openPacks } from './packs/open-packs.ts';
import { REFERENCES, WORKLOADS } from './packs/pack-files.ts';
import { checkReferences } from './packs/references/check-references.ts';
import { admissionRequest, guessKind } from './policies/admission.ts';
import { readPolicySet } from './policies/policy-set.ts';
import { isAboutAbsence, type PolicyContext, runPolicies } from './policies/run-policies.ts';
import type { CheckedObject, CheckRequest, CheckResult } from './request.ts';
import {
  minorOf,
  NEWEST_KUBERNETES_VERSION,
  nearestVersion,
  readBuiltInSchemas,
  VERSION_RANGE,
} from './schemas/built-in.ts';
import { type Catalog, openCatalog } from './schemas/catalog.ts';
import { checkSchema } from './schemas/check-schema.ts';
import { readCustomKinds } from './schemas/custom-resources.ts';
import { checkWholeDefinition } from './schemas/definition.ts';
import { checkServerValidation } from './server-validation/check-server-validation.ts';
import { SameObjects } from './server-validation/same-object.ts';
import { signOffFingerprint } from './sign-off.ts';
import type { Subject } from './subject.ts';
import { applyWaivers, isWaiver } from './waivers.ts';

/** What `check` does. */
export async function checkObjects(request: CheckRequest): Promise<CheckResult> {
  const { objects, kubernetesVersion, namespace } = request;
  const file = readBuiltInSchemas(kubernetesVersion);
  const minor = minorOf(file.version);
  const beside = request.policies.flatMap(({ value }) => (isKubernetesObject(value) ? [value] : []));
  const definitions = [
    // The first definition of a kind counts: those of the request take precedence over those among the manifests.
    ...(request.customResources ?? []),
    ...beside,
    ...objects.filter(isOf(isDefinition)).map(({ object }) => object),
  ].filter(isDefinition);
  const catalog = openCatalog(file, readCustomKinds(definitions, openCatalog(file)));
  const context = openPolicies(request, catalog, minor);
  const found = new LevelledFindings(request);
  const [references, workloads] = [REFERENCES, WORKLOADS].map(pack => levelOf(pack, request.packs));
  // A view is as large as its object, so all of them are kept only for the packs that compare objects.
  const subjects: Subject[] = [];
  const sameObjects = new SameObjects(catalog);
  for (const checked of objects) {
    request.signal?.throwIfAborted();
    const subject = subjectOf(checked, catalog, namespace);
    if (references !== undefined || workloads !== undefined) subjects.push(subject);
    const ofFields = checkSchema(subject, catalog);
    const ofSchema = [...ofFields, ...checkServerValidation(subject, ofFields, catalog)];
    const ofPolicies = runPolicies(admission(subject, catalog, request, context.namespaces), context);
    found.add(subject, [...sameObjects.check(subject), ...ofSchema]);
    found.add(
      subject,
      isIncomplete(ofSchema) ? ofPolicies.filter(each => !isAboutAbsence(each)) : ofPolicies,
    );
  }
  if (references !== undefined)
    for (const [subject, ofPack] of checkReferences(subjects, namespace))
      found.add(subject, ofPack, references);
  if (workloads !== undefined)
    for (const [subject, ofPack] of checkDisruption(subjects, namespace))
      found.add(subject, ofPack, workloads);
  const about = applyLevels(found.all(), await findingsBefore(request));
  const waivers = [...request.policies.filter(isWaiver), ...(request.waivers ?? [])];
  const own = [...versionFindings(request), ...context.findings];
  return applyWaivers([...own, ...about], waivers, { now: undefined, ...request });
}

/** Asks about the kind of an object without reading the rest of it, where that is possible. */
function isOf(matches: (kind: Kind) => boolean): (checked: CheckedObject) => boolean {
  return checked => matches(checked.reference ?? checked.object);
}

/** Undefined for a pack that was not chosen. */
function levelOf(name: string, packs: readonly ChosenPack[]): PackLevel | undefined {
  return strictestPacks(packs).find(({ pack }) => pack === name)?.level;
}

/** What the packs of the level `new` find about the objects as they were before; undefined if that is not known. */
async function findingsBefore(request: CheckRequest): Promise<readonly Finding[] | undefined> {
  const { before, ...now } = request;
  const packs = request.packs.filter(({ level }) => level === 'new');
  if (before === undefined || packs.length === 0) return undefined;
  return await checkObjects({
    ...now,
    objects: namedAlike(before, request).map(object => ({ object })),
    packs: packs.map(({ pack }) => ({ pack, level: 'error' })),
    policies: request.policies.filter(({ value }) => isKubernetesObject(value) && isDefinition(value)),
    waivers: [],
  });
}

/** The objects before with their namespace named where it is now, since one that begins to name the namespace it had is the same. */
function namedAlike(
  before: readonly KubernetesObject[],
  { objects, namespace }: CheckRequest,
): readonly KubernetesObject[] {
  const now = new Map(objects.map(({ object }) => [keyOf(object, namespace), object.metadata['namespace']]));
  return before.map(object => {
    const key = keyOf(object, namespace);
    if (!now.has(key)) return object;
    const { namespace: _, ...metadata } = object.metadata;
    return { ...object, metadata: { ...metadata, ...defined({ namespace: now.get(key) }) } };
  });
}

/** Whether an object lacks what every one of its kind has, so that each policy that reads it fails for the same reason. */
function isIncomplete(ofSchema: readonly Discovery[]): boolean {
  return ofSchema.some(({ rule }) => rule === 'schema/missing-field' || rule === 'schema/wrong-type');
}

/**
 * What was found about each object, in the order of the objects. A finding gets its position at once, since the text of the object is at
 * hand and nothing of the object needs to be kept for it.
 */
class LevelledFindings {
  readonly #found = new Map<CheckedObject, LevelledFinding[]>();
  readonly #request: CheckRequest;

  constructor(request: CheckRequest) {
    this.#request = request;
  }

  /** @param level that of the pack whose rules found it, if they do not say it themselves */
  add(subject: Subject, discoveries: readonly Discovery[], level?: PackLevel): void {
    if (discoveries.length === 0) return;
    const known = this.#found.get(subject.checked) ?? [];
    for (const found of discoveries)
      known.push({
        finding: findingOf(subject, found, this.#request),
        level: level ?? found.level ?? 'error',
      });
    this.#found.set(subject.checked, known);
  }

  all(): LevelledFinding[] {
    return [...this.#found.values()].flat();
  }
}

function subjectOf(checked: CheckedObject, catalog: Catalog, namespace: string): Subject {
  const { old } = checked;
  const view = viewOf(checked, catalog, namespace);
  if (old === undefined) return { checked, view };
  // An object of a cluster has a uid, and its defaults are filled in.
  const isLive = old.metadata['uid'] !== undefined;
  return { checked, view, old: isLive ? old : viewOf({ object: old }, catalog, namespace) };
}

function findingOf(subject: Subject, found: Discovery, request: CheckRequest): Finding {
  const finding = findingAbout(subject.checked, found, request);
  if (found.severity !== 'sign-off') return finding;
  return { ...finding, fingerprint: signOffFingerprint(subject, found) };
}

function viewOf({ object, admitted }: CheckedObject, catalog: Catalog, namespace: string): KubernetesObject {
  if (admitted !== undefined) return admitted;
  const kind = catalog.find(object.apiVersion, object.kind);
  return kind === undefined ? object : admissionView(object, kind, namespace, minorOf(catalog.version));
}

interface OpenPolicies extends PolicyContext {
  readonly findings: readonly Finding[];
  readonly namespaces: ReadonlyMap<string, KubernetesObject>;
}

function openPolicies(request: CheckRequest, catalog: Catalog, minor: number): OpenPolicies {
  const own = readPolicySet(request.policies, catalog);
  const packs = openPacks(request.packs, minor);
  const policies = [...packs, ...own.policies];
  const paramKinds = new Set(policies.flatMap(({ spec }) => spec.paramKind?.kind ?? []));
  const views = request.objects
    .filter(isOf(kind => isNamespace(kind) || paramKinds.has(kind.kind)))
    .map(checked => viewOf(checked, catalog, request.namespace));
  // Live namespaces come last, so that they take precedence over manifests of the same name.
  const beside = own.objects.map(object => viewOf({ object }, catalog, request.namespace));
  const known = [...beside, ...views, ...(request.namespaces ?? [])];
  const namespaces = known.filter(isNamespace);
  return {
    policies,
    objects: [...beside, ...views],
    catalog,
    undecided: request.undecided ?? 'warning',
    findings: [
      ...own.findings,
      ...request.policies.flatMap(document => definitionFindings(document, catalog)),
    ],
    namespaces: new Map(namespaces.map(object => [object.metadata.name, object])),
  };
}

/** A warning about a version of Kubernetes that is older or newer than all schemas. */
function versionFindings({ kubernetesVersion, formation, destination }: CheckRequest): Finding[] {
  const { minor, isExact } = nearestVersion(kubernetesVersion);
  if (isExact) return [];
  const setting = {
    ...defined({ formation, destination }),
  };
  const discovery = {
    rule: 'schema/unsupported-version',
    severity: 'warning' as const,
    message: `there are no schemas for Kubernetes ${kubernetesVersion}; the nearest version, ${minor}, was used`,
    fix: `what differs between the two may be judged wrongly; Slipway knows ${VERSION_RANGE}, so ${unsupportedRemedy(minor)}`,
    subject: [kubernetesVersion],
  };
  return [findingWithoutPosition(discovery, setting)];
}

/** @param nearest the version that was used, which is the newest one for what is newer than all */
function unsupportedRemedy(nearest: string): string {
  if (nearest === NEWEST_KUBERNETES_VERSION) return 'update Slipway';
  return 'upgrade the cluster, and name its new version in "kubernetes" of the formation or in "kubernetes-version"';
}

/** The schemas of a CustomResourceDefinition that is among the policies. */
function definitionFindings(document: SourceDocument, catalog: Catalog): Finding[] {
  const { value } = document;
  if (!isKubernetesObject(value) || !isDefinition(value)) return [];
  return checkWholeDefinition(value, catalog).map(({ pointer, ...found }) => {
    const subject = [value.metadata.name, pointer, ...(found.subject ?? [])];
    return findingAt(document.positionOf(parsePointer(pointer)), { ...found, subject }, {});
  });
}

function admission(
  { view, old }: Subject,
  catalog: Catalog,
  { namespace }: CheckRequest,
  namespaces: OpenPolicies['namespaces'],
) {
  return admissionRequest(view, old, guessKind(view, catalog), { namespace, namespaces });
}
