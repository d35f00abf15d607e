package main

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"sync"
	"time"
)

// store is a map behind the few commands of the Redis protocol (https://redis.io/docs/latest/develop/reference/protocol-spec/) that an example application and its
// health check use.
type store struct {
	lock   sync.Mutex
	values map[string]string
}

func redisServer(args []string) error {
	flags := flag.NewFlagSet("redis-server", flag.ContinueOnError)
	port := flags.String("port", "6379", "port")
	if err := flags.Parse(args); err != nil {
		return exitStatus(2)
	}
	listener, err := net.Listen("tcp", ":"+*port)
	if err != nil {
		return err
	}
	fmt.Println("ready to accept connections on port", *port)
	data := &store{values: map[string]string{}}
	for {
		connection, err := listener.Accept()
		if err != nil {
			return err
		}
		go data.serve(connection)
	}
}

func (data *store) serve(connection net.Conn) {
	defer connection.Close()
	reader := bufio.NewReader(connection)
	for {
		command, err := readCommand(reader)
		if err != nil {
			return
		}
		if _, err := io.WriteString(connection, data.answer(command)); err != nil {
			return
		}
	}
}

func (data *store) answer(command []string) string {
	data.lock.Lock()
	defer data.lock.Unlock()
	switch name := strings.ToUpper(command[0]); {
	case name == "PING":
		return "+PONG\r\n"
	case name == "SET" && len(command) >= 3:
		data.values[command[1]] = command[2]
		return "+OK\r\n"
	case name == "GET" && len(command) == 2:
		value, found := data.values[command[1]]
		if !found {
			return "$-1\r\n"
		}
		return fmt.Sprintf("$%d\r\n%s\r\n", len(value), value)
	case name == "DEL" && len(command) == 2:
		_, found := data.values[command[1]]
		delete(data.values, command[1])
		if found {
			return ":1\r\n"
		}
		return ":0\r\n"
	default:
		return "-ERR unknown command\r\n"
	}
}

const longestPart = 1 << 20

// readCommand reads one command, as an array of bulk strings or as a plain line of words.
func readCommand(reader *bufio.Reader) ([]string, error) {
	line, err := readLine(reader)
	if err != nil {
		return nil, err
	}
	if !strings.HasPrefix(line, "*") {
		if words := strings.Fields(line); len(words) > 0 {
			return words, nil
		}
		return nil, io.ErrUnexpectedEOF
	}
	count, err := strconv.Atoi(line[1:])
	if err != nil || count < 1 || count > 1024 {
		return nil, io.ErrUnexpectedEOF
	}
	words := make([]string, count)
	for index := range words {
		if words[index], err = readBulk(reader); err != nil {
			return nil, err
		}
	}
	return words, nil
}

func readBulk(reader *bufio.Reader) (string, error) {
	line, err := readLine(reader)
	if err != nil {
		return "", err
	}
	length, err := strconv.Atoi(strings.TrimPrefix(line, "$"))
	if err != nil || length < 0 || length > longestPart {
		return "", io.ErrUnexpectedEOF
	}
	bytes := make([]byte, length+2)
	_, err = io.ReadFull(reader, bytes)
	return string(bytes[:length]), err
}

func readLine(reader *bufio.Reader) (string, error) {
	line, err := reader.ReadString('\n')
	return strings.TrimRight(line, "\r\n"), err
}

// redisCli sends one command to the server on this host and prints the answer.
func redisCli(args []string) error {
	connection, err := net.DialTimeout("tcp", "127.0.0.1:6379", 2*time.Second)
	if err != nil {
		return err
	}
	defer connection.Close()
	fmt.Fprintf(connection, "*%d\r\n", len(args))
	for _, word := range args {
		fmt.Fprintf(connection, "$%d\r\n%s\r\n", len(word), word)
	}
	reader := bufio.NewReader(connection)
	line, err := readLine(reader)
	if err != nil {
		return err
	}
	if strings.HasPrefix(line, "$") && line != "$-1" {
		line, err = readLine(reader)
	}
	fmt.Println(strings.TrimLeft(line, "+:"))
	return err
}
