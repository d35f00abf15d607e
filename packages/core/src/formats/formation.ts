import type { FromSchema } from 'json-schema-to-ts';
import { defined } from '../defined.ts';
import { type Problem, SlipwayError, throwIfAny } from '../errors.ts';
import { nearest } from '../nearest.ts';
import { quote } from '../quote.ts';
import type { SourceDocument } from '../source-document.ts';
import { API_VERSION, durationSchema, nameSchema, namespaceSchema } from './common.ts';
import { comparisonProblems } from './comparison-problems.ts';
import { type ChosenPack, type PackErrorCode, packsSchema, parsePack, type WrittenPack } from './packs.ts';
import { sourcesSchema } from './sources.ts';
import { spawnSchema } from './spawn.ts';
import { spawnProblems } from './spawn-problems.ts';
import { type Strategy, stepsOf, strategySchema } from './strategy.ts';
import type { StrategyErrorCode } from './strategy-problem.ts';
import { strategyProblems } from './strategy-problems.ts';
import { withStrategyRemedies } from './strategy-remedies.ts';
import { type FormatErrorCode, formatProblems } from './validate.ts';
import { verifySchema } from './verify.ts';

const patternsSchema = {
  type: 'array',
  items: {
    type: 'string',
    pattern: '^(?:name|label):.+$',
    description: 'name:<file or pattern> or label:<key>=<value>',
  },
} as const;

const patchesSchema = {
  type: 'array',
  description:
    'Partial manifests, merged into the manifest of the same kind and name, or a target with the operations of a JSON patch.',
  items: {
    type: 'object',
    if: { required: ['json6902'], properties: { json6902: {} } },
    // biome-ignore lint/suspicious/noThenProperty: JSON Schema's own keyword
    then: {
      additionalProperties: false,
      required: ['target', 'json6902'],
      properties: {
        target: {
          type: 'object',
          additionalProperties: false,
          required: ['kind', 'name'],
          properties: {
            apiVersion: { type: 'string' },
            kind: { type: 'string' },
            name: { type: 'string' },
            namespace: { type: 'string' },
          },
        },
        json6902: {
          type: 'array',
          description: 'Operations of RFC 6902, if a merge is not enough.',
          items: {
            type: 'object',
            additionalProperties: false,
            required: ['op', 'path'],
            properties: {
              op: { enum: ['add', 'remove', 'replace', 'move', 'copy', 'test'] },
              path: {
                type: 'string',
                pattern: '^(?:/[^/]*)+$',
                description: 'a pointer such as /spec/replicas',
              },
              from: {
                type: 'string',
                pattern: '^(?:/[^/]*)+$',
                description: 'a pointer such as /spec/replicas',
              },
              value: { description: 'Any value; placeholders are filled.' },
            },
          },
        },
      },
    },
    else: {
      required: ['kind', 'metadata'],
      properties: {
        apiVersion: { type: 'string' },
        kind: { type: 'string' },
        metadata: { type: 'object', required: ['name'], properties: { name: { type: 'string' } } },
      },
    },
  },
} as const;

const destinationSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['namespace'],
  description: 'A cluster and a namespace.',
  properties: {
    namespace: {
      type: 'string',
      pattern: `^(?:${namespaceSchema.pattern.slice(1, -1)}|[a-z0-9][a-z0-9-]{0,41}-\\$\\{spawn\\})$`,
      description:
        'a DNS label of at most 63 characters: the namespace, which has to exist; of a formation with form create one such as shop-pr-${spawn}, with at most 43 characters before the word, the last of them "-"',
    },
    context: {
      type: 'string',
      minLength: 1,
      description: 'The context of the kubeconfig; the only one by default.',
    },
    cluster: {
      type: 'object',
      additionalProperties: false,
      properties: { server: { type: 'string', pattern: '^https?://', description: 'an URL with https://' } },
      description: 'What the cluster must be for deploy to write to it.',
    },
    environment: {
      type: 'string',
      minLength: 1,
      description: "GitHub's environment for the job of this destination.",
    },
    patches: patchesSchema,
  },
} as const;

export const policiesSchema = {
  type: 'object',
  additionalProperties: false,
  properties: { packs: packsSchema },
} as const;

export const allowSchema = {
  type: 'object',
  additionalProperties: false,
  description: "What the release may touch outside its destination's namespace.",
  properties: {
    namespaces: { type: 'array', items: namespaceSchema },
    'cluster-scoped': {
      type: 'array',
      items: { type: 'string' },
      description: 'Kinds of cluster scope, such as ClusterRole.',
    },
  },
} as const;

