package web_test

import (
	"net/http"
	"testing"

	"github.com/terrace-project/terrace/internal/platform/web"
)

// TestOnlyNamedProxiesAreBelieved: an address in a header counts only if a named proxy put it there.
func TestOnlyNamedProxiesAreBelieved(t *testing.T) {
	for _, c := range []struct{ remote, forwarded, proxies, want string }{
		{"203.0.113.9:4000", "", "", "203.0.113.9"},
		{"203.0.113.9:4000", "198.51.100.1", "", "203.0.113.9"},
		{"127.0.0.1:4000", "198.51.100.1", "127.0.0.1", "198.51.100.1"},
		{"127.0.0.1:4000", "8.8.8.8, 198.51.100.1", "127.0.0.1", "198.51.100.1"},
		{"127.0.0.1:4000", "198.51.100.1, 10.1.2.3", "127.0.0.1, 10.0.0.0/8", "198.51.100.1"},
		{"127.0.0.1:4000", "not an address", "127.0.0.1", "127.0.0.1"},
		{"[::1]:4000", "2001:db8::5", "::1", "2001:db8::5"},
		{"127.0.0.1:4000", "", "127.0.0.1", "127.0.0.1"},
	} {
		proxies, err := web.ParseProxies(c.proxies)
		if err != nil {
			t.Fatal(err)
		}
		r := &http.Request{RemoteAddr: c.remote, Header: http.Header{}}
		if c.forwarded != "" {
			r.Header.Set("X-Forwarded-For", c.forwarded)
		}
		if got := web.ClientAddress(r, proxies); got != c.want {
			t.Errorf("%s with %q behind %q is %s, want %s", c.remote, c.forwarded, c.proxies, got, c.want)
		}
	}
	if _, err := web.ParseProxies("10.0.0.0/99"); err == nil {
		t.Error("a network of 99 bits was taken")
	}
}
