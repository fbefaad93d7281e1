package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"strconv"

	"github.com/terrace-project/terrace/internal/pure/period"
)

// Answer is what a handler gives back.
type Answer interface {
	write(s *Server, w http.ResponseWriter, r *Request) error
}

// Page is what a view is filled with.
type Page struct {
	Title  string
	Place  int64 // the place the page is about; 0: none
	Trail  []Crumb
	Data   any
	Status int  // 0: 200
	Bare   bool // without the frame: for prints and for pieces that htmx swaps in
	Wide   bool // tables and boards
	Fresh  int  // seconds after which the page loads itself again; 0: never
}

// Crumb is a step of the way to a page.
type Crumb struct{ Text, Href string }

// View answers with a page made from a template "module/name".
func View(name string, page Page) Answer { return viewAnswer{name, page} }

type viewAnswer struct {
	name string
	page Page
}

func (a viewAnswer) write(s *Server, w http.ResponseWriter, r *Request) error {
	var body bytes.Buffer
	if err := s.views.render(&body, r, a.name, a.page); err != nil {
		return err
	}
	status := a.page.Status
	if status == 0 {
		status = http.StatusOK
	}
	writePage(w, r, status, body.Bytes())
	return nil
}

func writePage(w http.ResponseWriter, r *Request, status int, body []byte) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", r.Language.Tag())
	h.Set("Vary", "Accept-Language, Cookie")
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "no-store")
	}
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		w.Write(body) //nolint:errcheck // the reader has gone
	}
}

// Redirect answers with "see there", as after every accepted form.
func Redirect(address string) Answer { return redirectAnswer(address) }

type redirectAnswer string

func (a redirectAnswer) write(_ *Server, w http.ResponseWriter, r *Request) error {
	http.Redirect(w, r.Request, string(a), http.StatusSeeOther)
	return nil
}

// File answers with a file to save. The body is closed afterwards if it can be.
func File(name, kind string, body io.Reader) Answer { return fileAnswer{name, kind, body, false} }

// Inline answers with a file to look at (an image, a print).
func Inline(name, kind string, body io.Reader) Answer { return fileAnswer{name, kind, body, true} }

type fileAnswer struct {
	name, kind string
	body       io.Reader
	inline     bool
}

func (a fileAnswer) write(_ *Server, w http.ResponseWriter, r *Request) error {
	if c, ok := a.body.(io.Closer); ok {
		defer c.Close()
	}
	disposition := "attachment"
	if a.inline {
		disposition = "inline"
	}
	h := w.Header()
	h.Set("Content-Type", a.kind)
	h.Set("Content-Disposition", mime.FormatMediaType(disposition, map[string]string{"filename": a.name}))
	h.Set("Cache-Control", "private, no-store")
	_, err := io.Copy(w, a.body)
	return err
}

// JSON answers with a value as JSON and an ETag over its content.
func JSON(value any) Answer { return jsonAnswer{value} }

type jsonAnswer struct{ value any }

func (a jsonAnswer) write(_ *Server, w http.ResponseWriter, r *Request) error {
	body, err := json.Marshal(a.value)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(body)
	tag := `"` + hex.EncodeToString(sum[:8]) + `"`
	h := w.Header()
	h.Set("ETag", tag)
	h.Set("Cache-Control", "private, no-cache")
	if r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	_, err = w.Write(body)
	return err
}

// WithCookie adds a cookie to another answer.
func WithCookie(a Answer, cookies ...*http.Cookie) Answer { return cookieAnswer{a, cookies} }

type cookieAnswer struct {
	Answer
	cookies []*http.Cookie
}

func (a cookieAnswer) write(s *Server, w http.ResponseWriter, r *Request) error {
	for _, c := range a.cookies {
		http.SetCookie(w, c)
	}
	return a.Answer.write(s, w, r)
}

// PublicFor lets caches keep a public answer for some seconds.
func PublicFor(seconds int, a Answer) Answer { return cachedAnswer{a, seconds} }

type cachedAnswer struct {
	Answer
	seconds int
}

func (a cachedAnswer) write(s *Server, w http.ResponseWriter, r *Request) error {
	w.Header().Set("Cache-Control", "public, max-age="+strconv.Itoa(a.seconds))
	return a.Answer.write(s, w, r)
}

// FileDate is the date as it stands in the name of a saved file.
func FileDate(d period.Date) string { return string(d) }
