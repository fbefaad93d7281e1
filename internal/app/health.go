package app

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"time"

	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// behindMax is how far the log may be behind before the program is no longer ready: much longer than it
// ever takes, so that something is stuck.
const behindMax = 60 * time.Second

// readyTime is how long the checks may take.
const readyTime = 5 * time.Second

// outer serves what machines ask for, outside sign-in and limits, and hands on everything else.
func (p *Program) outer(pages http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		plain(w, http.StatusOK, "ok\n")
	})
	mux.HandleFunc("GET /readyz", p.readyPage)
	mux.HandleFunc("GET /metrics", p.metricsPage)
	mux.Handle("/", pages)
	return mux
}

func plain(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	w.Write([]byte(text)) //nolint:errcheck // the reader has gone
}

// readyPage says whether requests should be sent here. It tells which check fails, and no more.
func (p *Program) readyPage(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), readyTime)
	defer cancel()
	answer := struct {
		Ready  bool            `json:"ready"`
		Checks map[string]bool `json:"checks"`
	}{true, map[string]bool{}}
	for name, check := range p.readiness() {
		err := check(ctx)
		answer.Checks[name] = err == nil
		if err != nil {
			answer.Ready = false
			slog.Warn("not ready", "check", name, "cause", err)
		}
	}
	body, err := json.Marshal(answer)
	if err != nil {
		plain(w, http.StatusInternalServerError, "")
		return
	}
	status := http.StatusOK
	if !answer.Ready {
		status = http.StatusServiceUnavailable
	}
	plain(w, status, string(body)+"\n")
}

// readiness are the checks.
func (p *Program) readiness() map[string]func(context.Context) error {
	return map[string]func(context.Context) error{
		"serving": func(context.Context) error {
			if p.stopping.Load() {
				return fault.New(fault.Unavailable, "store.closed")
			}
			return nil
		},
		"database": func(ctx context.Context) error { return p.host.Store.Ping(ctx) },
		"schema":   p.schemaCurrent,
		"log": func(ctx context.Context) error {
			b, err := p.host.Log.Backlog(ctx)
			if err == nil && b.Behind(period.At(p.outside.Clock())) > behindMax {
				err = fault.New(fault.Unavailable, "store.busy")
			}
			return err
		},
	}
}

// schemaCurrent refuses a schema that another version has changed while this one was serving.
func (p *Program) schemaCurrent(ctx context.Context) error {
	versions, err := p.host.Store.SchemaVersions(ctx, p.Parts())
	if err != nil {
		return err
	}
	for _, part := range p.Parts() {
		if versions[part.Name] != part.Latest() {
			return fault.New(fault.Unavailable, "app.migrate_first", part.Latest()-versions[part.Name])
		}
	}
	return nil
}