export const formationSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  $id: 'https://slipway.dev/schemas/v1/formation.json',
  title: 'Formation',
  description: 'formations/<name>.yaml: one instance of the application.',
  type: 'object',
  additionalProperties: false,
  required: ['apiVersion', 'kind', 'metadata', 'spec'],
  properties: {
    apiVersion: { const: API_VERSION },
    kind: { const: 'Formation' },
    metadata: {
      type: 'object',
      additionalProperties: false,
      required: ['name'],
      properties: { name: nameSchema },
    },
    spec: {
      type: 'object',
      additionalProperties: false,
      properties: {
        extends: {
          ...nameSchema,
          description:
            'a DNS label of at most 40 characters: the formation that this one builds on; destinations and waves are never taken over',
        },
        'promoted-from': {
          ...nameSchema,
          description:
            'a DNS label of at most 40 characters: the formation in which a snapshot must have passed first',
        },
        soak: {
          ...durationSchema,
          pattern: '^(?:\\d{1,5}h)?(?:\\d{1,7}m)?(?:\\d{1,9}s)?$',
          description:
            'How long ago a snapshot must have passed at each destination of `promoted-from`, such as 2h, counted from its verdict; at most 99999h.',
        },
        'head-sign-off': {
          type: 'string',
          pattern:
            '^@?[A-Za-z0-9][A-Za-z0-9_-]*(?:/[A-Za-z0-9._-]+)?(?:[ ,]+@?[A-Za-z0-9][A-Za-z0-9_-]*(?:/[A-Za-z0-9._-]+)?)*$',
          description:
            'GitHub users, and teams as organisation/team, one of whom has to approve what `config: head` changes of stencils and values that other formations share, such as "@ada, @acme/operators".',
        },
        kubernetes: {
          type: 'string',
          pattern: '^1\\.\\d+$',
          description: 'the minor version of Kubernetes, in quotes, such as "1.34"',
        },
        stencils: {
          type: 'object',
          additionalProperties: false,
          properties: { include: patternsSchema, exclude: patternsSchema },
          description:
            'Which stencils belong to the formation: include, then exclude; with `extends`, of those that the other has.',
        },
        sources: sourcesSchema,
        spawn: spawnSchema,
        'name-prefix': {
          type: 'string',
          minLength: 1,
          description:
            'Goes before the name of each object, and into references to it; placeholders are filled. For several formations in one namespace.',
        },
        labels: {
          type: 'object',
          additionalProperties: { type: 'string' },
          description:
            'Labels of all objects and pod templates, and of the selectors that select these pods; placeholders are filled.',
        },
        destinations: {
          type: 'object',
          minProperties: 1,
          propertyNames: nameSchema,
          additionalProperties: destinationSchema,
          description: 'Where the formation goes. A formation without any only serves to be extended.',
        },
        waves: {
          type: 'array',
          items: { type: 'array', minItems: 1, items: nameSchema },
          description: 'Destinations in the order of deployment; all at once by default.',
        },
        patches: patchesSchema,
        policies: policiesSchema,
        allow: allowSchema,
        verify: verifySchema,
        strategy: strategySchema,
      },
    },
  },
} as const;

type WrittenFormation = FromSchema<typeof formationSchema>;
export type Destination = NonNullable<WrittenFormation['spec']['destinations']>[string];
type WrittenSpec = WrittenFormation['spec'];
export type Formation = Omit<WrittenFormation, 'spec'> & {
  readonly spec: Omit<WrittenSpec, 'policies' | 'strategy'> & {
    /** `none` ends what `extends` would take over. */
    readonly strategy?: Strategy;
    readonly policies?: { readonly packs?: readonly ChosenPack[] };
    /** Without any the formation is only there to be extended. */
    readonly destinations: Readonly<Record<string, Destination>>;
  };
};

/**
 * @throws SlipwayError with every problem of the file: besides its fields, a name that is not its file's, waves that name an
 * unknown destination, one twice or leave one out, and two destinations in one namespace of one cluster
 */
