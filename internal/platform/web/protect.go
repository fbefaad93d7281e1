package web

import (
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/terrace-project/terrace/internal/pure/fault"
)

// policy lets a page load from this origin only. ECharts' tooltips set style attributes.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; " +
	"img-src 'self' data: blob:; connect-src 'self'; font-src 'self'; manifest-src 'self'; " +
	"worker-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

func (s *Server) headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Permissions-Policy", "geolocation=(self), camera=(self), microphone=(), payment=()")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("X-Frame-Options", "DENY")
		if s.Secure {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		next.ServeHTTP(w, r)
	})
}

// sameOrigin refuses forms posted from other sites.
func (s *Server) sameOrigin(next http.Handler) http.Handler {
	protection := http.NewCrossOriginProtection()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := protection.Check(r); err != nil {
			s.fail(w, s.request(r), fault.New(fault.Forbidden, "web.cross_origin").Because(err))
			return
		}
		next.ServeHTTP(w, r)
	})
}

// Limits on how often one client may ask.
const (
	requestsPerSecond = 50
	requestsBurst     = 300
	clientsMax        = 100_000 // remembered at once
	clientIdle        = 5 * time.Minute
)

// limiter counts requests by client address.
type limiter struct {
	clock   func() time.Time
	mu      sync.Mutex
	clients map[string]*client
}

type client struct {
	bucket *rate.Limiter
	seen   time.Time
}

func newLimiter(clock func() time.Time) *limiter {
	return &limiter{clock: clock, clients: map[string]*client{}}
}

func (l *limiter) allow(address string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.clock()
	c, ok := l.clients[address]
	if !ok {
		if len(l.clients) >= clientsMax {
			l.forget(now)
		}
		c = &client{bucket: rate.NewLimiter(requestsPerSecond, requestsBurst)}
		l.clients[address] = c
	}
	c.seen = now
	return c.bucket.AllowN(now, 1)
}

func (l *limiter) forget(now time.Time) {
	for address, c := range l.clients {
		if now.Sub(c.seen) > clientIdle {
			delete(l.clients, address)
		}
	}
	if len(l.clients) >= clientsMax { // all of them recent: an attack; begin anew
		clear(l.clients)
	}
}

func (s *Server) limited(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.URL.Path, "/static/") && !s.limits.allow(ClientAddress(r, s.Proxies)) {
			w.Header().Set("Retry-After", "5")
			s.fail(w, s.request(r), fault.New(fault.Limited, "web.too_often"))
			return
		}
		next.ServeHTTP(w, r)
	})
}

var writers = sync.Pool{New: func() any { return gzip.NewWriter(io.Discard) }}

// compressed packs text for clients that can unpack it.
func compressed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") || r.Method == http.MethodHead {
			next.ServeHTTP(w, r)
			return
		}
		packed := &packedWriter{ResponseWriter: w}
		defer packed.finish()
		next.ServeHTTP(packed, r)
		packed.ended = true
	})
}

// packedMin is the size below which an answer goes as it is: it fits into one packet of the network, and
// packing it would cost more than it saves.
const packedMin = 1400 // bytes

// packedWriter decides whether the answer is text worth packing once it has packedMin bytes, or ends.
type packedWriter struct {
	http.ResponseWriter
	pack   *gzip.Writer
	status int    // 0 until the handler says
	held   []byte // what was written before it is decided
	sent   bool   // it is decided: the head is on its way
	ended  bool   // the handler came to its end; if not, what it began is not sent, and the failure is
}

func (w *packedWriter) WriteHeader(status int) {
	if w.sent || status < http.StatusOK {
		w.ResponseWriter.WriteHeader(status)
		return
	}
	if w.status == 0 {
		w.status = status
	}
}

// send decides and sends the head and what was held.
func (w *packedWriter) send(pack bool) error {
	w.sent = true
	h := w.Header()
	if h.Get("Content-Type") == "" && len(w.held) > 0 {
		h.Set("Content-Type", http.DetectContentType(w.held))
	}
	text := packable(h.Get("Content-Type")) && h.Get("Content-Encoding") == ""
	if text {
		h.Add("Vary", "Accept-Encoding")
	}
	if pack && text && w.status != http.StatusNoContent && w.status != http.StatusNotModified {
		h.Set("Content-Encoding", "gzip")
		h.Del("Content-Length")
		w.pack = writers.Get().(*gzip.Writer)
		w.pack.Reset(w.ResponseWriter)
	}
	w.ResponseWriter.WriteHeader(w.status)
	held := w.held
	w.held = nil
	if len(held) == 0 {
		return nil
	}
	_, err := w.Write(held)
	return err
}

func packable(kind string) bool {
	return strings.HasPrefix(kind, "text/") || strings.Contains(kind, "json") ||
		strings.Contains(kind, "javascript") || strings.Contains(kind, "svg")
}

func (w *packedWriter) Write(b []byte) (int, error) {
	if w.sent {
		if w.pack != nil {
			return w.pack.Write(b)
		}
		return w.ResponseWriter.Write(b)
	}
	w.WriteHeader(http.StatusOK)
	w.held = append(w.held, b...)
	if len(w.held) < packedMin {
		return len(b), nil
	}
	return len(b), w.send(true)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *packedWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// Flush sends what there is, for answers that stream.
func (w *packedWriter) Flush() {
	if !w.sent {
		w.WriteHeader(http.StatusOK)
		w.send(true) //nolint:errcheck // the reader has gone
	}
	if w.pack != nil {
		w.pack.Flush() //nolint:errcheck // the reader has gone
	}
	if f, ok := w.ResponseWriter.(http.Flusher); ok {
		f.Flush()
	}
}

// finish ends the answer. One that wrote nothing at all is left to the server, which answers 200.
func (w *packedWriter) finish() {
	if !w.sent && w.status != 0 && w.ended {
		w.send(false) //nolint:errcheck // the reader has gone
	}
	if w.pack != nil {
		w.pack.Close()      //nolint:errcheck // the reader has gone
		writers.Put(w.pack) // reset when it is used again: that costs more than packing a small answer
	}
}
