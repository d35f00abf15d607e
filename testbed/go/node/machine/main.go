// Command machine is the first process of the testbed's node: the machine that containerd and kubelet find themselves on. It is started in mount and
// process namespaces of its own, so that the kernel ends every container and undoes every mount with it, however it ends. What namespaces do not hold,
// a bridge and control groups, `machine sweep` removes afterwards.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/vishvananda/netlink"
)

// plan is what the testbed writes for one node. Paths are absolute.
type plan struct {
	// Owner is the testbed's folder; it is noted at the bridge.
	Owner string `json:"owner"`
	// Data is an empty folder for what containerd and kubelet write; it is kept in memory.
	Data string `json:"data"`
	// Logs is the folder of the log files.
	Logs string `json:"logs"`
	// Bridge is the network interface's name, Address its address with the length of the network, "10.130.4.1/24".
	Bridge  string `json:"bridge"`
	Address string `json:"address"`
	// Cgroup is the name of the control group that holds all pods.
	Cgroup string `json:"cgroup"`
	// Import is a command that needs a running containerd, and Socket says that it runs.
	Socket     string   `json:"socket"`
	Import     []string `json:"import"`
	Containerd []string `json:"containerd"`
	Kubelet    []string `json:"kubelet"`
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 2 {
		return errors.New("usage: machine start|sweep <plan.json>")
	}
	text, err := os.ReadFile(args[1])
	if err != nil {
		return err
	}
	var node plan
	if err := json.Unmarshal(text, &node); err != nil {
		return fmt.Errorf("%s: %w", args[1], err)
	}
	if args[0] == "sweep" {
		return sweep(node)
	}
	return start(node)
}

// sweep goes by the bridge, which is made first and removed last: where it is another testbed's, so are the control groups of that name.
func sweep(node plan) error {
	bridge, err := ownBridge(node.Bridge, node.Owner)
	if err != nil || bridge == nil {
		return err
	}
	return errors.Join(removeCgroups(node.Cgroup), netlink.LinkDel(bridge))
}

func start(node plan) error {
	if err := createBridge(node.Bridge, node.Address, node.Owner); err != nil {
		return err
	}
	if err := createCgroups(node.Cgroup); err != nil {
		return err
	}
	if err := hideHost(node.Data); err != nil {
		return err
	}
	return runPrograms(node)
}
