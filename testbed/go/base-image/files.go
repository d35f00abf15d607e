package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// options takes the leading one-letter flags off the arguments; `--` ends them.
func options(args []string) (map[rune]bool, []string) {
	set := map[rune]bool{}
	for len(args) > 0 && len(args[0]) > 1 && args[0][0] == '-' {
		if args[0] == "--" {
			return set, args[1:]
		}
		for _, letter := range args[0][1:] {
			set[letter] = true
		}
		args = args[1:]
	}
	return set, args
}

func each(args []string, do func(path string) error) error {
	var failures []error
	for _, path := range args {
		failures = append(failures, do(path))
	}
	return errors.Join(failures...)
}

func cat(args []string) error {
	if len(args) == 0 {
		args = []string{"-"}
	}
	return each(args, func(path string) error { return copyOut(path, os.Stdout) })
}

func copyOut(path string, to io.Writer) error {
	if path == "-" {
		_, err := io.Copy(to, os.Stdin)
		return err
	}
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	_, err = io.Copy(to, file)
	return err
}

func head(args []string) error {
	lines := 10
	if len(args) > 1 && args[0] == "-n" {
		lines, _ = strconv.Atoi(args[1])
		args = args[2:]
	}
	from := io.Reader(os.Stdin)
	if len(args) > 0 {
		file, err := os.Open(args[0])
		if err != nil {
			return err
		}
		defer file.Close()
		from = file
	}
	scanner := bufio.NewScanner(from)
	for ; lines > 0 && scanner.Scan(); lines-- {
		fmt.Println(scanner.Text())
	}
	return scanner.Err()
}

func chmod(args []string) error {
	if len(args) < 2 {
		return errors.New("give a mode in octal or +x, and files")
	}
	mode, err := strconv.ParseUint(args[0], 8, 12)
	if args[0] == "+x" {
		mode, err = 0o755, nil
	}
	if err != nil {
		return fmt.Errorf("%s is not an octal mode or +x", args[0])
	}
	return each(args[1:], func(path string) error { return os.Chmod(path, fs.FileMode(mode)) })
}

// target is where `cp`, `mv` and `ln` put one source: inside the last argument when that is a folder.
func target(source, last string) string {
	if info, err := os.Stat(last); err == nil && info.IsDir() {
		return filepath.Join(last, filepath.Base(source))
	}
	return last
}

func intoLast(args []string, do func(source, target string) error) error {
	_, args = options(args)
	if len(args) < 2 {
		return errors.New("give a source and a target")
	}
	last := args[len(args)-1]
	return each(args[:len(args)-1], func(source string) error { return do(source, target(source, last)) })
}

func cp(args []string) error {
	return intoLast(args, func(source, to string) error {
		return filepath.WalkDir(source, func(path string, entry fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			below, _ := filepath.Rel(source, path)
			return copyEntry(path, filepath.Join(to, below), entry)
		})
	})
}

func copyEntry(from, to string, entry fs.DirEntry) error {
	info, err := entry.Info()
	if err != nil {
		return err
	}
	if entry.IsDir() {
		return os.MkdirAll(to, info.Mode().Perm())
	}
	file, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, info.Mode().Perm())
	if err != nil {
		return err
	}
	return errors.Join(copyOut(from, file), file.Close())
}

func mv(args []string) error { return intoLast(args, os.Rename) }

func ln(args []string) error {
	set, _ := options(args)
	if set['s'] {
		return intoLast(args, os.Symlink)
	}
	return intoLast(args, os.Link)
}

func ls(args []string) error {
	_, args = options(args)
	if len(args) == 0 {
		args = []string{"."}
	}
	return each(args, func(path string) error {
		entries, err := os.ReadDir(path)
		for _, entry := range entries {
			fmt.Println(entry.Name())
		}
		return err
	})
}

func mkdir(args []string) error {
	set, args := options(args)
	make := os.Mkdir
	if set['p'] {
		make = os.MkdirAll
	}
	return each(args, func(path string) error { return make(path, 0o755) })
}

func rm(args []string) error {
	set, args := options(args)
	remove := os.Remove
	if set['r'] || set['R'] {
		remove = os.RemoveAll
	}
	return each(args, func(path string) error {
		err := remove(path)
		if set['f'] && errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	})
}

func touch(args []string) error {
	return each(args, func(path string) error {
		file, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY, 0o644)
		if err != nil {
			return err
		}
		return file.Close()
	})
}

func echo(args []string) error {
	end := "\n"
	if len(args) > 0 && args[0] == "-n" {
		end, args = "", args[1:]
	}
	_, err := fmt.Print(strings.Join(args, " "), end)
	return err
}
