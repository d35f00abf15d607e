// Command kube-proxy is Kubernetes' way from a Service to its pods, of the control plane's version.
package main

import (
	"os"

	"k8s.io/component-base/cli"
	proxy "k8s.io/kubernetes/cmd/kube-proxy/app"
)

func main() {
	os.Exit(cli.Run(proxy.NewProxyCommand()))
}
