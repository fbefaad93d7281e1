package web_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// What must never stand in the operator's log: it is put into every place a request has.
var personal = []string{"张三丰", "500102190001010013", "13800005678", "zhangsanfeng"}

func observed(t *testing.T, tell func(web.Observation)) http.Handler {
	t.Helper()
	d, err := locale.Load(locale.Own, web.Texts)
	if err != nil {
		t.Fatal(err)
	}
	s := web.New(web.Config{Dictionary: d, Access: access.New(),
		Authenticate: func(r *http.Request) (access.Actor, error) {
			if r.Header.Get("Authorization") == "" {
				return access.Actor{}, nil
			}
			return access.Actor{Account: 42, Login: personal[3], Name: personal[0]}, nil
		}})
	s.Handle(
		web.Route{Pattern: "GET /people/{number}", Access: web.Public(),
			Handle: func(r *web.Request) (web.Answer, error) {
				return web.JSON("found " + r.PathValue("number")), nil
			}},
		web.Route{Pattern: "POST /people/{number}", Access: web.SignedIn(),
			Handle: func(r *web.Request) (web.Answer, error) {
				return nil, fault.New(fault.Unavailable, "store.busy",
					r.Field("name")).Because(errors.New("the disk is slow"))
			}},
		web.Route{Pattern: "GET /broken/{number}", Access: web.Public(),
			Handle: func(*web.Request) (web.Answer, error) { panic("a bug") }},
	)
	h, err := s.Handler()
	if err != nil {
		t.Fatal(err)
	}
	return web.Observe(h, time.Now, func() string { return "r1" }, tell)
}

func TestTheLogHasNoPersonalData(t *testing.T) {
	var log bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	defer slog.SetDefault(before)
	var seen []web.Observation
	h := observed(t, func(o web.Observation) {
		seen = append(seen, o)
		slog.Info("request", "o", o)
	})
	query := url.Values{"name": personal, "q": {strings.Join(personal, "/")}}.Encode()
	for _, c := range []struct {
		method, path, route string
		status              int
	}{
		{"GET", "/people/500102190001010013", "GET /people/{number}", 200},
		{"POST", "/people/500102190001010013", "POST /people/{number}", 503},
		{"GET", "/broken/500102190001010013", "GET /broken/{number}", 500},
		{"GET", "/张三丰", "/", 404},
		{"DELETE", "/people/13800005678", "/", 404},
		{"张三丰", "/people/13800005678", "/", 404},
	} {
		body := strings.NewReader(query)
		r := httptest.NewRequestWithContext(context.Background(), "GET", "/x", body)
		r.Method, r.URL = c.method, &url.URL{Path: c.path, RawQuery: query}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Authorization", "Bearer "+personal[3])
		r.Header.Set("User-Agent", personal[0])
		r.AddCookie(&http.Cookie{Name: "session", Value: personal[2]})
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		o := seen[len(seen)-1]
		if o.Route != c.route || o.Status != c.status || w.Code != c.status || o.Account != 42 ||
			w.Header().Get("X-Request-Id") != "r1" {
			t.Errorf("%s %s: %+v", c.method, c.path, o)
		}
		if o.Bytes == 0 {
			t.Errorf("%s %s: no bytes were counted", c.method, c.path)
		}
	}
	for _, secret := range personal {
		if strings.Contains(log.String(), secret) || strings.Contains(log.String(),
			url.QueryEscape(secret)) {
			t.Errorf("the log tells %s:\n%s", secret, log.String())
		}
	}
	if !strings.Contains(log.String(), "the disk is slow") || !strings.Contains(log.String(), "a bug") {
		t.Errorf("the log does not tell what went wrong:\n%s", log.String())
	}
}

// TestRefusedBeforeARoute: what the protections turn away is counted too.
func TestRefusedBeforeARoute(t *testing.T) {
	var seen web.Observation
	h := observed(t, func(o web.Observation) { seen = o })
	r := httptest.NewRequest("POST", "/people/1", nil)
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	h.ServeHTTP(httptest.NewRecorder(), r)
	if seen.Status != http.StatusForbidden || seen.Route != "" || seen.Method != "POST" {
		t.Errorf("%+v", seen)
	}
}
