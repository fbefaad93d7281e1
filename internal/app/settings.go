package app

import "github.com/terrace-project/terrace/internal/platform/config"

// settings are all settings of the program, in the order terrace config prints them.
var settings = []config.Setting{
	{Key: "db", Default: "terrace.db", About: "config.about.db"},
	{Key: "addr", Default: "localhost:8080", About: "config.about.addr"},
	{Key: "keys", Default: "", About: "config.about.keys"},
	{Key: "files", Default: "", About: "config.about.files"},
	{Key: "pack", Default: "chongqing", About: "config.about.pack"},
	{Key: "title", Default: "", About: "config.about.title"},
	{Key: "log-origin", Default: "terrace.local", About: "config.about.log_origin"},
	{Key: "secure", Default: "false", About: "config.about.secure", Valid: config.Bool},
	{Key: "proxies", Default: "", About: "config.about.proxies", Valid: validProxies},
	{Key: "oidc-issuer", Default: "", About: "config.about.oidc_issuer"},
	{Key: "oidc-client", Default: "", About: "config.about.oidc_client"},
	{Key: "oidc-secret", Default: "", About: "config.about.oidc_secret", Secret: true},
	{Key: "metrics-token", Default: "", About: "config.about.metrics_token", Secret: true},
	{Key: "scan-command", Default: "", About: "config.about.scan_command"},
	{Key: "log-level", Default: "info", About: "config.about.log_level",
		Valid: config.OneOf("debug", "info", "warn", "error")},
}
