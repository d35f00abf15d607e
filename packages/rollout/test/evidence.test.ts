import { describe, expect, it } from '@jest/globals';
import type { LogQuery } from '@slipway/cluster';
import { SlipwayError } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import fc from 'fast-check';
import { chainEvidence } from '../src/evidence/chain.ts';
import { eventEvidence, podEventEvidence, summariseEvents } from '../src/evidence/events.ts';
import { lastLines, logEvidence } from '../src/evidence/logs.ts';
import { mask, maskCutEnd, maskCutStart, secretForms } from '../src/evidence/mask.ts';
import { readPodSecrets, secretNames } from '../src/evidence/pod-secrets.ts';
import { object, pod, terminated, waiting } from './support/objects.ts';

describe('masking', () => {
  const secret = 'hunter2/very secret+&';
  const forms = secretForms([secret]);

  it.each([
    ['as it is', secret],
    ['in base64', Buffer.from(secret).toString('base64')],
    ['in base64 for URLs', Buffer.from(secret).toString('base64url')],
    ['in a URL', encodeURIComponent(secret)],
    ['in JSON', JSON.stringify(secret).slice(1, -1)],
  ])('finds a secret %s', (_, shown) => {
    expect(mask(`before ${shown} after`, forms)).toMatch(/^before \*\*\*=* after$/);
  });

  it('finds each line of a secret with several', () => {
    const key = '-----BEGIN KEY-----\nMIIabcdef\n-----END KEY-----\n';
    expect(mask('2026 MIIabcdef 2026', secretForms([key]))).toBe('2026 *** 2026');
  });

  it('masks a secret that contains another completely', () => {
    expect(mask('x password123 y', secretForms(['pass', 'password123']))).toBe('x *** y');
  });

  it('leaves values alone that are too short to be secrets', () => {
    expect(mask('port 80', secretForms(['80', 'on', '']))).toBe('port 80');
  });

  it('never shows the start of a secret where the server cut the text', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: secret.length }), length => {
        const cut = `log: ${secret.slice(0, length)}`;
        expect(maskCutEnd(mask(cut, forms), forms)).toBe('log: ***');
      }),
    );
  });
});

describe('the last log lines', () => {
  const secret = 'correct-horse-battery-staple';

  it('never show the end of a secret where they begin in the middle of a line', () => {
    const forms = secretForms([secret]);
    for (let cut = 1; cut < secret.length; cut++) {
      const asked = 2;
      const lines = lastLines(`${secret.slice(cut)} rest\nlast`, forms, asked);
      expect(lines).toEqual([expect.stringMatching(/^\*\*\* rest$/), 'last']);
      expect(maskCutStart(secret.slice(cut), forms)).toBe('***');
    }
    expect(lastLines('staple rest', forms)).toEqual(['staple rest']);
  });

  it('are found after a line of ten megabytes, and no secret in it is shown', async () => {
    const asked: number[] = [];
    const long = `${'x'.repeat(10 * 2 ** 20 - 7)}${secret}`;
    // As the kubelet reads: the last records of 16 KB, and of these at most the bytes that are allowed.
    const logs = async ({ tailLines, limitBytes, previous }: LogQuery) => {
      if (previous === true) return '';
      asked.push(tailLines);
      const records = [...(long.match(/.{1,16384}/g) ?? []), '\n', 'fatal: no database\n'];
      return records.slice(-tailLines).join('').slice(0, limitBytes);
    };
    const found = await logEvidence(
      { logs },
      { pod: pod('a'), container: 'main' },
      { forms: secretForms([secret]) },
    );
    expect(asked).toEqual([200, 50]);
    expect(found.at(-1)?.lines.at(-1)).toBe('fatal: no database');
    expect(JSON.stringify(found).length).toBeLessThan(2_000);
    expect(JSON.stringify(found)).not.toMatch(/horse|staple/);
  });

  it('are the last twenty that say something, as plain text', () => {
    const text = Array.from({ length: 30 }, (_, index) => `\u001b[31mline ${index}\u001b[0m\u0007\n\n`).join(
      '',
    );
    const lines = lastLines(text, []);
    expect(lines).toHaveLength(20);
    expect(lines.at(-1)).toBe('line 29\u{FFFD}');
  });

  it('are masked before a long line is cut', () => {
    const secret = 'x'.repeat(600);
    expect(lastLines(`${'a'.repeat(400)}${secret}b`, secretForms([secret]))).toEqual([
      `${'a'.repeat(400)}***b`,
    ]);
  });

  it('hide a secret that has colours in it', () => {
    expect(lastLines('key hun\u001b[1mter2\u001b[0m', secretForms(['hunter2']))).toEqual(['key ***']);
  });

  it('survive binary output', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), text => {
        for (const line of lastLines(text, []))
          expect(line).not.toMatch(/[\u0000-\u0008\u000a-\u001f\u007f]/);
      }),
    );
  });

  const logs = (answers: Record<'present' | 'previous', string | Error>) => ({
    logs: async ({ previous }: { previous?: boolean }) => {
      const answer = answers[previous === true ? 'previous' : 'present'];
      if (answer instanceof Error) throw answer;
      return answer;
    },
  });
  const forbidden = new SlipwayError({ code: 'cluster-forbidden', message: 'pods/log is forbidden' });

  it('are shown of both runs, unless they are the same', async () => {
    const culprit = { pod: pod('a'), container: 'main' };
    const two = await logEvidence(logs({ present: 'new', previous: 'old' }), culprit, { forms: [] });
    expect(two.map(({ lines }) => lines)).toEqual([['old'], ['new']]);
    const one = await logEvidence(logs({ present: 'same', previous: 'same' }), culprit, { forms: [] });
    expect(one.map(({ lines }) => lines)).toEqual([['same']]);
  });

  it('are those of the previous run where the node has removed the container', async () => {
    const culprit = { pod: pod('a'), container: 'main' };
    const gone = 'unable to retrieve container logs for containerd://8e81';
    const shown = await logEvidence(logs({ present: gone, previous: 'no such table' }), culprit, {
      forms: [],
    });
    expect(shown.map(({ lines }) => lines)).toEqual([
      ['no such table'],
      ['not shown: the node removed it with the container'],
    ]);
    expect(shown.findLast(({ lastWords }) => lastWords !== undefined)?.lastWords).toBe(
      'after logging "no such table"',
    );
  });

  it('are replaced by the reason why they cannot be shown', async () => {
    const culprit = { pod: pod('a'), container: 'main' };
    const denied = await logEvidence(logs({ present: forbidden, previous: forbidden }), culprit, {
      forms: [],
    });
    expect(denied).toMatchObject([{ lines: ['not shown: pods/log is forbidden'] }]);
  });

  it("are not shown where the pod's Secrets cannot be read to mask them", async () => {
    const culprit = { pod: pod('a'), container: 'main' };
    const secrets = await readPodSecrets({ get: () => Promise.reject(forbidden) }, withSecrets);
    const shown = await logEvidence(logs({ present: 'password', previous: '' }), culprit, secrets);
    expect(JSON.stringify(shown)).not.toContain('password');
    expect(shown).toMatchObject([{ lines: [expect.stringContaining('Secrets cannot be read')] }]);
  });
});

