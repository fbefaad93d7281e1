package app

import (
	"bytes"
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	neturl "net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/app/demo"
)

// reader is somebody of the demo city at a browser, each request from an address of its own: what one
// address may ask in a second does not matter here.
type reader struct {
	handler http.Handler
	cookies []*http.Cookie
	asked   int
}

func (r *reader) send(request *http.Request) *httptest.ResponseRecorder {
	r.asked++
	request.RemoteAddr = fmt.Sprintf("10.%d.%d.%d:1", r.asked>>16, r.asked>>8&255, r.asked&255)
	for _, c := range r.cookies {
		request.AddCookie(c)
	}
	w := httptest.NewRecorder()
	r.handler.ServeHTTP(w, request)
	return w
}

// enter signs in and gives the answer's code.
func (r *reader) enter(login, password string) int {
	form := neturl.Values{"login": {login}, "password": {password}}
	request := httptest.NewRequest(http.MethodPost, "/sign-in", strings.NewReader(form.Encode()))
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := r.send(request)
	r.cookies = w.Result().Cookies()
	return w.Code
}

func (r *reader) get(address string) *httptest.ResponseRecorder {
	return r.send(httptest.NewRequest(http.MethodGet, address, nil))
}

// TestPeopleGetInAndEveryLinkOpens: every printed account opens with the printed password,
// administrators' too, and nobody has to change it or to set up anything first. No page offers its reader
// a link that refuses him.
func TestPeopleGetInAndEveryLinkOpens(t *testing.T) {
	b := buildTiny(t, sqliteURL(t), 1)
	p := New(Outside{Out: &bytes.Buffer{}, Err: &bytes.Buffer{}, Clock: Process().Clock,
		Environment: func(string) (string, bool) { return "", false }})
	p.host.Config, p.policy = b.program.host.Config, demoPolicy()
	closing, err := p.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer closing()
	handler, err := p.Handler()
	if err != nil {
		t.Fatal(err)
	}
	tried := 0
	for _, m := range b.Cast.Members {
		if !m.Example {
			continue
		}
		tried++
		r := &reader{handler: handler}
		code := r.enter(m.Login, demo.Password(tiny.Name, 1))
		entered := r.get("/")
		if code != http.StatusSeeOther || entered.Code != http.StatusOK ||
			!strings.Contains(entered.Body.String(), m.Name) {
			t.Errorf("%s: %d, then %d", m.Login, code, entered.Code)
			continue
		}
		if pages := r.follow(t, m.Login); pages < 15 {
			t.Errorf("%s was offered %d pages", m.Login, pages)
		}
	}
	if tried < 15 {
		t.Errorf("only %d accounts are printed", tried)
	}
}

var (
	offered = regexp.MustCompile(`(?:href|src|hx-get)="(/[^"#]*)"`)
	varying = regexp.MustCompile(`after=[^&]*|[0-9]+`)
)

// follow opens what links lead to, two of each kind, and tells how many pages there were.
func (r *reader) follow(t *testing.T, login string) (pages int) {
	t.Helper()
	kinds, seen, from := map[string]int{}, map[string]bool{}, map[string]string{}
	queue := []string{"/"}
	for ; len(queue) > 0; queue = queue[1:] {
		address := queue[0]
		kind := varying.ReplaceAllString(address, "#")
		if seen[address] || kinds[kind] >= 2 || strings.Contains(address, "format=") {
			continue
		}
		seen[address] = true
		kinds[kind]++
		w := r.get(address)
		if w.Code != http.StatusOK || strings.Contains(address, "%25") {
			t.Errorf("%s: %s leads to %s, which answers %d", login, from[address], address, w.Code)
			continue
		}
		pages++
		for _, m := range offered.FindAllStringSubmatch(w.Body.String(), -1) {
			to := html.UnescapeString(m[1])
			if from[to] == "" {
				from[to] = address
			}
			queue = append(queue, to)
		}
	}
	return pages
}
