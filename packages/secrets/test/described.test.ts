import { describe, expect, it } from '@jest/globals';
import { describedIn } from './described.ts';

const google = describedIn(new URL('google/descriptions.json', import.meta.url));
const azure = describedIn(new URL('azure-keys/descriptions.json', import.meta.url));
const KEY = '/v1/projects/shop-1/locations/europe-west3/keyRings/sops/cryptoKeys/production';
const [vault, method] = ['/keys/sops/0123456789abcdef', 'POST'] as const;

describe('an exchange with a cloud', () => {
  it('has nothing strange if its description has the method and all fields', () => {
    const decrypt = { httpMethod: method, path: `${KEY}:decrypt` };
    expect(google(decrypt, { ciphertext: 'AA==' }, { plaintext: 'AA==', usedPrimary: true })).toEqual([]);
    const own = { httpMethod: method, path: `${vault}/decrypt` };
    expect(azure(own, { alg: 'RSA-OAEP-256', value: 'AA' }, { kid: 'k', value: 'AA' })).toEqual([]);
  });

  it('has each method, field and type that the description lacks', () => {
    const decrypt = { httpMethod: method, path: `${KEY}:decrypt` };
    expect(google(decrypt, { cipher: 'AA==' }, { plaintext: 1 })).toEqual([
      'DecryptRequest has no field cipher',
      'DecryptResponse.plaintext is not of the type string',
    ]);
    expect(google({ httpMethod: 'GET', path: `${KEY}:decrypt` }, undefined, {})).toEqual([
      `GET ${KEY}:decrypt is not a method`,
    ]);
    const own = { httpMethod: method, path: `${vault}/encrypt` };
    expect(azure(own, { algorithm: 'RSA1_5' }, { result: 'AA' })).toEqual([
      'KeyOperationsParameters has no field algorithm',
      'KeyOperationResult has no field result',
    ]);
    expect(azure({ httpMethod: method, path: `${vault}/wrap` }, {}, {})).toEqual([
      `POST ${vault}/wrap is not a method`,
    ]);
  });
});
