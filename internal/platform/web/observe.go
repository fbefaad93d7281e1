package web

import (
	"context"
	"net/http"
	"time"
)

// Observation is what the operator may know of a request: which route, how it went, for which account.
// Never its address, its query or what was posted: these carry names and numbers of people.
type Observation struct {
	ID      string // also sent as X-Request-Id
	Method  string
	Route   string // the pattern, not the path; "" if no route was reached
	Status  int
	Bytes   int64 // of the answer's body
	Account int64 // 0: nobody is signed in
	Took    time.Duration
}

type observationKey struct{}

// observation is the running request's, or one that nobody looks at.
func observation(ctx context.Context) *Observation {
	if o, ok := ctx.Value(observationKey{}).(*Observation); ok {
		return o
	}
	return &Observation{}
}

// Observe tells of every request when it is over. clock is the host's, and id gives a new name.
func Observe(next http.Handler, clock func() time.Time, id func() string,
	tell func(Observation)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		begin := clock()
		o := &Observation{ID: id(), Method: knownMethod(r.Method)}
		w.Header().Set("X-Request-Id", o.ID)
		watched := &watchedWriter{ResponseWriter: w, o: o}
		defer func() {
			o.Took = clock().Sub(begin)
			if o.Status == 0 {
				o.Status = http.StatusOK
			}
			tell(*o)
		}()
		next.ServeHTTP(watched, r.WithContext(context.WithValue(r.Context(), observationKey{}, o)))
	})
}

// knownMethod keeps made-up methods out of the metrics.
func knownMethod(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch,
		http.MethodDelete, http.MethodOptions:
		return method
	}
	return "other"
}

// Routed notes the route that a mux finds; the innermost that notes one is right.
func Routed(mux http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			if o := observation(r.Context()); o.Route == "" {
				o.Route = r.Pattern // the mux has written it into r
			}
		}()
		mux.ServeHTTP(w, r)
	})
}

// watchedWriter counts what is answered.
type watchedWriter struct {
	http.ResponseWriter
	o *Observation
}

func (w *watchedWriter) WriteHeader(status int) {
	if w.o.Status == 0 {
		w.o.Status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *watchedWriter) Write(b []byte) (int, error) {
	if w.o.Status == 0 {
		w.o.Status = http.StatusOK
	}
	n, err := w.ResponseWriter.Write(b)
	w.o.Bytes += int64(n)
	return n, err
}

// Flush sends what there is, for answers that stream.
func (w *watchedWriter) Flush() {
	if f, ok := w.ResponseWriter.(http.Flusher); ok {
		f.Flush()
	}
}

// Unwrap lets http.ResponseController reach the connection.
func (w *watchedWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// marks names the running request in the operator's log.
func marks(ctx context.Context) []any {
	o := observation(ctx)
	return []any{"request", o.ID, "route", o.Route}
}