export function parseFormation(document: SourceDocument): Formation {
  const strategyPath = ['spec', 'strategy'];
  throwIfAny(withStrategyRemedies(formatProblems(formationSchema, document), strategyPath));
  const written = document.value as WrittenFormation;
  const { destinations = {}, policies, strategy, ...spec } = written.spec;
  const problems: Problem<PackErrorCode>[] = [];
  const packs = policies?.packs && readPacks(policies.packs, document, problems);
  const formation: Formation = {
    ...written,
    spec: {
      ...spec,
      ...defined({ policies: policies && defined({ packs }), strategy: strategy as Strategy }),
      destinations,
    },
  };
  throwIfAny<FormatErrorCode | PackErrorCode | StrategyErrorCode>([
    ...problems,
    ...strategyProblems(stepsOf(formation.spec.strategy), document, strategyPath),
    ...comparisonProblems(formation.spec.verify?.checks ?? [], document, ['spec', 'verify', 'checks']),
    ...nameProblems(formation, document),
    ...waveProblems(formation, document),
    ...sharedNamespaces(formation, document),
    ...spawnProblems(document),
  ]);
  return formation;
}

function readPacks(
  written: readonly WrittenPack[],
  document: SourceDocument,
  problems: Problem<PackErrorCode>[],
): ChosenPack[] {
  return written.flatMap((item, index) => {
    try {
      return [parsePack(item)];
    } catch (error) {
      if (!(error instanceof SlipwayError)) throw error;
      const at = document.positionOf(['spec', 'policies', 'packs', index]);
      problems.push(...error.problems.map(problem => ({ ...(problem as Problem<PackErrorCode>), at })));
      return [];
    }
  });
}

function nameProblems(formation: Formation, document: SourceDocument): Problem<FormatErrorCode>[] {
  const { name } = formation.metadata;
  const expected = document.path.replace(/^.*\//, '').replace(/\.[^.]*$/, '');
  if (name === expected) return [];
  return [
    {
      code: 'format-name-mismatch',
      at: document.positionOf(['metadata', 'name']),
      message: `the formation in ${quote(document.path)} calls itself ${quote(name)}`,
      remedy: `set metadata.name to ${quote(expected)} or rename the file to ${quote(`${name}.yaml`)}`,
    },
  ];
}

function waveProblems(formation: Formation, document: SourceDocument): Problem<FormatErrorCode>[] {
  const { waves, destinations } = formation.spec;
  if (waves === undefined) return [];
  const declared = Object.keys(destinations);
  const seen = new Set<string>();
  const problems: Problem<FormatErrorCode>[] = [];
  waves.forEach((wave, index) => {
    wave.forEach((name, item) => {
      const at = document.positionOf(['spec', 'waves', index, item]);
      const twice = seen.has(name);
      if (!declared.includes(name))
        problems.push({
          code: 'format-invalid',
          at,
          message: `no destination ${quote(name)} in this formation`,
          remedy: remedyFor(name, declared),
        });
      else if (twice)
        problems.push({
          code: 'format-invalid',
          at,
          message: `${quote(name)} is in the waves twice`,
          remedy: 'keep one',
        });
      seen.add(name);
    });
  });
  const forgotten = declared.filter(name => !seen.has(name));
  if (forgotten.length > 0)
    problems.push({
      code: 'format-invalid',
      at: document.keyPositionOf(['spec', 'waves']),
      message: `the waves leave out ${forgotten.map(quote).join(', ')}`,
      remedy: 'add it to a wave',
    });
  return problems;
}

function remedyFor(name: string, declared: readonly string[]): string {
  const candidate = nearest(name, declared);
  return candidate === undefined ? `declared: ${declared.join(', ')}` : `did you mean ${quote(candidate)}?`;
}

function sharedNamespaces(formation: Formation, document: SourceDocument): Problem<FormatErrorCode>[] {
  const owners = new Map<string, string>();
  return Object.entries(formation.spec.destinations).flatMap(
    ([name, destination]): Problem<FormatErrorCode>[] => {
      const namespaceKey = JSON.stringify([
        destination.cluster?.server ?? destination.context ?? '',
        destination.namespace,
      ]);
      const owner = owners.get(namespaceKey);
      owners.set(namespaceKey, name);
      if (owner === undefined) return [];
      const at = document.keyPositionOf(['spec', 'destinations', name]);
      return [
        {
          code: 'format-invalid',
          at,
          message: `destinations ${quote(owner)} and ${quote(name)} are one namespace of one cluster`,
          remedy: 'give one of them another namespace or cluster',
        },
      ];
    },
  );
}
