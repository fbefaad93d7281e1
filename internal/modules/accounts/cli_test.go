package accounts_test

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// run runs a command line and returns what it printed.
func (s *site) run(args ...string) (string, error) {
	s.t.Helper()
	s.out.Reset()
	root := &cobra.Command{Use: "terrace", SilenceUsage: true, SilenceErrors: true}
	root.SetOut(&bytes.Buffer{})
	root.AddCommand(s.module.Commands()...)
	root.SetArgs(args)
	err := root.ExecuteContext(s.t.Context())
	return s.out.String(), err
}

// TestCommands: the way in when nobody is left: accounts and posts from the server itself.
func TestCommands(t *testing.T) {
	each(t, func(s *site) {
		out, err := s.run("user", "add", "keeper", "安全员", "--phone", "13812345678", "--place", "青山区")
		s.must(err)
		password := regexp.MustCompile(`keeper is (\S+) \(`).FindStringSubmatch(out)
		if password == nil {
			t.Fatalf("user add printed %q", out)
		}
		p := s.browser().post("/sign-in", "login", "keeper", "password", password[1])
		p.expect(t, 200, "set a password of your own")
		_, err = s.run("post", "give", "keeper", "security_administrator")
		s.must(err)
		_, err = s.run("post", "give", "keeper", "audit_administrator")
		if !fault.HasKey(err, "identity.post.separate") {
			t.Errorf("a second administrator's role: %v", err)
		}
		_, err = s.run("post", "give", "keeper", "reader", "--place", "江城市", "--since", "2026-01-01",
			"--last",
			"2026-06-30")
		s.must(err)
		out, err = s.run("post", "list", "keeper")
		s.must(err)
		if !strings.Contains(out, "江城市") || !strings.Contains(out, "2026-06-30") ||
			!strings.Contains(out, "the installation") {
			t.Errorf("post list printed %q", out)
		}
		number := regexp.MustCompile(`(?m)^(\d+) .*reader`).FindStringSubmatch(out)
		_, err = s.run("post", "end", number[1])
		s.must(err)
		a, err := s.host.Identity.ByLogin(t.Context(), access.Machine, "keeper")
		s.must(err)
		if held, err := s.host.Identity.PostsOf(t.Context(), a.ID, s.host.Today()); err != nil ||
			len(held) != 1 {
			t.Errorf("held: %v, %v", held, err)
		}
		out, err = s.run("user", "reset", "keeper", "--second-factor")
		s.must(err)
		if strings.Contains(out, password[1]) || !strings.Contains(out, "one-time password") {
			t.Errorf("user reset printed %q", out)
		}
		for _, step := range []string{"lock", "unlock", "close"} {
			_, err = s.run("user", step, "keeper")
			s.must(err)
		}
		if out, err = s.run("user", "list"); err != nil || !strings.Contains(out, "closed") {
			t.Errorf("user list printed %q, %v", out, err)
		}
		for want, args := range map[string][]string{"identity.no_account": {"user", "lock", "nobody"},
			"web.date":           {"post", "give", "keeper", "reader", "--since", "soon"},
			"identity.closed":    {"user", "reset", "keeper"},
			"identity.no_post":   {"post", "end", "x"},
			"identity.entry":     {"user", "add", "X!", ""},
			"identity.no_place":  {"user", "add", "fine", "好", "--place", "nowhere"},
			"identity.post.role": {"post", "give", "keeper", "emperor"}} {
			if _, err := s.run(args...); !fault.HasKey(err, want) {
				t.Errorf("%v: %v, want %s", args, err, want)
			}
		}
	})
}
