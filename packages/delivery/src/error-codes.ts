import type { ErrorEntry } from '@slipway/core';

export type DeliveryErrorCode =
  | 'destination-unclear'
  | 'destinations-mixed'
  | 'digest-differs'
  | 'tree-foreign'
  | 'seal-misplaced'
  | 'not-promoted'
  | 'not-soaked'
  | 'wave-not-passed'
  | 'wave-unknown'
  | 'stored-hold-unknown'
  | 'config-differs'
  | 'config-not-passed'
  | 'config-older'
  | 'recovery-refused'
  | 'recovery-not-empty'
  | 'reason-missing'
  | 'plan-elsewhere'
  | 'plan-outdated'
  | 'plan-exceeded'
  | 'plan-unknown'
  | 'registry-differs'
  | 'release-unknown'
  | 'nothing-to-deploy'
  | 'steps-unattended'
  | 'confirmation-missing'
  | 'hold-over'
  | 'spawn-closed'
  | 'spawn-of-fork'
  | 'spawn-unfenced'
  | 'spawn-state-unknown'
  | 'sweep-too-many'
  | 'spawn-renewed'
  | 'spawn-left'
  | 'spawn-endless'
  | 'spawn-room-missing'
  | 'spawn-form'
  | 'spawn-unsplit'
  | 'fence-missing'
  | 'fence-unknown'
  | 'room-not-ready'
  | 'room-unfurnished'
  | 'room-of-head'
  | 'room-repository-unknown'
  | 'hold-too-long';

