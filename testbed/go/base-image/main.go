// Command base-image is every program of the testbed's base image in one static binary: a shell, the few file programs that a Dockerfile needs, and two servers. It
// becomes the program whose name it is called by, so the image holds one file and a link per program. `base-image --list` prints the names.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// program is what runs under one name; its error ends it with status 1, an exitStatus with that status.
type program func(args []string) error

type exitStatus int

func (status exitStatus) Error() string { return fmt.Sprintf("exit status %d", int(status)) }

var programs map[string]program

func init() {
	programs = map[string]program{
		"cat": cat, "chmod": chmod, "cp": cp, "date": date, "echo": echo, "env": env, "false": no, "head": head, "hostname": hostname, "httpd": httpd,
		"id": id, "ln": ln, "ls": ls, "mkdir": mkdir, "mv": mv, "redis-cli": redisCli, "redis-server": redisServer, "rm": rm, "sh": shell, "sleep": sleep,
		"touch": touch, "true": yes, "uname": uname, "wget": wget,
	}
}

func main() {
	name := strings.TrimPrefix(filepath.Base(os.Args[0]), "-")
	args := os.Args[1:]
	if name == "base-image" && len(args) == 1 && args[0] == "--list" {
		fmt.Println(strings.Join(names(), "\n"))
		return
	}
	run, known := programs[name]
	if !known {
		fmt.Fprintf(os.Stderr, "%s is none of this image's programs: %s\n", name, strings.Join(names(), " "))
		os.Exit(127)
	}
	if err := run(args); err != nil {
		if status, quiet := err.(exitStatus); quiet {
			os.Exit(int(status))
		}
		fmt.Fprintf(os.Stderr, "%s: %v\n", name, err)
		os.Exit(1)
	}
}

func names() []string {
	all := make([]string, 0, len(programs))
	for name := range programs {
		all = append(all, name)
	}
	slices.Sort(all)
	return all
}
