// Command kubeconfig reads kubeconfigs and logs in as kubectl does, by client-go (k8s.io/client-go/tools/clientcmd), with its credential
// plugins (k8s.io/client-go/plugin/pkg/client/auth/exec) and OpenID Connect. It reads a case per line, a kubeconfig and what its plugin
// prints, and writes a line for each: what the plugin was told and what a request would be sent with, or why not. It is the plugin too,
// when it is called with a case in its environment.
package main

import (
	"bufio"
	"crypto/tls"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/net/http/httpproxy"
	_ "k8s.io/client-go/plugin/pkg/client/auth/oidc"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"
	"k8s.io/client-go/transport"
)

const (
	answerVariable = "TESTBED_ANSWER"
	exitVariable   = "TESTBED_EXIT"
	folderVariable = "TESTBED_FOLDER"
)

// A case is a kubeconfig with one context, whose plugin prints Answer and ends with Exit, and the variables that name proxies.
type testCase struct {
	Environment map[string]string `json:"environment"`
	Kubeconfig json.RawMessage `json:"kubeconfig"`
	Answer     string          `json:"answer"`
	Exit       int             `json:"exit"`
}

// A result tells what the plugin got, how often two requests ran it, and what the second of them was sent with.
type result struct {
	Refused       string            `json:"refused,omitempty"`
	Info          json.RawMessage   `json:"info,omitempty"`
	Environment   map[string]string `json:"environment,omitempty"`
	Arguments     []string          `json:"arguments,omitempty"`
	Runs          int               `json:"runs"`
	sent
}

// What a request is sent with; certificates are DER in base64, and the names of headers are in lower case.
type sent struct {
	Authorization string              `json:"authorization,omitempty"`
	Impersonation map[string][]string `json:"impersonation,omitempty"`
	Certificate   string              `json:"certificate,omitempty"`
	Authority     []byte              `json:"authority,omitempty"`
	ServerName    string              `json:"serverName,omitempty"`
	Insecure      bool                `json:"insecure,omitempty"`
	Proxy         string              `json:"proxy,omitempty"`
}

// What the plugin notes of a run.
type noted struct {
	Info        string            `json:"info"`
	Environment map[string]string `json:"environment"`
	Arguments   []string          `json:"arguments"`
}

func main() {
	if folder := os.Getenv(folderVariable); folder != "" {
		printAnswer(folder)
	}
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func printAnswer(folder string) {
	own := map[string]string{}
	for _, entry := range os.Environ() {
		for index := range entry {
			if entry[index] == '=' && len(entry) > 4 && entry[:4] == "OWN_" {
				own[entry[:index]] = entry[index+1:]
				break
			}
		}
	}
	content, _ := json.Marshal(noted{os.Getenv("KUBERNETES_EXEC_INFO"), own, os.Args[1:]})
	runs, _ := filepath.Glob(filepath.Join(folder, "run-*"))
	os.WriteFile(filepath.Join(folder, fmt.Sprintf("run-%d", len(runs))), content, 0o600)
	io.WriteString(os.Stdout, os.Getenv(answerVariable))
	code, _ := strconv.Atoi(os.Getenv(exitVariable))
	os.Exit(code)
}

func run() error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 16<<20)
	output := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		var next testCase
		if err := json.Unmarshal(lines.Bytes(), &next); err != nil {
			return err
		}
		folder, err := os.MkdirTemp("", "kubeconfig-")
		if err != nil {
			return err
		}
		answer := play(next, self, folder)
		os.RemoveAll(folder)
		if err := output.Encode(answer); err != nil {
			return err
		}
	}
	return lines.Err()
}

