// Command kubelet is Kubernetes' node agent, of the control plane's version.
package main

import (
	"context"
	"os"

	"github.com/spf13/cobra"
	"k8s.io/component-base/cli"
	kubelet "k8s.io/kubernetes/cmd/kubelet/app"
)

func main() {
	// Kubernetes 1.33 makes the command without a context.
	switch command := any(kubelet.NewKubeletCommand).(type) {
	case func(context.Context) *cobra.Command:
		os.Exit(cli.Run(command(context.Background())))
	case func() *cobra.Command:
		os.Exit(cli.Run(command()))
	}
}
