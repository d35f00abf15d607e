import { kindKey } from '@slipway/kubernetes';
import { assess } from '../../src/status/assess.ts';
import { emptyCluster } from '../support/objects.ts';
import { type Collected, type Collection, readCollected, type Said, saidBy } from './collected.ts';

type Mark = 'right' | 'unknown' | 'wrong';

/** A wait for what has failed is right too late: the release fails, but only at its timeout. It counts as wrong here. */
function markOf(expected: Said, said: Said): Mark {
  if (said === expected) return 'right';
  return said === 'unknown' ? 'unknown' : 'wrong';
}

function measure(name: Collection): void {
  const marked = readCollected(name).map((collected: Collected) => {
    const { message, ...status } = assess(collected.object, emptyCluster);
    const said = saidBy({ message, ...status });
    return { ...collected, said, message, mark: markOf(collected.expect, said) };
  });
  const counted = (mark: Mark): string => {
    const number = marked.filter(one => one.mark === mark).length;
    return `${number} ${mark} (${Math.round((100 * number) / marked.length)} %)`;
  };
  const kinds = new Set(marked.map(({ object }) => kindKey(object)));
  const passing = marked.filter(({ expect, said }) => expect === 'failed' && !/failed|waiting/.test(said));
  const failing = marked.filter(({ expect, said }) => expect !== 'failed' && said === 'failed');
  for (const { mark, name, expect, said, message } of marked)
    if (mark !== 'right') console.log(`${mark}: ${name}: ${expect}, not ${said}: ${message}`);
  console.log(
    `${name}: ${marked.length} statuses of ${kinds.size} kinds: ${(['right', 'unknown', 'wrong'] as const).map(counted).join(', ')}; ` +
      `${passing.length} failures pass, ${failing.length} others count as failed`,
  );
}

measure('statuses');
measure('later');
measure('reviewed');
