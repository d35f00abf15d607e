// Command vault runs the core of HashiCorp Vault 1.14.1 (the last line under the MPL) with what Slipway speaks to: key-value
// engines and the login methods token, AppRole and JWT. The whole program of Vault has a hundred plugins more, which no test
// needs. Storage is in memory; the server comes up initialised and unsealed, and says how to reach it in one line of JSON.
package main

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"

	"github.com/hashicorp/go-hclog"
	jwt "github.com/hashicorp/vault-plugin-auth-jwt"
	kv "github.com/hashicorp/vault-plugin-secrets-kv"
	"github.com/hashicorp/vault/builtin/credential/approle"
	vaulthttp "github.com/hashicorp/vault/http"
	"github.com/hashicorp/vault/sdk/logical"
	"github.com/hashicorp/vault/sdk/physical/inmem"
	"github.com/hashicorp/vault/vault"
)

func main() {
	certificate := flag.String("certificate", "", "PEM file; with it the server speaks TLS")
	key := flag.String("key", "", "PEM file")
	flag.Parse()
	if err := run(*certificate, *key); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(certificate, key string) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	scheme := "http"
	if certificate != "" {
		scheme = "https"
	}
	address := fmt.Sprintf("%s://%s", scheme, listener.Addr())
	core, err := newCore(address)
	if err != nil {
		return err
	}
	shares := &vault.SealConfig{SecretShares: 1, SecretThreshold: 1}
	made, err := core.Initialize(context.Background(), &vault.InitParams{BarrierConfig: shares})
	if err != nil {
		return err
	}
	if _, err := core.Unseal(made.SecretShares[0]); err != nil {
		return err
	}
	json.NewEncoder(os.Stdout).Encode(map[string]string{
		"address": address, "token": made.RootToken, "unsealKey": hex.EncodeToString(made.SecretShares[0]),
	})
	handler := vaulthttp.Handler.Handler(&vault.HandlerProperties{Core: core})
	if certificate != "" {
		return http.ServeTLS(listener, handler, certificate, key)
	}
	return http.Serve(listener, handler)
}

func newCore(address string) (*vault.Core, error) {
	log := hclog.New(&hclog.LoggerOptions{Output: os.Stderr, Level: hclog.Warn})
	storage, err := inmem.NewInmem(nil, log)
	if err != nil {
		return nil, err
	}
	return vault.NewCore(&vault.CoreConfig{
		Physical:           storage,
		Logger:             log,
		DisableMlock:       true,
		RedirectAddr:       address,
		LogicalBackends:    map[string]logical.Factory{"kv": kv.Factory},
		CredentialBackends: map[string]logical.Factory{"approle": approle.Factory, "jwt": jwt.Factory},
		BuiltinRegistry:    plugins{},
	})
}
