package main

import (
	"context"
	"flag"
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// The answer of /slow takes as long as this.
const slowAnswer = 5 * time.Second

// serve answers with its version until SIGTERM. Then it answers the open requests and ends, or with --abrupt it ends at once. With
// --crash-after it exits with an error by itself, as a program does that crashes.
func serve(args []string) error {
	flags := flag.NewFlagSet("serve", flag.ContinueOnError)
	version := flags.String("version", "", "what each request is answered with")
	abrupt := flags.Bool("abrupt", false, "end on SIGTERM without answering the open requests")
	crashAfter := flags.Duration("crash-after", 0, "exit with an error after this time; 0 for never")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *crashAfter > 0 {
		time.AfterFunc(*crashAfter, func() { os.Exit(1) })
	}
	server := &http.Server{Addr: ":8080", Handler: routes(*version)}
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM)
	closed := make(chan error, 1)
	go func() {
		<-stop
		if *abrupt {
			os.Exit(0)
		}
		deadline, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		closed <- server.Shutdown(deadline)
	}()
	if err := server.ListenAndServe(); err != http.ErrServerClosed {
		return err
	}
	return <-closed
}

func routes(version string) http.Handler {
	routes := http.NewServeMux()
	routes.HandleFunc("/", func(answer http.ResponseWriter, _ *http.Request) { fmt.Fprintln(answer, version) })
	routes.HandleFunc("/slow", func(answer http.ResponseWriter, _ *http.Request) {
		control := http.NewResponseController(answer)
		for end := time.Now().Add(slowAnswer); time.Now().Before(end); time.Sleep(250 * time.Millisecond) {
			fmt.Fprintln(answer, version)
			_ = control.Flush()
		}
	})
	return routes
}
