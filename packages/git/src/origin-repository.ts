import { type CheckoutOptions, openCheckout } from './find-checkout.ts';

/** The repository `owner/name` that the remote `origin` of a checkout is; undefined without one. @param path absolute */
export async function originRepository(path: string, options: CheckoutOptions): Promise<string | undefined> {
  const git = openCheckout(path, options);
  const url = (await git?.read(['config', '--get', 'remote.origin.url']))?.toString('utf8').trim() ?? '';
  return /[/:]([\w.-]+\/[\w.-]+?)(?:\.git)?\/?$/.exec(url)?.[1];
}