const withSecrets: KubernetesObject = pod('a', {
  containerSpec: {
    env: [{ name: 'P', valueFrom: { secretKeyRef: { name: 'by-key', key: 'p' } } }],
    envFrom: [{ secretRef: { name: 'by-environment' } }],
  },
  spec: {
    volumes: [
      { name: 'v', secret: { secretName: 'by-volume' } },
      { name: 'w', projected: { sources: [{ secret: { name: 'by-projection' } }] } },
    ],
    imagePullSecrets: [{ name: 'by-pull' }],
  },
});

describe("a pod's Secrets", () => {
  it('are found wherever the pod names them', () => {
    expect(secretNames(withSecrets)).toEqual([
      'by-key',
      'by-environment',
      'by-volume',
      'by-projection',
      'by-pull',
    ]);
  });

  it('give every form of their values', async () => {
    const data = { password: Buffer.from('s3cret value').toString('base64') };
    const secrets = await readPodSecrets(
      { get: async () => object('v1', 'Secret', 'x', {}, { data }) },
      withSecrets,
    );
    expect(secrets).toMatchObject({ forms: expect.arrayContaining(['s3cret value', 's3cret%20value']) });
  });
});

describe('events', () => {
  const event = (reason: string, lastTimestamp: string, count = 1) => ({
    type: 'Warning',
    reason,
    message: 'm',
    lastTimestamp,
    count,
  });

  it('are counted together and sorted by when they last happened', () => {
    const events = [
      event('BackOff', '2026-01-01T00:00:09Z', 4),
      event('Pulled', '2026-01-01T00:00:01Z'),
      event('BackOff', '2026-01-01T00:00:05Z', 2),
      event('Unhealthy', '2026-01-01T00:00:07Z'),
    ];
    expect(summariseEvents(events)).toEqual([
      '1x Warning Pulled: m',
      '1x Warning Unhealthy: m',
      '6x Warning BackOff: m',
    ]);
  });

  const unhealthy = {
    ...event('Unhealthy', '2026-01-01T00:00:07Z'),
    message: 'Readiness probe failed: hunter2222 is wrong',
  };
  const notReady = { pod: pod('a'), container: 'main', field: 'readinessProbe' } as const;
  const list = async () => ({ resourceVersion: '1', items: [unhealthy as never] });

  it('give the answer of the probe that does not pass, without the secrets of the pod', async () => {
    expect(await podEventEvidence({ list }, notReady, { forms: ['hunter2222'] })).toMatchObject([
      { lastWords: 'with the answer "Readiness probe failed: *** is wrong"' },
    ]);
  });

  it('tell which probe had a container killed, but not for another container', async () => {
    const liveness = {
      ...event('Unhealthy', '2026-01-01T00:00:07Z'),
      message: 'Liveness probe failed: status 500',
    };
    const killing = {
      ...event('Killing', '2026-01-01T00:00:08Z'),
      message: 'Container main failed liveness probe, will be restarted',
    };
    const cluster = { list: async () => ({ resourceVersion: '1', items: [liveness, killing] as never[] }) };
    const wordsOf = async (container: string) => {
      const [evidence] = await podEventEvidence(cluster, { pod: pod('a'), container }, { forms: [] });
      return evidence?.lastWords;
    };
    expect(await wordsOf('main')).toBe('killed by the kubelet after "Liveness probe failed: status 500"');
    expect(await wordsOf('sidecar')).toBeUndefined();
  });

  it('tell that a hook had a container killed, and no other container', async () => {
    const hook = {
      ...event('FailedPostStartHook', '2026-01-01T00:00:07Z'),
      message: 'PostStartHook failed',
      involvedObject: { fieldPath: 'spec.containers{main}' },
    };
    const cluster = { list: async () => ({ resourceVersion: '1', items: [hook] as never[] }) };
    const wordsOf = async (container: string) => {
      const [evidence] = await podEventEvidence(cluster, { pod: pod('a'), container }, { forms: [] });
      return evidence?.lastWords;
    };
    expect(await wordsOf('main')).toBe('killed by the kubelet after "PostStartHook failed"');
    expect(await wordsOf('sidecar')).toBeUndefined();
  });

  it('keep what a probe answered to themselves where it cannot be masked', async () => {
    const evidence = await podEventEvidence({ list }, notReady, { unreadable: 'no right' });
    expect(JSON.stringify(evidence)).not.toContain('hunter');
  });

  it('leave out what happened before the release began', async () => {
    const items = [
      event('OldNews', '2026-01-01T00:00:01Z'),
      event('JustBefore', '2026-01-01T00:09:58Z'),
      event('News', '2026-01-01T00:10:30Z'),
      { ...event('Timeless', ''), lastTimestamp: undefined },
    ];
    const cluster = { list: async () => ({ resourceVersion: '1', items: items as never[] }) };
    const [evidence] = await eventEvidence(cluster, pod('a'), new Date('2026-01-01T00:10:00Z'));
    expect(evidence?.lines).toEqual([
      '1x Warning Timeless: m',
      '1x Warning JustBefore: m',
      '1x Warning News: m',
    ]);
  });

  it('are bounded in number, the newest kept', () => {
    const many = Array.from({ length: 5000 }, (_, index) =>
      event(`R${index}`, `2026-01-01T00:00:00.${String(index).padStart(6, '0')}Z`),
    );
    expect(summariseEvents(many)).toHaveLength(12);
    expect(summariseEvents(many).at(-1)).toContain('R4999');
  });
});

