// Command transit serves the engine transit of HashiCorp Vault 1.14.1 (the last line under the MPL) under the paths that Vault has for
// it, with its storage in memory. The engine asks for a newer SDK than the Vault of this testbed, so that it is a program of its own.
// One token may do everything, another may decrypt with the key "shop" only, and any other is refused, as Vault does it.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/vault/builtin/logical/transit"
	"github.com/hashicorp/vault/sdk/framework"
	"github.com/hashicorp/vault/sdk/logical"
)

const (
	mount      = "/v1/transit/"
	rootToken  = "root"
	shopToken  = "shop"
	shopsPath  = "decrypt/shop"
	forbidden  = "permission denied"
	noResponse = http.StatusNoContent
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	storage := &logical.InmemStorage{}
	settings := &logical.BackendConfig{
		Logger:      hclog.NewNullLogger(),
		StorageView: storage,
		System:      &logical.StaticSystemView{},
	}
	engine, err := transit.Backend(context.Background(), settings)
	if err != nil {
		return err
	}
	// This SDK wants to know of every path whether something exists there, which the engine of 1.14.1 does not say of one.
	for _, path := range engine.Paths {
		if path.ExistenceCheck == nil {
			path.ExistenceCheck = neverExists
		}
	}
	if err := engine.Setup(context.Background(), settings); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	json.NewEncoder(os.Stdout).Encode(map[string]string{"address": "http://" + listener.Addr().String()})
	return http.Serve(listener, handler{engine, storage})
}

func neverExists(context.Context, *logical.Request, *framework.FieldData) (bool, error) {
	return false, nil
}

type handler struct {
	engine  logical.Backend
	storage logical.Storage
}

func (h handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := strings.TrimPrefix(r.URL.Path, mount)
	token := r.Header.Get("X-Vault-Token")
	if token != rootToken && !(token == shopToken && path == shopsPath) {
		answer(w, http.StatusForbidden, map[string]any{"errors": []string{"1 error occurred:\n\t* " + forbidden + "\n\n"}})
		return
	}
	body := map[string]any{}
	json.NewDecoder(r.Body).Decode(&body)
	response, err := h.engine.HandleRequest(r.Context(), &logical.Request{
		Operation: operationOf(r.Method), Path: path, Data: body, Storage: h.storage,
	})
	status, err := logical.RespondErrorCommon(&logical.Request{Operation: operationOf(r.Method)}, response, err)
	switch {
	case err != nil:
		answer(w, statusOf(status, err), map[string]any{"errors": []string{err.Error()}})
	case response == nil:
		w.WriteHeader(noResponse)
	default:
		answer(w, http.StatusOK, map[string]any{"data": response.Data})
	}
}

func operationOf(method string) logical.Operation {
	switch method {
	case http.MethodDelete:
		return logical.DeleteOperation
	case http.MethodGet:
		return logical.ReadOperation
	default:
		return logical.UpdateOperation
	}
}

func statusOf(status int, err error) int {
	if errors.Is(err, logical.ErrUnsupportedPath) {
		return http.StatusNotFound
	}
	if status == 0 {
		return http.StatusInternalServerError
	}
	return status
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(body)
}
