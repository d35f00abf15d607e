// Command traffic is a service that answers with its version, and clients of it that never retry: it shows which version users
// reach, and which of their requests fail, while pods come and go.
package main

import (
	"fmt"
	"os"
)

func main() {
	commands := map[string]func([]string) error{"serve": serve, "load": load}
	name := ""
	if len(os.Args) > 1 {
		name = os.Args[1]
	}
	run, known := commands[name]
	if !known {
		fmt.Fprintln(os.Stderr, "usage: traffic serve | load [options]")
		os.Exit(2)
	}
	if err := run(os.Args[2:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
