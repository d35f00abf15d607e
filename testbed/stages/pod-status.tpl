{{- /*
What a pod on a fake node looks like after its next step; pod-due.jq decides when. Each template works on a dict and leaves its answer in it, because
templates return no values.

"wanted" reads what the pod asks to be played. It takes pod, container, init; it leaves behaviour, crashes, ends, delay, message.
*/ -}}
{{- define "wanted" -}}
  {{- $notes := .pod.metadata.annotations | default dict -}}
  {{- $behaviour := "" -}}{{- $delay := "" -}}{{- $message := "" -}}
  {{- if not .init -}}
    {{- $behaviour = get $notes "testbed.slipway.dev/behaviour" -}}
    {{- $delay = get $notes "testbed.slipway.dev/delay" -}}
    {{- $message = get $notes "testbed.slipway.dev/message" -}}
  {{- end -}}
  {{- range .container.env -}}
    {{- if and .value (eq .name "SLIPWAY_TESTBED_FAIL") -}}{{- $behaviour = .value -}}{{- end -}}
    {{- if and .value (eq .name "SLIPWAY_TESTBED_DELAY") -}}{{- $delay = .value -}}{{- end -}}
    {{- if and .value (eq .name "SLIPWAY_TESTBED_MESSAGE") -}}{{- $message = .value -}}{{- end -}}
  {{- end -}}
  {{- $behaviour = $behaviour | default "ready" -}}
  {{- $crashes := or (eq $behaviour "crash-loop") (eq $behaviour "oom-killed") -}}
  {{- $policy := ternary .container.restartPolicy .pod.spec.restartPolicy .init -}}
  {{- $ends := or $crashes (and (ne (toString $policy) "Always") (ne $behaviour "never-ready")) -}}
  {{- if not $delay -}}
    {{- $delay = ternary "10" (ternary "1" "0" $ends) (eq $behaviour "slow") -}}
  {{- end -}}
  {{- $_ := set . "behaviour" $behaviour -}}{{- $_ := set . "crashes" $crashes -}}{{- $_ := set . "ends" $ends -}}
  {{- $_ := set . "delay" (atoi $delay) -}}{{- $_ := set . "message" $message -}}
{{- end -}}

{{- /* "since" takes time; it leaves seconds, rounded as the API server rounds times. */ -}}
{{- define "since" -}}
  {{- $now := now | unixEpoch | atoi -}}
  {{- $then := toDate "2006-01-02T15:04:05Z07:00" .time | unixEpoch | atoi -}}
  {{- $_ := set . "seconds" (sub $now $then) -}}
{{- end -}}

{{- /* "wait" makes next a container that waits. It takes next, reason, text. */ -}}
{{- define "wait" -}}
  {{- $waiting := dict "reason" .reason -}}
  {{- if .text -}}{{- $_ := set $waiting "message" .text -}}{{- end -}}
  {{- $_ := set .next "state" (dict "waiting" $waiting) -}}
  {{- $_ := set .next "ready" false -}}{{- $_ := set .next "started" false -}}
{{- end -}}

