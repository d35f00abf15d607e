import { SlipwayError } from '@slipway/core';
import type { SecretsErrorCode } from '../../error-codes.ts';
import { isHeaderWord } from '../../http/exchange.ts';
import type { StoreSurroundings } from '../../store.ts';
import type { SopsKeyWord } from '../key-kinds.ts';
import type { SopsAccess } from '../open-keys.ts';
import { honestPgpKeys } from '../pgp-keys.ts';
import type { SopsSettings } from '../sops-settings.ts';
import { awsIdentity } from './aws-identity.ts';
import { azureIdentity } from './azure-identity.ts';
import { googleIdentity } from './google-identity.ts';
import type { Identity, Variables } from './identity.ts';
import { pgpIdentity } from './pgp-identity.ts';
import { vaultIdentity } from './vault-identity.ts';

/** Names of variables that are secrets themselves. */
const SECRET = /SECRET|TOKEN$|CREDENTIALS$/;

/** Variables that are sent as they are; of one with a line break sops says that the service does not answer. */
const IN_HEADERS = [
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'GOOGLE_OAUTH_ACCESS_TOKEN',
];

function unusableWords(names: readonly string[]): SlipwayError<SecretsErrorCode> {
  return new SlipwayError<SecretsErrorCode>({
    code: 'sops-identity-refused',
    message: `${names.join(' and ')} cannot be sent: white space, a line break or another character that a cloud never writes is in it`,
    remedy: 'store it again without the line break at its end',
  });
}

/** Who is asked for the keys of a kind, as the log says it. */
const ASKED: Readonly<Record<SopsKeyWord, string>> = {
  'sops-kms': 'AWS',
  'sops-gcp': 'Google Cloud',
  'sops-azure': 'Azure',
  'sops-transit': 'Vault',
  'sops-pgp': 'gpg',
};

/** What logs in to each kind of key; a login happens once, when the first file needs it, and is named then. */
export function findIdentities(
  surroundings: StoreSurroundings,
  { identity, vault }: SopsSettings,
): Pick<SopsAccess, 'identityOf' | 'honestKeys'> & { readonly close: () => Promise<void> } {
  const { mask, logger } = surroundings;
  const source = { ...surroundings, identity };
  const transit = vaultIdentity(surroundings, vault);
  const finders: Readonly<Record<SopsKeyWord, () => Promise<Identity | undefined>>> = {
    'sops-kms': () => awsIdentity(source),
    'sops-gcp': () => googleIdentity(source),
    'sops-azure': () => azureIdentity(source),
    'sops-transit': transit.find,
    'sops-pgp': () => pgpIdentity(source),
  };
  const introduced = async (word: SopsKeyWord): Promise<Variables | undefined> => {
    const found = await finders[word]();
    if (found === undefined) return undefined;
    for (const [name, value] of Object.entries(found.variables)) if (SECRET.test(name)) mask(value);
    const broken = Object.entries(found.variables).filter(
      ([name, value]) => IN_HEADERS.includes(name) && !isHeaderWord(value),
    );
    if (broken.length > 0) throw unusableWords(broken.map(([name]) => name));
    logger.info(`${ASKED[word]} is asked for keys of SOPS files as ${found.source}`);
    return found.variables;
  };
  const known = new Map<SopsKeyWord, Promise<Variables | undefined>>();
  const identityOf = async (word: SopsKeyWord): Promise<Variables | undefined> => {
    const finding = known.get(word) ?? introduced(word);
    known.set(word, finding);
    return await finding;
  };
  return {
    identityOf,
    async honestKeys(keys, word) {
      if (word !== 'sops-pgp') return new Set(keys);
      return await honestPgpKeys(keys, surroundings, (await identityOf(word)) ?? {});
    },
    close: transit.close,
  };
}
