import { quote } from '@slipway/core';
import { oneLine } from '../text.ts';
import { IMAGE_DENIED, IMAGE_NOT_FOUND, IMAGE_UNAVAILABLE } from '../windows.ts';
import type { ContainerView } from './container-view.ts';
import { type Culprit, ONLY_AT_DEADLINE, type Trouble } from './status.ts';

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
  const wanted = wantedImage(container);
  const failure = FAILURES.find(({ pattern }) => pattern.test(withoutImage(container, wanted)));
  const certain = certainAfter(container, failure);
  return {
    key: `${container.key}/image`,
    reason: container.waiting?.reason ?? 'ErrImagePull',
    message: `image "${oneLine(wanted.reference)}" of ${wanted.title} ${failure?.words ?? 'cannot be pulled'}${answer(container)}`,
    remedy: failure?.remedy ?? 'check that the image exists and that the nodes can reach its registry',
    certainAfter: certain,
    // Waiting does not build an image for another processor.
    ...(certain === 0 ? {} : { window: 'pull' as const }),
    culprit: { ...container.culprit, ...wanted.at },
  };
}

interface WantedImage {
  readonly reference: string;
  /** What it is the image of, for people. */
  readonly title: string;
  readonly at: Pick<Culprit, 'field' | 'imageVolume'>;
}

/**
 * The image that cannot be pulled: the container's own, or that of a volume, for which the kubelet lets the container wait with the same
 * reasons. Only its message tells them apart; of two names in it, one may be the beginning of the other.
 */
function wantedImage({ image, imageVolumes, title, waiting }: ContainerView): WantedImage {
  const volumes = imageVolumes.map(({ name, reference }) => ({
    reference,
    title: `volume ${quote(name)} of ${title}`,
    at: { imageVolume: name },
  }));
  const own: WantedImage = { reference: image, title, at: { field: 'image' } };
  const named = [own, ...volumes].filter(({ reference }) => waiting?.message.includes(reference));
  return named.toSorted((one, other) => other.reference.length - one.reference.length)[0] ?? own;
}

/** The answer without the name of the image, which may be `team/forbidden`. */
function withoutImage(container: ContainerView, { reference }: WantedImage): string {
  return (container.waiting?.message ?? '').replaceAll(reference, '');
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
