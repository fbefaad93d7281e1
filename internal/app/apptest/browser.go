package apptest

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
)

func newJar(t testing.TB) http.CookieJar {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return jar
}

// Session is somebody at their browser.
type Session struct {
	t    testing.TB
	base string
	http *http.Client
}

// SignIn signs somebody in by their login.
func (c *City) SignIn(login string) *Session {
	c.t.Helper()
	s := c.Nobody()
	code, body := s.Post("/sign-in", url.Values{"login": {login}, "password": {Password}})
	if code != http.StatusSeeOther {
		c.t.Fatalf("%s cannot sign in: %d\n%s", login, code, body)
	}
	return s
}

// Nobody is a browser that is not signed in.
func (c *City) Nobody() *Session {
	c.t.Helper()
	return &Session{c.t, c.Serve(), Client(c.t)}
}

// Get reads a page.
func (s *Session) Get(path string) (int, string) {
	s.t.Helper()
	answer, err := s.http.Get(s.base + path)
	return s.read(answer, err)
}

func (s *Session) read(answer *http.Response, err error) (int, string) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return answer.StatusCode, string(body)
}

// Post sends a form.
func (s *Session) Post(path string, form url.Values) (int, string) {
	s.t.Helper()
	r, err := http.NewRequest(http.MethodPost, s.base+path, strings.NewReader(form.Encode()))
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", s.base)
	answer, err := s.http.Do(r)
	return s.read(answer, err)
}

// Page reads a page of a list of the interface, and the address of the next one from its Link header
// (RFC 8288); empty: it was the last.
func (s *Session) Page(path string) (code int, body, next string) {
	s.t.Helper()
	answer, err := s.http.Get(s.base + path)
	code, body = s.read(answer, err)
	next, _, _ = strings.Cut(strings.TrimPrefix(answer.Header.Get("Link"), "<"), ">")
	return code, body, next
}

// Do sends a request as it is, with the session's cookies.
func (s *Session) Do(r *http.Request) (int, string) {
	s.t.Helper()
	answer, err := s.http.Do(r)
	return s.read(answer, err)
}

// Base is the address of the server.
func (s *Session) Base() string { return s.base }