{{- /* "start" makes next a container that has just been started, or that cannot be. It takes what "wanted" left, and next. */ -}}
{{- define "start" -}}
  {{- $image := .container.image -}}
  {{- if eq .behaviour "image-pull" -}}
    {{- template "wait" (dict "next" .next "reason" "ErrImagePull" "text" (.message | default (printf "failed to pull and unpack image %q: failed to resolve reference %q: %s: not found" $image $image $image))) -}}
  {{- else if eq .behaviour "config-error" -}}
    {{- template "wait" (dict "next" .next "reason" "CreateContainerConfigError" "text" (.message | default (printf "configmap %q not found" .container.name))) -}}
  {{- else if not (has .behaviour (list "ready" "slow" "never-ready" "crash-loop" "oom-killed")) -}}
    {{- template "wait" (dict "next" .next "reason" "CreateContainerError" "text" (printf "the testbed does not know the behaviour %q: ready, slow, never-ready, crash-loop, oom-killed, image-pull, config-error" .behaviour)) -}}
  {{- else -}}
    {{- $probed := or .container.readinessProbe .container.startupProbe -}}
    {{- $_ := set .next "state" (dict "running" (dict "startedAt" Now)) -}}
    {{- $_ := set .next "started" (not .container.startupProbe) -}}
    {{- $_ := set .next "ready" (and (not $probed) (not (and .init .ends)) (has .behaviour (list "ready" "crash-loop" "oom-killed"))) -}}
    {{- $_ := set .next "containerID" (printf "containerd://%s" (printf "%s/%s/%v" .pod.metadata.uid .container.name .next.restartCount | sha256sum)) -}}
    {{- $_ := set .next "imageID" (ternary $image (printf "%s@sha256:%s" $image (sha256sum $image)) (contains "@" $image)) -}}
  {{- end -}}
{{- end -}}

{{- /* "end" makes next a container that has ended. It takes what "wanted" left, status, next. */ -}}
{{- define "end" -}}
  {{- $ended := dict "exitCode" 0 "reason" "Completed" -}}
  {{- if eq .behaviour "crash-loop" -}}
    {{- $ended = dict "exitCode" 3 "reason" "Error" "message" (.message | default "cannot start: the application gave up\n") -}}
  {{- else if eq .behaviour "oom-killed" -}}
    {{- $ended = dict "exitCode" 137 "reason" "OOMKilled" -}}
  {{- end -}}
  {{- $_ := set $ended "startedAt" .status.state.running.startedAt -}}
  {{- $_ := set $ended "finishedAt" Now -}}
  {{- $_ := set $ended "containerID" .status.containerID -}}
  {{- $_ := set .next "state" (dict "terminated" $ended) -}}
  {{- $_ := set .next "started" false -}}
  {{- $_ := set .next "ready" (and .init (eq (toString $ended.exitCode) "0")) -}}
{{- end -}}

{{- /* "restart" makes next the container's next life. It takes what "wanted" left, next, last (the life that ended). */ -}}
{{- define "restart" -}}
  {{- $_ := set .next "restartCount" (add1 (atoi (toString .status.restartCount))) -}}
  {{- $_ := set .next "lastState" .last -}}
  {{- template "start" . -}}
{{- end -}}

{{- /* "restarts" leaves whether a container that ended is started again. It takes pod, container, init, status. */ -}}
{{- define "restarts" -}}
  {{- $failed := ne (toString .status.state.terminated.exitCode) "0" -}}
  {{- $policy := .pod.spec.restartPolicy -}}
  {{- if .init -}}
    {{- $_ := set . "restarts" (or (eq (toString .container.restartPolicy) "Always") (and $failed (ne $policy "Never"))) -}}
  {{- else -}}
    {{- $_ := set . "restarts" (or (eq $policy "Always") (and $failed (eq $policy "OnFailure"))) -}}
  {{- end -}}
{{- end -}}

{{- /* "back-off" leaves the kubelet's waiting time before a restart, in seconds. It takes status. */ -}}
{{- define "back-off" -}}
  {{- $seconds := 10 -}}
  {{- range untilStep 1 (int (min 6 (atoi (toString .status.restartCount)))) 1 -}}{{- $seconds = mul $seconds 2 -}}{{- end -}}
  {{- $_ := set . "seconds" (min 300 $seconds) -}}
{{- end -}}

