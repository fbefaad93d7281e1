// Package webtest asks the pages and the interface of a server under test, as somebody who says with
// each request what role he holds and where. The server's Authenticate believes it (Claimed); nothing
// of this is in the program.
package webtest

import (
	"bytes"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// claim is the header in which a request says who it is from.
const claim = "X-Test-Actor"

// Claim lets a request be from somebody: "role@place"; "" is nobody.
func Claim(r *http.Request, who string) {
	if role, place, ok := strings.Cut(who, "@"); ok {
		r.Header.Set(claim, role+"@"+url.QueryEscape(place))
	}
}

// Claimed tells the role and the place a request is from.
func Claimed(r *http.Request) (role, place string, somebody bool, err error) {
	role, place, somebody = strings.Cut(r.Header.Get(claim), "@")
	place, err = url.QueryUnescape(place)
	return role, place, somebody, err
}

// Client asks a server at an address.
type Client struct {
	t       testing.TB
	base    string
	follows bool
}

// New is a client of the server at an address. It shows a redirection as one.
func New(t testing.TB, base string) *Client { return &Client{t: t, base: base} }

// Following is a client that goes where a redirection leads.
func (c *Client) Following() *Client { return &Client{c.t, c.base, true} }

// Ask sends a request as somebody; header is name, value, name, value …
func (c *Client) Ask(who, method, path string, body io.Reader, header ...string) Page {
	c.t.Helper()
	r, err := http.NewRequestWithContext(c.t.Context(), method, c.base+path, body)
	if err != nil {
		c.t.Fatal(err)
	}
	if Claim(r, who); who != "" { // nobody would be sent to sign in
		r.Header.Set("Accept", "text/html")
	}
	r.Header.Set("Accept-Language", "en")
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}
	if c.follows {
		client = http.Client{}
	}
	answer, err := client.Do(r)
	if err != nil {
		c.t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return Page{c.t, who + " " + method + " " + path, answer.StatusCode, string(text), answer.Header}
}

// See reads a page.
func (c *Client) See(who, path string) Page {
	c.t.Helper()
	return c.Ask(who, http.MethodGet, path, nil)
}

// Post sends a form; fields are name, value, name, value …
func (c *Client) Post(who, path string, fields ...string) Page {
	c.t.Helper()
	values := url.Values{}
	for i := 0; i+1 < len(fields); i += 2 {
		values.Add(fields[i], fields[i+1])
	}
	return c.Ask(who, http.MethodPost, path, strings.NewReader(values.Encode()),
		"Content-Type", "application/x-www-form-urlencoded")
}

// Upload sends a form with a file in the field “file”, as browsers do; fields are name, value, name, …
func (c *Client) Upload(who, path, name string, content []byte, fields ...string) Page {
	c.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for i := 0; i+1 < len(fields); i += 2 {
		if err := form.WriteField(fields[i], fields[i+1]); err != nil {
			c.t.Fatal(err)
		}
	}
	part, err := form.CreateFormFile("file", name)
	if err == nil {
		_, err = part.Write(content)
	}
	if err == nil {
		err = form.Close()
	}
	if err != nil {
		c.t.Fatal(err)
	}
	return c.Ask(who, http.MethodPost, path, &body, "Content-Type", form.FormDataContentType())
}

// Call asks an operation of the interface, and reads its answer.
func (c *Client) Call(who, method, path, body string, header ...string) (Page, map[string]any) {
	c.t.Helper()
	header = append(header, "Accept", "application/json")
	if body != "" {
		header = append(header, "Content-Type", "application/json")
	}
	p := c.Ask(who, method, "/api/v1"+path, strings.NewReader(body), header...)
	value := map[string]any{}
	if err := json.Unmarshal([]byte(p.Body), &value); err != nil {
		c.t.Fatalf("%s answered %d %s", p.what, p.Status, p.Body)
	}
	return p, value
}

// Page is an answer.
type Page struct {
	t      testing.TB
	what   string
	Status int
	Body   string
	Header http.Header
}

// Is checks the status, and that pieces of text are there, or with "!" before them are not.
func (p Page) Is(status int, texts ...string) Page {
	p.t.Helper()
	if p.Status != status {
		p.t.Errorf("%s answered %d, want %d:\n%s", p.what, p.Status, status, p.told())
	}
	for _, text := range texts {
		gone, absent := strings.CutPrefix(text, "!")
		if strings.Contains(p.Body, gone) == absent {
			p.t.Errorf("%s: %q\n%s", p.what, text, p.told())
		}
	}
	return p
}

// told is what an answer says, without the frame of the page.
func (p Page) told() string {
	text := p.Body
	if _, main, found := strings.Cut(text, `<main id="main">`); found {
		text = main
	}
	return text[:min(len(text), 3000)]
}
