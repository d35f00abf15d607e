import { defined } from '@slipway/core';
import { textAt } from '@slipway/kubernetes';
import { oneLine } from '../text.ts';
import { CONTAINER_NOT_CREATED } from '../windows.ts';
import type { ContainerView } from './container-view.ts';
import { imagePullTrouble } from './image-pull.ts';
import { configFailure } from './missing-config.ts';
import { isMemoryTooLow, RAISE_MEMORY } from './sandbox.ts';
import type { Culprit, Trouble } from './status.ts';

/** The container runtimes' messages about a command that is not in the image or not executable. */
const NO_SUCH_COMMAND =
  /executable file not found|no such file or directory|permission denied|is a directory|exec format error|no command specified/;

type StartFailure = (container: ContainerView) => Trouble;

/** Failures by the reason for which a container waits: https://github.com/kubernetes/kubernetes/blob/v1.36.0/pkg/kubelet/images/types.go and kuberuntime. */
const WAITING: Readonly<Record<string, StartFailure>> = {
  ErrImagePull: imagePullTrouble,
  ImagePullBackOff: imagePullTrouble,
  ImageInspectError: imagePullTrouble,
  RegistryUnavailable: imagePullTrouble,
  SignatureValidationFailed: imagePullTrouble,
  InvalidImageName: container =>
    trouble(container, {
      words: 'has an invalid image name',
      remedy: 'correct its image name',
      certainAfter: 0,
      field: 'image',
    }),
  ErrImageNeverPull: container =>
    trouble(container, {
      words: 'needs an image that is not on the node, and its imagePullPolicy forbids pulling it',
      remedy: 'change its imagePullPolicy, or load the image onto the nodes',
      certainAfter: 0,
      field: 'image',
    }),
  CreateContainerConfigError: configTrouble,
  CreateContainerError: commandTrouble,
  RunContainerError: commandTrouble,
};

/** Troubles of a container that never runs. */
export function startTroubles(container: ContainerView): readonly Trouble[] {
  const failure = WAITING[container.waiting?.reason ?? ''];
  if (failure !== undefined) return [failure(container)];
  return neverStarted(container) ? [commandTrouble(container)] : [];
}

/** A command that is not in the image, which is reported as the end of a run that never began. */
function neverStarted(container: ContainerView): boolean {
  const ended = container.terminated ?? (container.running ? undefined : container.lastTerminated);
  return /^(StartError|ContainerCannotRun)$/.test(textAt(ended ?? {}, 'reason') ?? '');
}

function commandTrouble(container: ContainerView): Trouble {
  const ended = container.terminated ?? container.lastTerminated;
  const said = container.waiting?.reason === 'CrashLoopBackOff' ? '' : (container.waiting?.message ?? '');
  const message = said || (textAt(ended ?? {}, 'message') ?? '');
  if (NO_SUCH_COMMAND.test(message))
    return trouble(container, {
      words: 'has a command that cannot be run',
      remedy: 'correct its command, or add it to the image',
      certainAfter: 0,
      field: 'command',
      message,
    });
  if (isMemoryTooLow(message))
    return trouble(container, {
      words: 'cannot be started',
      remedy: RAISE_MEMORY,
      certainAfter: 0,
      field: 'resources',
      message,
    });
  const remedy = 'see what the container runtime says';
  return trouble(container, {
    words: 'cannot be started',
    remedy,
    certainAfter: CONTAINER_NOT_CREATED,
    message,
  });
}

function configTrouble(container: ContainerView): Trouble {
  const known = configFailure(container.waiting?.message ?? '');
  return trouble(container, {
    words: 'cannot be configured',
    remedy: known?.remedy ?? 'correct its environment or security context',
    certainAfter: known?.certainAfter ?? CONTAINER_NOT_CREATED,
    field: 'env',
  });
}

interface StartTrouble extends Pick<Trouble, 'certainAfter'>, Pick<Culprit, 'field'> {
  /** The text after the container's name. */
  readonly words: string;
  readonly remedy: string;
  /** The runtime's message, where it is not the one in the container's waiting state. */
  readonly message?: string;
}

function trouble(container: ContainerView, found: StartTrouble): Trouble {
  const { words, remedy, certainAfter, field, message = container.waiting?.message ?? '' } = found;
  const said = oneLine(message);
  return {
    key: `${container.key}/start`,
    reason: container.waiting?.reason || (textAt(container.terminated ?? {}, 'reason') ?? 'StartError'),
    message: `${container.title} ${words}${said === '' ? '' : `: ${said}`}`,
    remedy,
    certainAfter,
    culprit: { ...container.culprit, ...defined({ field }) },
  };
}
