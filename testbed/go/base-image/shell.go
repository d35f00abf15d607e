package main

import (
	"context"
	"errors"
	"flag"
	"os"
	"strings"

	"golang.org/x/sys/unix"
	"mvdan.cc/sh/v3/expand"
	"mvdan.cc/sh/v3/interp"
	"mvdan.cc/sh/v3/syntax"
)

// shell runs `sh -c script [name [arguments]]`, `sh [-e] file [arguments]`, or a script from standard input.
func shell(args []string) error {
	flags := flag.NewFlagSet("sh", flag.ContinueOnError)
	command := flags.String("c", "", "run this text")
	exitOnError := flags.Bool("e", false, "stop at the first failure")
	if err := flags.Parse(splitFlags(args)); err != nil {
		return exitStatus(2)
	}
	script, parameters, err := scriptOf(*command, flags.Args())
	if err != nil {
		return err
	}
	if *exitOnError {
		parameters = append([]string{"-e", "--"}, parameters...)
	} else {
		parameters = append([]string{"--"}, parameters...)
	}
	runner, err := interp.New(
		interp.StdIO(os.Stdin, os.Stdout, os.Stderr),
		interp.Env(expand.ListEnviron(os.Environ()...)),
		interp.Params(parameters...),
		interp.CallHandler(becomeProgram),
	)
	if err != nil {
		return err
	}
	err = runner.Run(context.Background(), script)
	var status interp.ExitStatus
	if errors.As(err, &status) {
		return exitStatus(status)
	}
	return err
}

// splitFlags turns `-ec` into `-e -c`, as other shells read it.
func splitFlags(args []string) []string {
	if len(args) == 0 || len(args[0]) < 3 || args[0][0] != '-' || args[0][1] == '-' {
		return args
	}
	var split []string
	for _, letter := range args[0][1:] {
		split = append(split, "-"+string(letter))
	}
	return append(split, args[1:]...)
}

func scriptOf(command string, args []string) (*syntax.File, []string, error) {
	parser := syntax.NewParser(syntax.Variant(syntax.LangPOSIX))
	if command != "" {
		script, err := parser.Parse(strings.NewReader(command), "sh")
		if len(args) > 0 {
			args = args[1:]
		}
		return script, args, err
	}
	if len(args) == 0 {
		script, err := parser.Parse(os.Stdin, "sh")
		return script, nil, err
	}
	file, err := os.Open(args[0])
	if err != nil {
		return nil, nil, err
	}
	defer file.Close()
	script, err := parser.Parse(file, args[0])
	return script, args[1:], err
}

// becomeProgram makes `exec program` replace the shell, so that the program is the container's first process and gets its signals. The interpreter
// itself would run it as a child.
func becomeProgram(ctx context.Context, args []string) ([]string, error) {
	if args[0] != "exec" || len(args) < 2 {
		return args, nil
	}
	handler := interp.HandlerCtx(ctx)
	path, err := interp.LookPathDir(handler.Dir, handler.Env, args[1])
	if err != nil {
		return args, nil
	}
	if err := os.Chdir(handler.Dir); err != nil {
		return nil, err
	}
	return nil, unix.Exec(path, args[1:], exported(handler.Env))
}

func exported(variables expand.Environ) []string {
	var environment []string
	variables.Each(func(name string, value expand.Variable) bool {
		if value.Exported {
			environment = append(environment, name+"="+value.String())
		}
		return true
	})
	return environment
}
