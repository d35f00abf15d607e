import { until } from '@slipway/testkit/cluster';
import type { Version } from './files.ts';
import { isWhole, readLive } from './seen.ts';
import type { Shop } from './shop.ts';
import type { Shops } from './use-shops.ts';

/** A shop whose first version serves, with the strategy that the next one goes by. */
export async function openServing(
  shops: Shops,
  namespace: string,
  version: Omit<Version, 'number'>,
  more: Parameters<Shops['open']>[1] = {},
): Promise<Shop> {
  const shop = await shops.open(namespace, more);
  const { behaviour: _behaviour, delay: _delay, ...first } = version;
  const { exitCode, log } = await shop.deploy({ ...first, number: 1 });
  if (exitCode !== 0) throw new Error(log);
  await until(async () => isWhole(await readLive({ client: shops.client, namespace }, 'Deployment', 'api')));
  return shop;
}
