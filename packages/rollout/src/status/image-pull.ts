import { oneLine } from '../text.ts';
import { IMAGE_DENIED, IMAGE_NOT_FOUND, IMAGE_UNAVAILABLE } from '../windows.ts';
import type { ContainerView } from './container-view.ts';
import { ONLY_AT_DEADLINE, type Trouble } from './status.ts';

interface PullFailure {
  readonly pattern: RegExp;
  readonly certainAfter: number;
  readonly words: string;
  readonly remedy: string;
}

/** Answers of registries, as containerd, CRI-O and Docker word them; the first that matches counts. */
const FAILURES: readonly PullFailure[] = [
  {
    pattern: /no match for platform|no matching manifest|exec format/i,
    certainAfter: 0,
    words: "is not built for the node's processor",
    remedy: 'build it for that platform too',
  },
  {
    pattern: /denied|unauthorized|authorization failed|authentication required|\b40[13]\b|forbidden/i,
    certainAfter: IMAGE_DENIED,
    words: 'cannot be pulled with the credentials of the pod',
    remedy: 'give the pod an imagePullSecret with access to it, or correct its name',
  },
  {
    pattern: /not found|manifest unknown|name unknown|does not exist|\b404\b/i,
    certainAfter: IMAGE_NOT_FOUND,
    words: 'does not exist',
    remedy: 'push it, or correct its name',
  },
  {
    pattern: /./,
    certainAfter: IMAGE_UNAVAILABLE,
    words: 'cannot be pulled',
    remedy: 'check that the nodes can reach the registry',
  },
];

/** One trouble for everything that keeps a pod from its image; the kubelet alternates ErrImagePull and ImagePullBackOff. */
export function imagePullTrouble(container: ContainerView): Trouble {
  const key = `${container.key}/image`;
  const failure = FAILURES.find(({ pattern }) => pattern.test(withoutImage(container)));
  const certain = certainAfter(container, failure);
  return {
    key,
    reason: container.waiting?.reason ?? 'ErrImagePull',
    message: `image "${oneLine(container.image)}" of ${container.title} ${failure?.words ?? 'cannot be pulled'}${answer(container)}`,
    remedy: failure?.remedy ?? 'check that the image exists and that the nodes can reach its registry',
    certainAfter: certain,
    // Waiting does not build an image for another processor.
    ...(certain === 0 ? {} : { window: 'pull' as const }),
    culprit: { ...container.culprit, field: 'image' },
  };
}

/** The answer without the name of the image, which may be `team/forbidden`. */
function withoutImage(container: ContainerView): string {
  return (container.waiting?.message ?? '').replaceAll(container.image, '');
}

/** Before 1.32 a back-off does not repeat the registry's answer, so it does not reveal the cause. */
function certainAfter(container: ContainerView, failure: PullFailure | undefined): number {
  const saysNothing = /^Back-off pulling image "[^"]*"$/.test(container.waiting?.message ?? '');
  return saysNothing ? IMAGE_UNAVAILABLE : (failure?.certainAfter ?? ONLY_AT_DEADLINE);
}

function answer(container: ContainerView): string {
  const message = oneLine(container.waiting?.message ?? '');
  return message === '' ? '' : ` (${message})`;
}