describe('the chain from the release to the container', () => {
  const owner = object('apps/v1', 'ReplicaSet', 'api-1');
  const killed = terminated(137, { reason: 'OOMKilled', message: 'used hunter2222' });
  const culprit = {
    pod: pod('api-1-x', {
      owner,
      container: { ...waiting('CrashLoopBackOff', 'back-off 10s'), restartCount: 2, lastState: killed },
      containerSpec: { resources: { limits: { memory: '64Mi' } } },
    }),
    container: 'main',
  };
  const deployment = object('apps/v1', 'Deployment', 'api');

  it('names every link, the limit that was hit, and the termination message without its secrets', () => {
    const { title, lines } = chainEvidence(deployment, culprit, { forms: ['hunter2222'] });
    expect(title).toBe('Deployment api → ReplicaSet api-1 → Pod api-1-x → container main');
    expect(lines).toEqual([
      'on node node-1',
      'image shop/api:1',
      'waiting: CrashLoopBackOff: back-off 10s',
      'its previous run ended with exit code 137: out of memory, limit 64Mi at 2026-11-20T10:00:00Z',
      'its termination message: used ***',
      '2 restarts',
    ]);
  });

  it("takes the runtime's words for the runtime's where the container never ran", () => {
    const message = 'failed to create containerd task: exec: "nope": not found';
    const lastState = terminated(128, { reason: 'StartError', message });
    const never = {
      pod: pod('a', { container: { ...waiting('CrashLoopBackOff', ''), lastState } }),
      container: 'main',
    };
    const { lines, lastWords } = chainEvidence(deployment, never, { forms: [] });
    expect(lines).toContain(`the runtime reported: ${message}`);
    expect(lastWords).toBeUndefined();
  });

  it('does not show the termination message where it cannot be masked', () => {
    expect(chainEvidence(deployment, culprit, { unreadable: 'no' }).lines.join()).not.toContain('hunter');
  });
});
