import { commitsText, orUnknown } from '@slipway/render';
import type { SharedHistory } from '../surroundings.ts';

/**
 * What deploying one commit after another one takes back, in words.
 * @param folder whose lines are meant
 */
export async function takenBackText(
  live: string,
  next: string,
  history: Pick<SharedHistory, 'takenBack'>,
  folder = "the application's own folder",
): Promise<string> {
  const found = await orUnknown(history.takenBack(live, next));
  if (found === undefined) return 'what it would take back cannot be told from this checkout';
  if (found.count === 0) return 'this takes back no commit';
  return `this takes back ${commitsText(found, folder)}`;
}
