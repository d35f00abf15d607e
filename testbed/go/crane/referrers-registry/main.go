// A registry in memory that has the referrers API, which CNCF's distribution does not: go-containerregistry's own, with the
// switch on that its command line lacks.
package main

import (
	"log"
	"net"
	"net/http"
	"os"

	"github.com/google/go-containerregistry/pkg/registry"
)

// The one argument is the address to listen on.
func main() {
	listener, err := net.Listen("tcp", os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	log.SetOutput(os.Stdout)
	log.Fatal(http.Serve(listener, registry.New(registry.WithReferrersSupport(true))))
}
