package app

import (
	"context"
	"encoding/hex"
	"log/slog"
	"net/http"

	"github.com/terrace-project/terrace/internal/platform/web"
)

// startLogging sets the operator's log on the error stream: one line of JSON a thing while serving, plain
// lines of warnings for other commands.
func (p *Program) startLogging(serving bool) {
	var level slog.Level
	if err := level.UnmarshalText([]byte(p.host.Config.Text("log-level"))); err != nil {
		level = slog.LevelInfo // the setting was checked
	}
	var handler slog.Handler = slog.NewTextHandler(p.outside.Err,
		&slog.HandlerOptions{Level: max(level, slog.LevelWarn)})
	if serving {
		handler = slog.NewJSONHandler(p.outside.Err, &slog.HandlerOptions{Level: level})
	}
	slog.SetDefault(slog.New(handler))
}

// observed counts and logs every request. What the log tells of it is what Observation holds.
func (p *Program) observed(next http.Handler) http.Handler {
	return web.Observe(next, p.outside.Clock, p.requestID, func(o web.Observation) {
		p.meter.request(o)
		level := slog.LevelInfo
		if o.Status >= http.StatusInternalServerError {
			level = slog.LevelError
		}
		slog.Log(context.Background(), level, "request", "request", o.ID, "method", o.Method, "route",
			o.Route,
			"status", o.Status, "bytes", o.Bytes, "ms", float64(o.Took.Microseconds())/1000, "account",
			o.Account)
	})
}

// requestID names a request in the log and in the answer.
func (p *Program) requestID() string {
	b := make([]byte, 8)
	p.host.Store.Random(b)
	return hex.EncodeToString(b)
}
