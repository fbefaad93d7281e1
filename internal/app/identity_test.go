package app_test

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/terrace-project/terrace/internal/app"
)

// console is what a running program prints, safe to read meanwhile.
type console struct {
	mu     sync.Mutex
	text   bytes.Buffer
	serves chan struct{}
	once   sync.Once
}

func (c *console) Write(b []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.text.Write(b)
	if strings.Contains(c.text.String(), "Serving on") {
		c.once.Do(func() { close(c.serves) })
	}
	return len(b), nil
}

// serveOnce starts a program on a free port, stops it once it serves, and returns what it printed.
func serveOnce(t *testing.T, folder string) string {
	t.Helper()
	out := &console{serves: make(chan struct{})}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	p := app.New(app.Outside{Out: out, Err: out, Clock: time.Now,
		Environment: func(name string) (string, bool) {
			return map[string]string{"TERRACE_LANGUAGE": "en"}[name], name == "TERRACE_LANGUAGE"
		}})
	done := make(chan int, 1)
	go func() {
		done <- p.Main(ctx, []string{"serve", "--addr", "localhost:0", "--db", filepath.Join(folder,
			"t.db")})
	}()
	select {
	case <-out.serves:
		stop()
	case code := <-done:
		t.Fatalf("the program ended with %d: %s", code, out.text.String())
	}
	if code := <-done; code != 0 {
		t.Fatalf("the program ended with %d: %s", code, out.text.String())
	}
	return out.text.String()
}

// TestFirstStart: a new installation has one administrator; the password stands on the console of
// the first start and nowhere else.
func TestFirstStart(t *testing.T) {
	folder := t.TempDir()
	found := regexp.MustCompile(`account is admin, its one-time password (\S+) `).
		FindStringSubmatch(serveOnce(t, folder))
	if found == nil {
		t.Fatal("the first start shows no way in")
	}
	if again := serveOnce(t, folder); strings.Contains(again, "one-time password") {
		t.Errorf("the second start printed %s", again)
	}
	files := 0
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files++
		text, err := os.ReadFile(path)
		if bytes.Contains(text, []byte(found[1])) {
			t.Errorf("the password stands in %s", path)
		}
		return err
	})
	if err != nil || files < 2 {
		t.Errorf("%d files were looked at, %v", files, err)
	}
}
