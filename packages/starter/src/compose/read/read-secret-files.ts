import { quote } from '@slipway/core';
import type { SecretFile } from './compose-service.ts';
import { fieldOf, fieldsOf, itemsOf } from './fields.ts';
import type { WrittenService } from './read-service.ts';
import { type Reading, remark, textOf } from './reading.ts';

const LONG: ReadonlySet<string> = new Set(['source', 'target']);

/** Secrets as the files that Compose makes of them. What is in them is read by no one. */
export function readSecretFiles({ field, root }: WrittenService, reading: Reading): readonly SecretFile[] {
  const secrets = fieldOf(field, 'secrets');
  if (secrets === undefined) return [];
  return itemsOf(secrets).flatMap((item): SecretFile[] => {
    const source = textOf(reading, fieldOf(item, 'source')) ?? textOf(reading, item);
    if (source === undefined) return [];
    for (const [key, { path }] of fieldsOf(item))
      if (!LONG.has(key)) remark(reading, path, `${quote(key)} of a secret is not taken over`);
    const target = textOf(reading, fieldOf(item, 'target')) ?? source;
    const variable = source.replaceAll(/[^A-Za-z0-9]/g, '_').toUpperCase();
    const declared = fieldOf(fieldOf(root, 'secrets') ?? root, source);
    remark(reading, declared?.path ?? item.path, `the secret ${quote(source)} is copied nowhere`, {
      kind: 'secret',
      remedy: `store it as ${variable} in the GitHub environment, as config/secrets.yaml says`,
    });
    return [
      {
        path: target.startsWith('/') ? target : `/run/secrets/${target}`,
        secret: {
          variable,
          stored: variable,
          why: `the secret ${source.replaceAll(/[^\w.-]/g, '?')} of the compose file`,
          isFact: true,
        },
      },
    ];
  });
}