{{- /* "container" leaves in next what a container's status becomes. It takes pod, container, init, turn (whether all before it are done), status. */ -}}
{{- define "container" -}}
  {{- $_ := set . "next" (deepCopy .status) -}}
  {{- template "wanted" . -}}
  {{- if .status.state.waiting -}}
    {{- $reason := .status.state.waiting.reason -}}
    {{- if eq $reason "ErrImagePull" -}}
      {{- template "wait" (dict "next" .next "reason" "ImagePullBackOff" "text" (printf "Back-off pulling image %q: ErrImagePull: %s" .container.image .status.state.waiting.message)) -}}
    {{- else if eq $reason "CrashLoopBackOff" -}}
      {{- $since := dict "time" .status.lastState.terminated.finishedAt -}}{{- template "since" $since -}}
      {{- $wait := dict "status" .status -}}{{- template "back-off" $wait -}}
      {{- if ge $since.seconds $wait.seconds -}}{{- $_ := set . "last" .status.lastState -}}{{- template "restart" . -}}{{- end -}}
    {{- else if and .turn (has $reason (list "ContainerCreating" "PodInitializing")) -}}
      {{- template "start" . -}}
    {{- end -}}
  {{- else if .status.state.running -}}
    {{- $since := dict "time" .status.state.running.startedAt -}}{{- template "since" $since -}}
    {{- if ge (int $since.seconds) (int .delay) -}}
      {{- if .ends -}}
        {{- template "end" . -}}
      {{- else if ne .behaviour "never-ready" -}}
        {{- $_ := set .next "ready" true -}}{{- $_ := set .next "started" true -}}
      {{- end -}}
    {{- end -}}
  {{- else -}}
    {{- template "restarts" . -}}
    {{- if and .restarts (eq (toString .status.restartCount) "0") -}}
      {{- $_ := set . "last" .status.state -}}{{- template "restart" . -}}
    {{- else if .restarts -}}
      {{- $wait := dict "status" .status -}}{{- template "back-off" $wait -}}
      {{- $minutes := div $wait.seconds 60 -}}{{- $seconds := mod $wait.seconds 60 -}}
      {{- $length := ternary (printf "%dm%ds" $minutes $seconds) (printf "%ds" $seconds) (gt $minutes 0) -}}
      {{- $_ := set .next "lastState" .status.state -}}
      {{- template "wait" (dict "next" .next "reason" "CrashLoopBackOff" "text" (printf "back-off %s restarting failed container=%s pod=%s_%s(%s)" $length .container.name .pod.metadata.name .pod.metadata.namespace .pod.metadata.uid)) -}}
    {{- end -}}
  {{- end -}}
{{- end -}}

{{- /* "begun" leaves whether an init container lets the next one start. It takes container, status. */ -}}
{{- define "begun" -}}
  {{- $sidecar := and (eq (toString .container.restartPolicy) "Always") .status.started -}}
  {{- $completed := and .status.state.terminated (eq (toString (dig "state" "terminated" "exitCode" "" .status)) "0") -}}
  {{- $_ := set . "begun" (or $sidecar $completed) -}}
{{- end -}}

{{- /* "first" leaves the statuses of a pod that its node has just accepted. It takes pod. */ -}}
{{- define "first" -}}
  {{- $reason := ternary "PodInitializing" "ContainerCreating" (not (empty .pod.spec.initContainers)) -}}
  {{- $initStatuses := list -}}{{- $statuses := list -}}
  {{- range .pod.spec.initContainers -}}
    {{- $initStatuses = append $initStatuses (dict "name" .name "image" .image "imageID" "" "ready" false "started" false "restartCount" 0 "lastState" dict "state" (dict "waiting" (dict "reason" "PodInitializing"))) -}}
  {{- end -}}
  {{- range .pod.spec.containers -}}
    {{- $statuses = append $statuses (dict "name" .name "image" .image "imageID" "" "ready" false "started" false "restartCount" 0 "lastState" dict "state" (dict "waiting" (dict "reason" $reason))) -}}
  {{- end -}}
  {{- $_ := set . "initStatuses" $initStatuses -}}{{- $_ := set . "statuses" $statuses -}}{{- $_ := set . "initialized" (empty .pod.spec.initContainers) -}}
{{- end -}}