export const deliveryErrors: Readonly<Record<DeliveryErrorCode, ErrorEntry>> = {
  'destination-unclear': {
    symptom: 'destination',
    example: 'more than one destination of the rendered tree fits "*/*"',
    cause: 'The rendered tree has several destinations, or not the one that the inputs name.',
    remedy:
      'Set `formation` and `destination`. To list, roll back or remove what was taken out of the checkout, also set `namespace` to the one that it had.',
  },
  'destinations-mixed': {
    symptom: 'destination',
    example:
      'destinations of formation "production" have different environments: "prod-eu" (eu), "prod-us" (us)',
    cause:
      'One step works on several destinations only if one job may: they are of one wave, and have the same environment of GitHub or none, so that its secrets, reviewers and branch rules are those of all of them.',
    remedy:
      'Run a job for each environment and each wave, the later waves after the earlier, as the generated workflows do.',
  },
  'spawn-of-fork': {
    symptom: 'tree',
    example: 'pull request 7 is from a fork, and a fork never has an instance',
    cause:
      'The branch of the pull request is in another repository, so that people without any right to this one could run their code in the cluster.',
    remedy:
      'Have no instance for it. Whoever trusts the change can push its branch to this repository and open a pull request from there.',
  },
  'spawn-closed': {
    symptom: 'tree',
    example: 'pull request 7 is closed, so it has no instance',
    cause:
      'The pull request was closed or merged, perhaps while this run was on its way. What it has written by then is removed by the workflow that runs when pull requests are closed, or by the next sweep.',
    remedy: 'Nothing, or open the pull request again.',
  },
  'spawn-state-unknown': {
    symptom: 'github',
    example: 'whether pull request 7 is open is not known: the step has no token for GitHub',
    cause:
      'GitHub did not say plainly that the pull request is open and not from a fork: it did not answer, the token may not read pull requests, or the address leads elsewhere. Nothing is written then.',
    remedy: 'Give the job `pull-requests: read` and the step its `token`, and run it again.',
  },
  'spawn-unfenced': {
    symptom: 'destination',
    example: 'the namespace "shop-previews" of the instances lacks a ResourceQuota',
    cause:
      'Instances run code that no one has reviewed, so that their namespace must have a quota, limits, a policy for egress and a level of Pod Security. Something of that is missing.',
    remedy:
      'Let an administrator add it: [Spawned environments](spawned.md#the-namespace) has all four. `fence: none` with a `fence-reason` in the `spawn` block does without.',
  },
  'spawn-renewed': {
    symptom: 'lock',
    example: 'the instance "preview-7" was deployed again meanwhile, so this run removes nothing of it',
    cause:
      'Between the decision to remove an instance and the lock, another run deployed it again, as after a new push, or removed it.',
    remedy: 'Nothing: the next sweep looks at it again.',
  },
  'spawn-left': {
    symptom: 'destination',
    example:
      'ConfigMap shop-previews/pr-7-settings of the instance "preview-7" was not deleted, for the reason in the log, so that the instance keeps its room',
    cause:
      'An object of the instance existed before it was deployed, or someone removed its label, so that it is not known whether it may be deleted.',
    remedy: 'Delete it by hand if no one needs it. The next sweep removes the rest.',
  },
  'spawn-endless': {
    symptom: 'lock',
    example:
      'the Lease of the instance "preview-7" says that it stays until 2099-01-01T00:00:00.000Z, and no instance stays longer than 168h',
    cause:
      'The Lease that says until when an instance stays was changed by hand: no deploy writes such an end. It is removed once its pull request is closed, and else keeps its room.',
    remedy:
      'Find out who changed it. Deploy the instance again, which sets its end, or remove it with `mode: destroy`.',
  },
  'spawn-room-missing': {
    symptom: 'lock',
    example:
      'the instance "preview-7" in namespace "shop-previews" has releases, and no Lease says for whom it is or until when',
    cause:
      'The Lease that an instance begins and ends with was deleted by hand. A sweep never removes what it does not know the end of.',
    remedy: 'Remove the instance with the inputs in the message, or deploy it again.',
  },
  'spawn-form': {
    symptom: 'input',
    example:
      'the formation "preview" has the form "shared", whose instances are in a namespace that exists, so there is no room to make',
    cause: '`mode: room` makes the namespace of an instance, and only `form: create` has one for each.',
    remedy: 'Leave the step out, or write `form: create` into the `spawn` block.',
  },
  'spawn-unsplit': {
    symptom: 'destination',
    example:
      'this login may create namespaces in the whole cluster, and an instance is deployed by one that makes no namespaces',
    cause:
      "The workflow that deploys an instance is the author's own, so that its login must not make namespaces, give them away, or change the RoleBinding, NetworkPolicy, quota or LimitRange of its own.",
    remedy:
      'Give that environment a kubeconfig of the tenant of examples/roles/spawner.yaml with no other rights, and the one of the room keeper to the environment of preview-room.yml only.',
  },
  'fence-missing': {
    symptom: 'destination',
    example: 'the fence is not there: the cluster would let this login create the namespace "not-shop-pr-7"',
    cause:
      'Before the room keeper makes anything it asks, by dry runs, for what its admission policy must refuse, and the cluster would have done it. Then it could do so in any namespace. Before an instance is deployed, its login asks the same of the second policy, which keeps instances from hosts, addresses, annotations and priorities of others.',
    remedy:
      'Apply examples/roles/spawner.yaml with the values of this formation, and make sure that `keeper` in its ConfigMap is the user name of the room keeper, and that `application` and `formation` are those of the instance.',
  },
  'fence-unknown': {
    symptom: 'destination',
    example:
      'whether the fence is there is not known: asked to create the namespace "not-shop-pr-7", the cluster answered neither yes nor no: creating Namespace not-shop-pr-7: HTTP status 500',
    cause:
      'The dry runs that prove the fence of the room keeper, or that of the tenant, were answered by something else than an admission policy: the login lacks a right, or the cluster has a fault.',
    remedy: 'Correct what the message says, and run the job again. Nothing was made or deployed.',
  },
  'room-not-ready': {
    symptom: 'lock',
    example:
      'the namespace "shop-pr-7" of the instance was not ready in time: it does not exist, or it is not given to this login',
    cause:
      'With `form: create` the room keeper makes the namespace of an instance, in a workflow of its own, and deploy waits for it as long as `lock-timeout` says. It was not made, or lacks something.',
    remedy:
      'Look at the run of preview-room.yml for the same push. Where there is no room it says so, and who has it.',
  },
  'room-unfurnished': {
    symptom: 'destination',
    example:
      'the namespace "shop-pr-7" of the instance stays without a part of its fence: the cluster refused its ResourceQuota: creating ResourceQuota slipway-room: HTTP status 422',
    cause:
      'The ConfigMap of examples/roles/spawner.yaml says what the fence allows, and the `spawn` block what an instance gets. They differ in a quota or in the tenant, or the room keeper lacks a right.',
    remedy:
      'Make both agree, and run the job again, which goes on with that namespace. `mode: destroy` removes it. [Spawned environments](spawned.md#the-fence) says what must agree.',
  },
  'room-of-head': {
    symptom: 'input',
    example: 'the checkout is the head of pull request 7, and rooms are made by the files of its base',
    cause:
      'The room keeper has rights that the author of a pull request must not have, so that it reads nothing that the author wrote.',
    remedy: 'Check out no other `ref` in the job with `mode: room`; on `pull_request_target` it is the base.',
  },
  'room-repository-unknown': {
    symptom: 'github',
    example:
      'the number of the repository "acme/shop" is not known, which the namespace of an instance carries',
    cause: 'GitHub did not say the number by which the fence tells this repository from others.',
    remedy: 'Give the step its `token`, and run it again.',
  },
  'sweep-too-many': {
    symptom: 'destination',
    example:
      'the sweep would remove 9 of 12 instances of "shop/preview", and by itself it removes 5 at most: preview-1 (pull request 1 is closed)',
    cause:
      'A sweep removes a third of the instances at most, but five at least, so that a mistake does not remove all of them.',
    remedy: 'Check the list, and set `confirm` to the name in the message.',
  },
  'digest-differs': {
    symptom: 'tree',
    example: 'the manifests do not have the digest that was given',
    cause:
      'The input `digest` belongs to another rendering. This is the guard that only what was checked is deployed.',
    remedy: 'Render again, and take `digest` and `manifests` from the same run.',
  },
  'tree-foreign': {
    symptom: 'tree',
    example:
      'the rendered tree is of "shop" in the namespace "shop", which the files of this checkout do not have',
    cause:
      'The rendered tree belongs to another application, formation, destination or namespace than the files of this checkout, or it has lost its rendered.json.',
    remedy: 'Check out the commit that was rendered, and pass on the whole folder that render-stencil wrote.',
  },
  'seal-misplaced': {
    symptom: 'tree',
    example: 'secret.db.password would be written to "/data/password" of ConfigMap shop/settings',
    cause:
      'According to rendered.json, a secret would go to something other than a Secret in the namespace of the destination. Since render-stencil does not write that, the file was changed.',
    remedy: 'Render again.',
  },
  'not-promoted': {
    symptom: 'tree',
    example: 'the snapshot "v2" has not succeeded at eu',
    cause:
      'The formation has `promoted-from`, and this snapshot has not succeeded at all destinations of that formation.',
    remedy: 'Deploy it there and verify it first.',
  },
  'not-soaked': {
    symptom: 'tree',
    example: 'the snapshot "v2" passed at staging/eu 12 min 3 s ago, and the soak of "production" is 2h',
    cause:
      'The formation has `soak`: that long ago a snapshot must have passed at each destination of `promoted-from`. It counts from the time of the verdict, by the clock of the runner that verified, to now, by the clock of the one that deploys.',
    remedy:
      'Deploy after the time in the message. For a fix that cannot wait, change `soak` of the formation, in a pull request.',
  },
  'wave-not-passed': {
    symptom: 'tree',
    example: 'the snapshot "v2" has not succeeded at production/eu, in the wave before that of production/us',
    cause:
      'The formation has `waves`, and a later wave begins when every destination of the wave before has passed the same snapshot. deploy looks that up itself, so that no order of jobs is needed for it.',
    remedy:
      'Deploy and verify it in the wave before first. If that failed, the destinations differ: the message says where to roll back.',
  },
  'wave-unknown': {
    symptom: 'tree',
    example:
      'it is not known whether the snapshot "v2" has succeeded in the wave before that of production/us: the registry "ghcr.io" refuses access',
    cause:
      'The verdicts of the wave before are in the registry, which did not answer or refused to. That is not taken for a success.',
    remedy: 'Log the job in to the registry, with the right to pull, and deploy again.',
  },
  'stored-hold-unknown': {
    symptom: 'lock',
    example:
      'it is not known whether production/eu is held: its cluster has no release, and the registry does not say: the registry "ghcr.io" refuses access',
    cause:
      'The cluster has no release of the formation, so it may be a new one in place of one that was lost, and the registry keeps the [hold](holds.md) for that. What is not known is not taken for "not held".',
    remedy: 'Log the job in to the registry, with the right to pull, and deploy again.',
  },
  'config-differs': {
    symptom: 'promotion',
    example:
      'the rendered tree says that its stencils and config are of the commit "a1b2", but input "config-revision" is "b2c3"',
    cause:
      'The input `config-revision` belongs to another rendering. The commit is noted with the release and its verdict, by which a later promotion finds the stencils and config, so that a tree may not claim just any.',
    remedy: 'Render again, and take `config-revision`, `digest` and `manifests` from the same run.',
  },
  'config-not-passed': {
    symptom: 'promotion',
    example:
      'the manifests were rendered from the commit a1b2c3d4e5f6, but "v1" passed in "staging" with the commit b2c3d4e5f6a1',
    cause:
      'The formation has `promoted-from`, so that it gets images, stencils and config as they passed. The tree has other ones: it was rendered before the snapshot passed there, or with `config: head`, or from another checkout.',
    remedy:
      'Render the snapshot again in a job after it passed. To deploy the stencils and config of the checkout on purpose, set `config: head` for render-stencil and deploy, with a reason.',
  },
  'config-older': {
    symptom: 'promotion',
    example:
      'release 7, which is live, has the stencils and config of a1b2c3d4e5f6, which the commit b2c3d4e5f6a1 that passed does not contain: this takes back 1 commit (a1b2c3d4e5f6 "Move the database"), with config/shop.yaml:6',
    cause:
      'What is live was rendered from a commit that the one that is promoted does not have before it, as after a change that was deployed with `config: head` in an incident; or with such a commit of a second checkout, as of a shared folder. The promotion would undo that change.',
    remedy:
      'Bring the change to the formation that this one is promoted from, verify it there, and promote the result: images whose sources did not change are reused. Or set `config: head`, or `allow-older-config: true`, each with a `reason`.',
  },
  'plan-outdated': {
    symptom: 'tree',
    example:
      'the plan that was approved is from when release 3 was the newest, but release 4 is the newest by now',
    cause:
      'Something else was deployed between the plan and the job behind the approval, so that what was approved is not what would change. A plan without the cluster knows a release only once verify-rollout has written its verdict to the registry: a run that was cut off before that leaves one that no plan knows. A plan that the registry did not answer has the release 0, as one without any. Where there is no release, the formation was removed, or the kubeconfig leads to another cluster and `strict-plan` is set or the registry does not confirm the planned release.',
    remedy:
      'Plan again, and have that approved; in another cluster, deploy without `strict-plan`. If the newest release has no verdict, deploy its snapshot once more or run its job again first, which goes on with it, or roll back.',
  },
  'plan-elsewhere': {
    symptom: 'tree',
    example: 'the plan that was approved is of "production/eu", but this would be deployed to "staging/main"',
    cause:
      '`planned-from` has the release of another formation or destination than the manifests are for. Each has numbers of its own, so that the same number would say nothing.',
    remedy:
      'Give the inputs `formation` and `destination`, and the output `planned-from` of a plan of that destination.',
  },
  'plan-exceeded': {
    symptom: 'tree',
    example:
      'Deployment shop/api would change in /spec/replicas (4 -> 2), which the plan that was approved does not have',
    cause:
      'With `strict-plan`, the release may change only what the plan without the cluster shows. The comparison with the cluster has more: someone changed an object there, a secret has another value, or a default or another tool changes a field.',
    remedy:
      'Undo in the cluster what was changed there, or deploy without `strict-plan`: the log says first what is beyond the plan.',
  },
  'plan-unknown': {
    symptom: 'tree',
    example:
      'what this does beyond the plan that was approved is not known, and "strict-plan" is "true": the registry knows nothing of plain manifests',
    cause:
      'With `strict-plan`, the job behind the approval makes the plan without the cluster again, and could not: the registry does not answer, it names another release than `planned-from`, or what was live cannot be rendered.',
    remedy: 'Fix what the message says and plan again, or deploy without `strict-plan`.',
  },
  'recovery-refused': {
    symptom: 'destination',
    example: '"production/eu" is not recovered: the registry has no verdict on a release there',
    cause:
      '`mode: recover` brings back what last passed at a destination, and nothing that may be something else: the formation is held or was removed, its verdicts do not say which release that was, its run set values, the commit is not in the history of the checkout, or what is rendered from it has another digest. [Recovering](recovering.md) lists it all.',
    remedy: 'Settle what the message says and start again, or release to it in the usual way.',
  },
  'recovery-not-empty': {
    symptom: 'destination',
    example: 'the cluster has release 4 of "production/eu", so it is not one that was lost',
    cause:
      '`mode: recover` is for a cluster that has no release of the formation, or one of the same tree, as a run leaves that was cut off.',
    remedy: 'Check where the kubeconfig leads. What runs there is changed by a release or a rollback.',
  },
  'reason-missing': {
    symptom: 'promotion',
    example: 'input "config" is "head", and nothing says why',
    cause:
      'What did not pass where it should have is deployed only with a reason, which is kept with the release.',
    remedy: 'Set `reason`.',
  },
  'registry-differs': {
    symptom: 'tree',
    example:
      'the snapshot "v1" was built for "ghcr.io/acme/shop", but the application uses "registry.acme.io/shop"',
    cause: 'The snapshot was built for another registry than `spec.registry` of slipway.yaml.',
    remedy: 'Build again, or set the input `registry` as in build-retag.',
  },
  'nothing-to-deploy': {
    symptom: 'tree',
    example: 'the manifests of shop/production have no objects',
    cause:
      'The rendered tree or the plain manifests contain no object. Slipway does not take that for the wish to remove everything that the formation has.',
    remedy: 'Check what was rendered. To remove everything, use `mode: destroy`.',
  },
  'steps-unattended': {
    symptom: 'tree',
    example:
      'step 2 outlasts attend (it bakes for 40m, and a run stays for 20m), so that the release would wait for time, and no active workflow with a schedule looks at it again',
    cause:
      'A step lasts for longer than a run stays, and nothing in the cluster acts by itself: without a look that comes on a schedule the new version would keep its share of the users until someone remembers it.',
    remedy:
      'Write progress.yml with `slipway workflows`, bring it to the default branch, and enable it if GitHub has disabled it; or raise `attend`.',
  },
  'release-unknown': {
    symptom: 'destination',
    example: 'no kept release of shop/production has the number or deployment tag "v0"',
    cause: 'The input `to` names a release that is not kept.',
    remedy: 'List the kept ones with `mode: releases`.',
  },
  'confirmation-missing': {
    symptom: 'destination',
    example: 'removing "shop/preview" was not confirmed',
    cause:
      '`mode: destroy` removes all objects of a formation, and `mode: forget` what a rollback would need, so its full name has to be given a second time.',
    remedy: 'Set `confirm` to the name in the message.',
  },
  'hold-over': {
    symptom: 'lock',
    example: 'the hold would have ended at 2026-11-30T09:00:00.000Z, which is over',
    cause: 'The input `hold-until` names a time in the past, so that nothing would be held.',
    remedy:
      'Give a later time, or a duration such as `8h`, or leave `hold-until` out to hold until someone lifts it.',
  },
  'hold-too-long': {
    symptom: 'lock',
    example: 'the hold would end at 9999-12-01T09:00:00.000Z, which is more than ten years from now',
    cause: 'The input `hold-until` names a time that is more than ten years away, as after a typing error.',
    remedy: 'Give an earlier time, or leave `hold-until` out to hold until someone lifts it.',
  },
};
