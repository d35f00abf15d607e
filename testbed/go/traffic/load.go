package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"
)

// One request as it ended.
type outcome struct {
	// Milliseconds since 1970 when it began and when it ended.
	Began int64 `json:"began"`
	Ended int64 `json:"ended"`
	// new, pooled or slow
	Client string `json:"client"`
	// What answered; empty if nothing did.
	Version string `json:"version,omitempty"`
	Error   string `json:"error,omitempty"`
}

// load sends requests until SIGTERM and prints a line of JSON for each: `new` per second on a connection each, `pooled` per second
// on kept connections, and `slow` per second that take five seconds, on a connection each.
func load(args []string) error {
	flags := flag.NewFlagSet("load", flag.ContinueOnError)
	address := flags.String("address", "", "host:port")
	fresh := flags.Int("new", 100, "requests a second, each on its own connection")
	pooled := flags.Int("pooled", 95, "requests a second on kept connections")
	connections := flags.Int("connections", 20, "kept connections")
	slow := flags.Int("slow", 5, "requests a second that take five seconds")
	if err := flags.Parse(args); err != nil {
		return err
	}
	outcomes := make(chan outcome, 4096)
	stop := make(chan struct{})
	var open sync.WaitGroup
	open.Go(func() { single("new", *address, "/", *fresh, outcomes, stop) })
	open.Go(func() { single("slow", *address, "/slow", *slow, outcomes, stop) })
	for number := range *connections {
		every := time.Second * time.Duration(*connections) / time.Duration(*pooled)
		after := every * time.Duration(number) / time.Duration(*connections)
		open.Go(func() { keep(*address, after, every, outcomes, stop) })
	}
	go func() {
		signals := make(chan os.Signal, 1)
		signal.Notify(signals, syscall.SIGTERM)
		<-signals
		close(stop)
		open.Wait()
		close(outcomes)
	}()
	return write(outcomes)
}

func write(outcomes <-chan outcome) error {
	buffered := bufio.NewWriter(os.Stdout)
	lines := json.NewEncoder(buffered)
	for each := range outcomes {
		if err := lines.Encode(each); err != nil {
			return err
		}
	}
	return buffered.Flush()
}

// single sends requests on a connection each, at that rate, however long they take.
func single(client, address, path string, perSecond int, outcomes chan<- outcome, stop <-chan struct{}) {
	var open sync.WaitGroup
	defer open.Wait()
	ticks := time.NewTicker(time.Second / time.Duration(perSecond))
	defer ticks.Stop()
	for {
		select {
		case <-stop:
			return
		case <-ticks.C:
			open.Go(func() {
				connection := &connection{address: address}
				defer connection.close()
				outcomes <- connection.ask(client, path)
			})
		}
	}
}

// keep sends requests on one connection, which is opened again only after it was closed.
func keep(address string, after, every time.Duration, outcomes chan<- outcome, stop <-chan struct{}) {
	time.Sleep(after)
	connection := &connection{address: address}
	defer connection.close()
	ticks := time.NewTicker(every)
	defer ticks.Stop()
	for {
		select {
		case <-stop:
			return
		case <-ticks.C:
			outcomes <- connection.ask("pooled", "/")
		}
	}
}
