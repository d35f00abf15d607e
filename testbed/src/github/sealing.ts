/** The keys by which secrets are sealed for GitHub. https://docs.github.com/en/rest/guides/encrypting-secrets-for-the-rest-api */
export interface Sealing {
  readonly id: string;
  /** Base64. */
  readonly publicKey: string;
  /** The text of a sealed box in base64. @throws Error if it was sealed for another key */
  open(sealed: string): string;
}

/** The library that GitHub names for this; it is loaded only by tests that store secrets. */
export async function createSealing(): Promise<Sealing> {
  const { default: sodium } = await import('libsodium-wrappers');
  await sodium.ready;
  const { publicKey, privateKey } = sodium.crypto_box_keypair();
  return {
    id: '568250167242549743',
    publicKey: Buffer.from(publicKey).toString('base64'),
    open: sealed =>
      Buffer.from(
        sodium.crypto_box_seal_open(Buffer.from(sealed, 'base64'), publicKey, privateKey),
      ).toString(),
  };
}