func play(next testCase, self, folder string) result {
	with, err := logIn(next, self, folder)
	if err != nil {
		return result{Refused: err.Error()}
	}
	played := result{sent: with}
	runs, _ := filepath.Glob(filepath.Join(folder, "run-*"))
	played.Runs = len(runs)
	if content, err := os.ReadFile(filepath.Join(folder, "run-0")); err == nil {
		var first noted
		if err := json.Unmarshal(content, &first); err != nil {
			return result{Refused: err.Error()}
		}
		played.Info, played.Environment, played.Arguments = json.RawMessage(first.Info), first.Environment, first.Arguments
	}
	return played
}

func logIn(next testCase, self, folder string) (sent, error) {
	loaded, err := clientcmd.Load(next.Kubeconfig)
	if err != nil {
		return sent{}, err
	}
	config, err := clientcmd.NewDefaultClientConfig(*loaded, &clientcmd.ConfigOverrides{}).ClientConfig()
	if err != nil {
		return sent{}, err
	}
	if config.ExecProvider != nil {
		config.ExecProvider.Command = self
		config.ExecProvider.Env = append(config.ExecProvider.Env,
			clientcmdapi.ExecEnvVar{Name: folderVariable, Value: folder},
			clientcmdapi.ExecEnvVar{Name: answerVariable, Value: next.Answer},
			clientcmdapi.ExecEnvVar{Name: exitVariable, Value: strconv.Itoa(next.Exit)})
	}
	with, err := sendTwice(config)
	if err == nil && config.Proxy == nil {
		with.Proxy, err = proxyOfEnvironment(config.Host, next.Environment)
	}
	return with, err
}

// The proxy that net/http finds for an address, without its memory of the first environment.
func proxyOfEnvironment(host string, environment map[string]string) (string, error) {
	target, err := url.Parse(host)
	if err != nil {
		return "", err
	}
	proxies := httpproxy.Config{
		HTTPProxy:  environment["HTTP_PROXY"],
		HTTPSProxy: environment["HTTPS_PROXY"],
		NoProxy:    environment["NO_PROXY"],
	}
	proxy, err := proxies.ProxyFunc()(target)
	if err != nil || proxy == nil {
		return "", err
	}
	return proxy.String(), nil
}

// Sends two requests to nowhere, of which only headers, TLS settings and proxy matter.
func sendTwice(config *rest.Config) (sent, error) {
	settings, err := config.TransportConfig()
	if err != nil {
		return sent{}, err
	}
	security, err := transport.TLSConfigFor(settings)
	if err != nil {
		return sent{}, err
	}
	var captured capture
	wrapped, err := transport.HTTPWrappersForConfig(settings, &captured)
	if err != nil {
		return sent{}, err
	}
	var request *http.Request
	for range 2 {
		if request, err = http.NewRequest("GET", "https://nowhere.example/", nil); err != nil {
			return sent{}, err
		}
		if _, err = wrapped.RoundTrip(request); err != nil {
			return sent{}, err
		}
	}
	with := sent{
		Authorization: captured.header.Get("Authorization"),
		Impersonation: impersonation(captured.header),
		Authority:     settings.TLS.CAData,
		ServerName:    config.ServerName,
		Insecure:      config.Insecure,
	}
	if config.Proxy != nil {
		proxy, err := config.Proxy(request)
		if err != nil {
			return sent{}, err
		}
		with.Proxy = proxy.String()
	}
	if security != nil && security.GetClientCertificate != nil {
		pair, err := security.GetClientCertificate(&tls.CertificateRequestInfo{})
		if err != nil {
			return sent{}, err
		}
		if pair != nil && len(pair.Certificate) > 0 {
			with.Certificate = base64.StdEncoding.EncodeToString(pair.Certificate[0])
		}
	}
	return with, nil
}

func impersonation(header http.Header) map[string][]string {
	found := map[string][]string{}
	for name, values := range header {
		if lower := strings.ToLower(name); strings.HasPrefix(lower, "impersonate-") {
			found[lower] = values
		}
	}
	return found
}

type capture struct{ header http.Header }

func (captured *capture) RoundTrip(request *http.Request) (*http.Response, error) {
	captured.header = request.Header
	return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody, Request: request}, nil
}
