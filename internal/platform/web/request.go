package web

import (
	"errors"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Request is a request with who asks, in which language, and when.
type Request struct {
	*http.Request
	Actor    access.Actor
	Language locale.Language
	Now      period.Instant
	Elder    bool   // larger type
	Address  string // of the client
	server   *Server
}

// Names of the two cookies that hold a person's taste, nothing else.
const (
	LanguageCookie = "language" // zh or en
	ElderCookie    = "elder"    // 1: larger type
)

func (s *Server) request(r *http.Request) *Request {
	chosen, elder := "", false
	if c, err := r.Cookie(LanguageCookie); err == nil {
		chosen = c.Value
	}
	if c, err := r.Cookie(ElderCookie); err == nil {
		elder = c.Value == "1"
	}
	return &Request{
		Request:  r,
		Actor:    access.From(r.Context()),
		Language: locale.Match(chosen, r.Header.Get("Accept-Language")),
		Now:      period.At(s.Clock()),
		Elder:    elder,
		Address:  ClientAddress(r, s.Proxies),
		server:   s,
	}
}

// Today is the civil day in Beijing.
func (r *Request) Today() period.Date { return r.Now.Date() }

// T is the text of a key in the reader's language.
func (r *Request) T(key string, args ...any) string {
	return r.server.Dictionary.Text(r.Language, key, args...)
}

// Explain is a refusal in the reader's language, on one line.
func (r *Request) Explain(f *fault.Fault) string {
	return r.server.Dictionary.Explain(r.Language, f).String()
}

// ID reads a number from the path. What is no number cannot be found.
func (r *Request) ID(name string) (int64, error) {
	id, err := strconv.ParseInt(r.PathValue(name), 10, 64)
	if err != nil || id < 0 {
		return 0, fault.New(fault.NotFound, "web.no_page")
	}
	return id, nil
}

// Field is a value of the posted form or of the address, trimmed.
func (r *Request) Field(name string) string { return strings.TrimSpace(r.FormValue(name)) }

// Number reads a field that must be a whole number not below 0; empty is 0.
func (r *Request) Number(name string) (int64, error) { return Number(name, r.Field(name)) }

// Number reads what a field, filter or cursor holds: a whole number not below 0; empty is 0.
func Number(name, text string) (int64, error) {
	if text == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 {
		return 0, fault.New(fault.Invalid, "web.number", name)
	}
	return n, nil
}

// Date reads a field that is empty or a date.
func (r *Request) Date(name string) (period.Date, error) {
	text := r.Field(name)
	if text == "" {
		return "", nil
	}
	d, err := period.ParseDate(text)
	if err != nil {
		return "", fault.New(fault.Invalid, "web.date", text)
	}
	return d, nil
}

// Posted parses the posted form within the route's limit. Handlers of POST call it first.
func (r *Request) Posted() error {
	err := r.ParseForm()
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return fault.New(fault.TooLarge, "web.too_large", tooLarge.Limit)
	case err != nil:
		return fault.New(fault.Invalid, "web.form").Because(err)
	}
	return nil
}

// Upload parses a form with files, within the route's limit, and returns the file of a field; nil
// if none was chosen. The caller closes it.
func (r *Request) Upload(name string) (multipart.File, *multipart.FileHeader, error) {
	err := r.ParseMultipartForm(4 << 20)
	if errors.Is(err, http.ErrNotMultipart) { // a form without a file
		return nil, nil, r.Posted()
	}
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return nil, nil, fault.New(fault.TooLarge, "web.too_large", tooLarge.Limit)
	case err != nil:
		return nil, nil, fault.New(fault.Invalid, "web.form").Because(err)
	}
	file, header, err := r.FormFile(name)
	if errors.Is(err, http.ErrMissingFile) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, fault.New(fault.Invalid, "web.form").Because(err)
	}
	return file, header, nil
}

// RequireUpload is Upload for a form that does nothing without a file.
func (r *Request) RequireUpload(name string) (multipart.File, *multipart.FileHeader, error) {
	file, header, err := r.Upload(name)
	if err == nil && file == nil {
		err = fault.New(fault.Invalid, "web.no_file")
	}
	return file, header, err
}

// wantsPage reports whether the answer will be looked at by a person.
func (r *Request) wantsPage() bool {
	return strings.Contains(r.Header.Get("Accept"), "text/html") && r.URL.Query().Get("format") == ""
}

// Scope is where the actor may do an act.
func (r *Request) Scope(p access.Permit) access.Scope { return r.server.Access.Scope(r.Actor, p) }

// Require refuses unless the actor may do the act at the place.
func (r *Request) Require(p access.Permit, place int64) error {
	return r.server.Access.Require(r.Actor, p, place)
}

// Can reports whether the actor may do the act at the place.
func (r *Request) Can(p access.Permit, place int64) bool {
	return r.server.Access.Can(r.Actor, p, place)
}

// LastingCookie is a cookie of this site that is kept for a year; an empty value removes it.
func (r *Request) LastingCookie(name, value string) *http.Cookie {
	c := &http.Cookie{Name: name, Value: value, Path: "/", HttpOnly: true, Secure: r.server.Secure,
		SameSite: http.SameSiteLaxMode, MaxAge: int((365 * 24 * time.Hour).Seconds())}
	if value == "" {
		c.MaxAge = -1
	}
	return c
}

// LocalPath gives back an address only if it leads to this site; anything else becomes "/".
func LocalPath(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(u.Path, "/") ||
		strings.HasPrefix(address, "//") || strings.ContainsAny(address, "\\\r\n") {
		return "/"
	}
	return u.RequestURI()
}

func queryEscape(s string) string { return url.QueryEscape(s) }
