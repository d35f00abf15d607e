package main

import (
	"context"
	"flag"
	"fmt"
	"net/http"
	"os/signal"
	"syscall"
	"time"
)

// httpd serves the files of a folder, says "ok" on /healthz, and ends on SIGTERM once the open requests are answered.
func httpd(args []string) error {
	flags := flag.NewFlagSet("httpd", flag.ContinueOnError)
	port := flags.String("p", "8080", "port")
	folder := flags.String("h", ".", "folder to serve")
	flags.Bool("f", true, "accepted for compatibility: it always stays in the foreground")
	if err := flags.Parse(args); err != nil {
		return exitStatus(2)
	}
	routes := http.NewServeMux()
	routes.Handle("/", http.FileServer(http.Dir(*folder)))
	routes.HandleFunc("/healthz", func(answer http.ResponseWriter, _ *http.Request) { fmt.Fprintln(answer, "ok") })
	server := &http.Server{Addr: ":" + *port, Handler: routes, ReadHeaderTimeout: 10 * time.Second}

	stopped, release := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer release()
	closed := make(chan error, 1)
	go func() {
		<-stopped.Done()
		deadline, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		closed <- server.Shutdown(deadline)
	}()
	fmt.Printf("serving %s on port %s\n", *folder, *port)
	if err := server.ListenAndServe(); err != http.ErrServerClosed {
		return err
	}
	return <-closed
}