{{- /* "advance" leaves the statuses of a pod one step on. It takes pod. */ -}}
{{- define "advance" -}}
  {{- $root := . -}}{{- $initStatuses := list -}}{{- $statuses := list -}}{{- $turn := true -}}
  {{- range $index, $container := .pod.spec.initContainers -}}
    {{- $work := dict "pod" $root.pod "container" $container "init" true "turn" $turn "status" (index $root.pod.status.initContainerStatuses $index) -}}
    {{- template "container" $work -}}
    {{- $initStatuses = append $initStatuses $work.next -}}
    {{- $done := dict "container" $container "status" $work.status -}}{{- template "begun" $done -}}
    {{- $turn = and $turn $done.begun -}}
  {{- end -}}
  {{- range $index, $container := .pod.spec.containers -}}
    {{- $work := dict "pod" $root.pod "container" $container "init" false "turn" $turn "status" (index $root.pod.status.containerStatuses $index) -}}
    {{- template "container" $work -}}
    {{- $statuses = append $statuses $work.next -}}
  {{- end -}}
  {{- $_ := set . "initStatuses" $initStatuses -}}{{- $_ := set . "statuses" $statuses -}}
  {{- template "initialized" . -}}
{{- end -}}

{{- /* "initialized" leaves whether all init containers are done, and the names of those that are not. It takes pod, initStatuses. */ -}}
{{- define "initialized" -}}
  {{- $root := . -}}{{- $open := list -}}
  {{- range $index, $container := .pod.spec.initContainers -}}
    {{- $done := dict "container" $container "status" (index $root.initStatuses $index) -}}{{- template "begun" $done -}}
    {{- if not $done.begun -}}{{- $open = append $open $container.name -}}{{- end -}}
  {{- end -}}
  {{- $_ := set . "initialized" (empty $open) -}}{{- $_ := set . "open" $open -}}
{{- end -}}

{{- /* "phase" leaves the pod's phase by the kubelet's rules. It takes pod, initStatuses, statuses, initialized.
https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/kubelet/kubelet_pods.go (getPhase) */ -}}
{{- define "phase" -}}
  {{- $waiting := 0 -}}{{- $running := 0 -}}{{- $failed := 0 -}}{{- $policy := .pod.spec.restartPolicy -}}{{- $phase := "" -}}
  {{- range .statuses -}}
    {{- if .state.running -}}{{- $running = add1 $running -}}
    {{- else if .state.terminated -}}{{- if ne (toString .state.terminated.exitCode) "0" -}}{{- $failed = add1 $failed -}}{{- end -}}
    {{- else if .lastState.terminated -}}{{- $failed = add1 $failed -}}
    {{- else -}}{{- $waiting = add1 $waiting -}}{{- end -}}
  {{- end -}}
  {{- $initFailed := false -}}
  {{- range .initStatuses -}}
    {{- if and (eq $policy "Never") .state.terminated (ne (toString (dig "state" "terminated" "exitCode" "0" .)) "0") -}}{{- $initFailed = true -}}{{- end -}}
  {{- end -}}
  {{- if $initFailed -}}{{- $phase = "Failed" -}}
  {{- else if or (not .initialized) (gt (int $waiting) 0) -}}{{- $phase = "Pending" -}}
  {{- else if or (gt (int $running) 0) (eq $policy "Always") -}}{{- $phase = "Running" -}}
  {{- else if eq (int $failed) 0 -}}{{- $phase = "Succeeded" -}}
  {{- else if eq $policy "Never" -}}{{- $phase = "Failed" -}}
  {{- else -}}{{- $phase = "Running" -}}{{- end -}}
  {{- $_ := set . "phase" $phase -}}
{{- end -}}

