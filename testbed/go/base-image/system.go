package main

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"
)

func yes([]string) error { return nil }

func no([]string) error { return exitStatus(1) }

func date([]string) error {
	_, err := fmt.Println(time.Now().UTC().Format(time.RFC3339))
	return err
}

func hostname([]string) error {
	name, err := os.Hostname()
	fmt.Println(name)
	return err
}

func id(args []string) error {
	if len(args) == 1 && args[0] == "-u" {
		_, err := fmt.Println(os.Getuid())
		return err
	}
	_, err := fmt.Printf("uid=%d gid=%d\n", os.Getuid(), os.Getgid())
	return err
}

func uname(args []string) error {
	if len(args) == 1 && args[0] == "-m" {
		_, err := fmt.Println(runtime.GOARCH)
		return err
	}
	_, err := fmt.Println("Linux")
	return err
}

// sleep ends at once on SIGTERM: as a container's first process it would otherwise ignore the signal, and every stop would take the grace period.
func sleep(args []string) error {
	if len(args) != 1 {
		return errors.New("give a time in seconds, or with a unit such as 5m, or infinity")
	}
	length, err := time.ParseDuration(args[0])
	if seconds, number := strconv.ParseFloat(args[0], 64); number == nil {
		length, err = time.Duration(seconds*float64(time.Second)), nil
	}
	if args[0] == "infinity" {
		length, err = 1<<62, nil
	}
	if err != nil {
		return err
	}
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM, syscall.SIGINT)
	select {
	case <-time.After(length):
		return nil
	case <-stop:
		return exitStatus(143)
	}
}

// env prints the environment, or runs a program with more of it.
func env(args []string) error {
	for len(args) > 0 && strings.Contains(args[0], "=") {
		name, value, _ := strings.Cut(args[0], "=")
		os.Setenv(name, value)
		args = args[1:]
	}
	if len(args) == 0 {
		_, err := fmt.Println(strings.Join(os.Environ(), "\n"))
		return err
	}
	path, err := exec.LookPath(args[0])
	if err != nil {
		return err
	}
	return syscall.Exec(path, args, os.Environ())
}

// wget prints what an HTTP address answers; a status of 400 or above is a failure. It serves health checks.
func wget(args []string) error {
	if len(args) == 0 {
		return errors.New("give an address")
	}
	client := http.Client{Timeout: 10 * time.Second}
	answer, err := client.Get(args[len(args)-1])
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode >= 400 {
		return fmt.Errorf("the server answered %s", answer.Status)
	}
	_, err = io.Copy(os.Stdout, answer.Body)
	return err
}
