// Command policies makes the pods of the testbed's node keep to NetworkPolicies, with the rules and the queue of kube-network-policies, which is of
// Kubernetes' own network group. It says "ready" once it does, and ends with SIGTERM.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"

	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
	"sigs.k8s.io/kube-network-policies/pkg/networkpolicy"
)

const (
	prefix   = "slipway-"
	patience = 20 * time.Second
	poll     = 20 * time.Millisecond
	queues   = "/proc/net/netfilter/nfnetlink_queue"
	bridged  = "/proc/sys/net/bridge/bridge-nf-call-iptables"
	// The queues of other programs begin at 0 or at 100.
	firstQueue = 20000
)

func main() {
	if len(os.Args) != 4 {
		fail(fmt.Errorf("usage: policies <kubeconfig> <node> <bridge>"))
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	if err := run(ctx, os.Args[1], os.Args[2], os.Args[3]); err != nil {
		fail(err)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

func run(ctx context.Context, kubeconfig, node, bridge string) error {
	number, err := strconv.Atoi(strings.TrimPrefix(bridge, prefix))
	if err != nil {
		return fmt.Errorf("%s is not a bridge of the testbed", bridge)
	}
	if err := seesBridges(); err != nil {
		return err
	}
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		return err
	}
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	queue := firstQueue + number
	all := informers.NewSharedInformerFactory(client, 0)
	// Without NRI its controller takes a packet of an address that is not a pod's for a reason to crash; where nothing answers it does without.
	controller, err := networkpolicy.NewController(client, all.Networking().V1().NetworkPolicies(), all.Core().V1().Namespaces(), all.Core().V1().Pods(),
		nil, nil, nil, nil, networkpolicy.Config{QueueID: queue, NodeName: node, NFTableName: fmt.Sprintf("%s%d", prefix, number)})
	if err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- controller.Run(ctx) }()
	all.Start(ctx.Done())
	if err := waitForQueue(queue, ended); err != nil {
		return err
	}
	rules, err := divert(bridge, uint16(queue))
	if err != nil {
		return fmt.Errorf("the rules of the kernel cannot be added: %w", err)
	}
	defer rules.CloseLasting()
	fmt.Println("ready")
	return <-ended
}

// seesBridges is about pods of one node: what goes from one to another passes the bridge only.
func seesBridges() error {
	value, err := os.ReadFile(bridged)
	if err != nil || strings.TrimSpace(string(value)) != "1" {
		return fmt.Errorf("packets on a bridge do not pass the rules of the kernel: %s is not 1", bridged)
	}
	return nil
}

func waitForQueue(queue int, ended <-chan error) error {
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(poll) {
		select {
		case err := <-ended:
			return fmt.Errorf("it ended before its queue was there: %w", err)
		default:
		}
		text, err := os.ReadFile(queues)
		if err != nil {
			return fmt.Errorf("this kernel has no queues for packets: %w", err)
		}
		for _, line := range strings.Split(string(text), "\n") {
			if fields := strings.Fields(line); len(fields) > 0 && fields[0] == strconv.Itoa(queue) {
				return nil
			}
		}
	}
	return fmt.Errorf("its queue was not there after %s", patience)
}