{{- /* "condition" appends a condition to conditions; its transition time moves only with its status. It takes pod, conditions, type, true, reason, text. */ -}}
{{- define "condition" -}}
  {{- $type := .type -}}{{- $status := ternary "True" "False" .true -}}{{- $since := Now -}}
  {{- range .pod.status.conditions -}}
    {{- if and (eq .type $type) (eq .status $status) -}}{{- $since = .lastTransitionTime -}}{{- end -}}
  {{- end -}}
  {{- $condition := dict "type" $type "status" $status "lastProbeTime" nil "lastTransitionTime" $since "reason" (ternary .reason nil (ne .reason "")) "message" (ternary .text nil (ne .text "")) -}}
  {{- if .pod.metadata.generation -}}{{- $_ := set $condition "observedGeneration" .pod.metadata.generation -}}{{- end -}}
  {{- $_ := set .into "conditions" (append .into.conditions $condition) -}}
{{- end -}}

{{- /* "conditions" leaves the pod's conditions. It takes pod, statuses, initialized, open, phase. */ -}}
{{- define "conditions" -}}
  {{- $unready := list -}}
  {{- range .statuses -}}{{- if not .ready -}}{{- $unready = append $unready .name -}}{{- end -}}{{- end -}}
  {{- $reason := "" -}}{{- $text := "" -}}{{- $initReason := "" -}}{{- $initText := "" -}}
  {{- if eq .phase "Succeeded" -}}{{- $reason = "PodCompleted" -}}{{- $initReason = "PodCompleted" -}}
  {{- else if eq .phase "Failed" -}}{{- $reason = "PodFailed" -}}
  {{- else if $unready -}}{{- $reason = "ContainersNotReady" -}}{{- $text = printf "containers with unready status: [%s]" (join " " $unready) -}}{{- end -}}
  {{- if not .initialized -}}{{- $initReason = "ContainersNotInitialized" -}}{{- $initText = printf "containers with incomplete status: [%s]" (join " " .open) -}}{{- end -}}
  {{- $ready := and (empty $unready) .initialized (eq .phase "Running") -}}
  {{- $_ := set . "conditions" list -}}
  {{- template "condition" (dict "into" . "pod" .pod "type" "PodReadyToStartContainers" "true" (not (has .phase (list "Succeeded" "Failed"))) "reason" "" "text" "") -}}
  {{- template "condition" (dict "into" . "pod" .pod "type" "Initialized" "true" .initialized "reason" $initReason "text" $initText) -}}
  {{- template "condition" (dict "into" . "pod" .pod "type" "Ready" "true" $ready "reason" $reason "text" $text) -}}
  {{- template "condition" (dict "into" . "pod" .pod "type" "ContainersReady" "true" $ready "reason" $reason "text" $text) -}}
{{- end -}}

{{- $work := dict "pod" . "open" list -}}
{{- if .status.hostIP -}}
  {{- template "advance" $work -}}
{{- else -}}
  {{- template "first" $work -}}
  {{- range .spec.initContainers -}}{{- $_ := set $work "open" (append $work.open .name) -}}{{- end -}}
{{- end -}}
{{- template "phase" $work -}}
{{- template "conditions" $work -}}
{{- $status := dict "phase" $work.phase "conditions" $work.conditions "containerStatuses" $work.statuses -}}
{{- if $work.initStatuses -}}{{- $_ := set $status "initContainerStatuses" $work.initStatuses -}}{{- end -}}
{{- if not .status.hostIP -}}
  {{- $hostIP := NodeIPWith .spec.nodeName -}}
  {{- $podIP := PodIPWith .spec.nodeName (or .spec.hostNetwork false) .metadata.uid .metadata.name .metadata.namespace -}}
  {{- $_ := set $status "hostIP" $hostIP -}}{{- $_ := set $status "hostIPs" (list (dict "ip" $hostIP)) -}}
  {{- $_ := set $status "podIP" $podIP -}}{{- $_ := set $status "podIPs" (list (dict "ip" $podIP)) -}}
  {{- $_ := set $status "startTime" Now -}}
{{- end -}}
{{- if .metadata.generation -}}{{- $_ := set $status "observedGeneration" .metadata.generation -}}{{- end -}}
{{- toJson $status -}}
