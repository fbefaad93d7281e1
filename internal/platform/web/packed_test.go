package web

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// packedAnswer is what a client that unpacks gets from a handler: head and text.
func packedAnswer(t *testing.T, handler http.HandlerFunc) (*http.Response, string) {
	t.Helper()
	asked := httptest.NewRequest(http.MethodGet, "/", nil)
	asked.Header.Set("Accept-Encoding", "gzip")
	w := httptest.NewRecorder()
	compressed(handler).ServeHTTP(w, asked)
	answer := w.Result()
	var from io.Reader = answer.Body
	if answer.Header.Get("Content-Encoding") == "gzip" {
		unpacked, err := gzip.NewReader(answer.Body)
		if err != nil {
			t.Fatal(err)
		}
		from = unpacked
	}
	text, err := io.ReadAll(from)
	if err != nil {
		t.Fatal(err)
	}
	return answer, string(text)
}

func TestAnswersArePackedWhenItPays(t *testing.T) {
	line := "收到租金 500.00 元\n"
	long := strings.Repeat(line, packedMin/len(line)+1)
	for _, c := range []struct {
		name, kind, text string
		status, pieces   int
		packed           bool
	}{
		{"short text", "application/json", line, http.StatusCreated, 1, false},
		{"long text", "text/html; charset=utf-8", long, http.StatusOK, 1, true},
		{"long text in pieces", "text/csv", long, http.StatusConflict, 40, true},
		{"long but no text", "application/zip", long, http.StatusOK, 1, false},
		{"nothing to say", "text/plain", "", http.StatusNoContent, 1, false},
	} {
		answer, text := packedAnswer(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", c.kind)
			w.WriteHeader(c.status)
			size := len(c.text)/c.pieces + 1
			for rest := c.text; rest != ""; {
				n := min(size, len(rest))
				if _, err := io.WriteString(w, rest[:n]); err != nil {
					t.Error(err)
				}
				rest = rest[n:]
			}
		})
		if text != c.text || answer.StatusCode != c.status {
			t.Errorf("%s: %d with %d bytes, want %d with %d", c.name, answer.StatusCode, len(text), c.status,
				len(c.text))
		}
		if packed := answer.Header.Get("Content-Encoding") == "gzip"; packed != c.packed {
			t.Errorf("%s: packed %v", c.name, packed)
		}
		if text := packable(c.kind); text != (answer.Header.Get("Vary") == "Accept-Encoding") {
			t.Errorf("%s: a cache is not told what the answer depends on", c.name)
		}
	}
}

func TestWhatAHandlerBeganIsNotSentWhenItFails(t *testing.T) {
	w := httptest.NewRecorder()
	asked := httptest.NewRequest(http.MethodGet, "/", nil)
	asked.Header.Set("Accept-Encoding", "gzip")
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the failure was swallowed")
			}
		}()
		compressed(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			io.WriteString(w, "half an answer") //nolint:errcheck // a recorder takes everything
			panic("broken")
		})).ServeHTTP(w, asked)
	}()
	if w.Body.Len() > 0 {
		t.Errorf("sent %q with %d", w.Body, w.Code)
	}
}
