import { describe, expect, it } from '@jest/globals';
import { refuseUnencrypted } from '../src/sops/authenticated.ts';
import { parseSopsFile } from '../src/sops/sops-file.ts';

const encrypted = (type: string) => `ENC[AES256_GCM,data:eA==,iv:eA==,tag:eA==,type:${type}]`;

/** A list with an encrypted comment, an encrypted value and one that is not, as a rule for comments makes it. */
const file = (isPartial: boolean) =>
  parseSopsFile(
    `list:\n    - ${encrypted('comment')}\n    - ${encrypted('str')}\n    # clear\n    - clear\nsops:\n    mac: x\n    mac_only_encrypted: ${isPartial}\n`,
    'a.yaml',
  );

describe('a value of a file whose MAC covers encrypted values only', () => {
  it('is refused if it is not encrypted, also behind a comment that sops counts as an item', () => {
    expect(() => refuseUnencrypted(file(true), ['list', '1'], 'clear')).toThrow(/is not encrypted/);
    expect(() => refuseUnencrypted(file(true), ['list', '0'], 'value')).not.toThrow();
    expect(() => refuseUnencrypted(file(false), ['list', '1'], 'clear')).not.toThrow();
  });

  it('is refused if it still looks encrypted once the file is decrypted', () => {
    expect(() => refuseUnencrypted(file(true), ['list', '0'], encrypted('comment'))).toThrow(
      expect.objectContaining({ code: 'sops-unauthenticated' }),
    );
  });
});
