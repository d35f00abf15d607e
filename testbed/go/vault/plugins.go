package main

import (
	jwt "github.com/hashicorp/vault-plugin-auth-jwt"
	kv "github.com/hashicorp/vault-plugin-secrets-kv"
	"github.com/hashicorp/vault/builtin/credential/approle"
	"github.com/hashicorp/vault/sdk/helper/consts"
	"github.com/hashicorp/vault/sdk/logical"
)

// plugins is the registry in which Vault looks up what may be mounted.
type plugins struct{}

var factories = map[consts.PluginType]map[string]logical.Factory{
	consts.PluginTypeSecrets:    {"kv": kv.Factory},
	consts.PluginTypeCredential: {"approle": approle.Factory, "jwt": jwt.Factory},
}

func (plugins) Get(name string, kind consts.PluginType) (func() (interface{}, error), bool) {
	factory, known := factories[kind][name]
	return func() (interface{}, error) { return factory, nil }, known
}

func (plugins) Contains(name string, kind consts.PluginType) bool {
	_, known := factories[kind][name]
	return known
}

func (plugins) Keys(kind consts.PluginType) []string {
	names := []string{}
	for name := range factories[kind] {
		names = append(names, name)
	}
	return names
}

func (plugins) DeprecationStatus(name string, kind consts.PluginType) (consts.DeprecationStatus, bool) {
	return consts.Supported, plugins{}.Contains(name, kind)
}

func (plugins) IsBuiltinEntPlugin(string, consts.PluginType) bool { return false }
