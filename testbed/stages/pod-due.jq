# When a pod on a fake node takes its next step: a duration such as "0.3s"; nothing for a pod that rests. pod-status.tpl decides what the step is.

def seconds_at: sub("\\.[0-9]+"; "") | fromdate;

def env_of($name): [.env[]? | select(.name == $name) | .value | select(. != null)] | last;

. as $pod
| ($pod.metadata.annotations // {}) as $notes
| ($pod.spec.restartPolicy // "Always") as $policy

| def behaviour($init):
    env_of("SLIPWAY_TESTBED_FAIL") // (if $init then null else $notes["testbed.slipway.dev/behaviour"] end) // "ready";

  def crashes($init): behaviour($init) | . == "crash-loop" or . == "oom-killed";

  def runs_to_an_end($init): if $init then .restartPolicy != "Always" else $policy != "Always" end;

  def ends($init): crashes($init) or (behaviour($init) != "never-ready" and runs_to_an_end($init));

  def delay($init):
    (env_of("SLIPWAY_TESTBED_DELAY") // (if $init then null else $notes["testbed.slipway.dev/delay"] end)) as $given
    | if $given != null then ($given | tonumber)
      elif behaviour($init) == "slow" then 10
      elif ends($init) then 1
      else 0 end;

  def restarts($init; $exit):
    if $init then .restartPolicy == "Always" or ($exit != 0 and $policy != "Never")
    else $policy == "Always" or ($policy == "OnFailure" and $exit != 0) end;

  # The kubelet's back-off: 10 s, doubled by every restart, at most 5 min.
  def back_off($count): [10 * pow(2; $count - 1), 300] | min;

  def due($status; $init; $turn):
    if $status.state.waiting then
      $status.state.waiting.reason as $reason
      | if $reason == "ErrImagePull" then 1
        elif $reason == "CrashLoopBackOff" then ($status.lastState.terminated.finishedAt | seconds_at) + back_off($status.restartCount) - now
        elif ($reason == "ContainerCreating" or $reason == "PodInitializing") and $turn then 0.2
        else empty end
    elif $status.state.running then
      if ends($init) or (($status.ready | not) and behaviour($init) != "never-ready")
      then ($status.state.running.startedAt | seconds_at) + delay($init) - now
      else empty end
    elif restarts($init; $status.state.terminated.exitCode) then 0.5
    else empty end;

  def has_begun($status): ($status.state.terminated.exitCode? == 0) or (.restartPolicy == "Always" and $status.started);

  ($pod.status.initContainerStatuses // []) as $first
  | ($pod.status.containerStatuses // []) as $rest
  | [
      if $pod.status.hostIP == null then 0.1
      else
        ( range($first | length) as $i
          | ([range($i) as $before | $pod.spec.initContainers[$before] | has_begun($first[$before])] | all) as $turn
          | $pod.spec.initContainers[$i] | due($first[$i]; true; $turn) ),
        ( ([range($first | length) as $i | $pod.spec.initContainers[$i] | has_begun($first[$i])] | all) as $turn
          | range($rest | length) as $i
          | $pod.spec.containers[$i] | due($rest[$i]; false; $turn) )
      end
    ]
  | min
  | if . == null then empty else ([., 0.2] | max | "\(.)s") end
