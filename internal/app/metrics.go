package app

import (
	"context"
	"crypto/subtle"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/VictoriaMetrics/metrics"

	"github.com/terrace-project/terrace/internal/platform/manifest"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// meter holds the program's metrics, as Prometheus reads them.
type meter struct{ set *metrics.Set }

func newMeter() *meter { return &meter{metrics.NewSet()} }

// latencies are the steps of the latency histograms, in seconds.
var latencies = []float64{0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10}

// request counts one request. Routes are patterns of the source and methods are known ones, so that
// nobody can make the number of series grow.
func (m *meter) request(o web.Observation) {
	labels := fmt.Sprintf(`method=%q,route=%q`, o.Method, o.Route)
	m.set.GetOrCreateCounter(fmt.Sprintf(`terrace_requests_total{%s,status="%d"}`, labels, o.Status)).Inc()
	m.set.GetOrCreatePrometheusHistogramExt(`terrace_request_seconds{`+labels+`}`, latencies).
		Update(o.Took.Seconds())
}

// gauges are read when somebody asks for the metrics.
func (p *Program) gauges() []manifest.Gauge {
	stats := func(read func() int64) func(context.Context) (float64, error) {
		return func(context.Context) (float64, error) { return float64(read()), nil }
	}
	all := []manifest.Gauge{
		{Name: "terrace_store_writes_total",
			Read: stats(func() int64 { return p.host.Store.Stats().Writes })},
		{Name: "terrace_store_failures_total",
			Read: stats(func() int64 { return p.host.Store.Stats().Failures })},
		{Name: "terrace_store_transactions_total",
			Read: stats(func() int64 { return p.host.Store.Stats().Transactions })},
		{Name: "terrace_store_retries_total",
			Read: stats(func() int64 { return p.host.Store.Stats().Retries })},
		{Name: "terrace_sessions", Read: func(ctx context.Context) (float64, error) {
			n, err := p.host.Identity.LiveSessions(ctx)
			return float64(n), err
		}},
		{Name: "terrace_log_waiting", Read: func(ctx context.Context) (float64, error) {
			b, err := p.host.Log.Backlog(ctx)
			return float64(b.Events), err
		}},
		{Name: "terrace_log_behind_seconds", Read: func(ctx context.Context) (float64, error) {
			b, err := p.host.Log.Backlog(ctx)
			return b.Behind(period.At(p.outside.Clock())).Seconds(), err
		}},
	}
	for _, m := range p.modules {
		all = append(all, m.Gauges...)
	}
	return all
}

// gaugeTime is how long reading all gauges may take.
const gaugeTime = 5 * time.Second

// metricsPage answers with everything that is measured.
func (p *Program) metricsPage(w http.ResponseWriter, r *http.Request) {
	if !p.mayMeasure(r) {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	ctx, cancel := context.WithTimeout(r.Context(), gaugeTime)
	defer cancel()
	fmt.Fprintf(w, "terrace_info{version=%q,engine=%q} 1\n", Version, p.host.Store.Engine())
	for _, g := range p.gauges() {
		value, err := g.Read(ctx)
		if err != nil {
			slog.Warn("metrics: a number cannot be read", "name", g.Name, "cause", err)
			continue // a gap is seen; a made-up number is not
		}
		fmt.Fprintf(w, "%s %v\n", g.Name, value)
	}
	counts, err := p.host.Jobs.Count(ctx)
	if err != nil {
		slog.Warn("metrics: jobs cannot be counted", "cause", err)
	}
	for state, n := range counts {
		fmt.Fprintf(w, "terrace_jobs{state=%q} %d\n", state, n)
	}
	p.meter.set.WritePrometheus(w)
	metrics.WriteProcessMetrics(w)
}

// mayMeasure: with a token, who has it; without one, only who asks from this machine and not for somebody
// else. A proxy on this machine must not open it to the world, so a request that says that it was
// forwarded is turned away.
func (p *Program) mayMeasure(r *http.Request) bool {
	if token := p.host.Config.Text("metrics-token"); token != "" {
		given, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		return ok && subtle.ConstantTimeCompare([]byte(given), []byte(token)) == 1
	}
	for _, header := range []string{"X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip", "Forwarded",
		"Via"} {
		if r.Header.Get(header) != "" {
			return false
		}
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return false
	}
	address, err := netip.ParseAddr(host)
	return err == nil && address.Unmap().IsLoopback()
}
