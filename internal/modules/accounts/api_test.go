package accounts_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/identity"
)

// call asks an operation and decodes the answer; header are names and values.
func (b *browser) call(method, path, body string, header ...string) (int, http.Header, map[string]any) {
	b.s.t.Helper()
	r, err := http.NewRequestWithContext(b.s.t.Context(), method, b.s.server.URL+"/api/v1"+path,
		strings.NewReader(body))
	b.s.must(err)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	answer, err := b.client.Do(r)
	b.s.must(err)
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	b.s.must(err)
	value := map[string]any{}
	if len(text) > 0 {
		if err := json.Unmarshal(text, &value); err != nil {
			b.s.t.Fatalf("%s %s answered %s", method, path, text)
		}
	}
	return answer.StatusCode, answer.Header, value
}

func (s *site) want(status, want int, value any, what string) {
	s.t.Helper()
	if status != want {
		s.t.Errorf("%s: %d, want %d: %v", what, status, want, value)
	}
}

// TestOperations: a session may do what its person may, in the shape the description gives.
func TestOperations(t *testing.T) {
	each(t, func(s *site) {
		s.person("root", at("system_administrator", 0))
		s.person("keeper", at("security_administrator", 0))
		b, k := s.in("root"), s.in("keeper")
		status, _, me := b.call("GET", "/me", "")
		s.want(status, 200, me, "me")
		if me["login"] != "root" || !strings.Contains(fmt.Sprint(me["permits"]), "accounts.change") {
			t.Errorf("me: %v", me)
		}
		status, _, made := b.call("POST", "/users",
			`{"login":"clerk","name":"王办事","place":5,"phone":"13912345678"}`)
		s.want(status, 201, made, "create")
		user := made["user"].(map[string]any)
		if made["one_time_password"] == "" || user["phone"] != "139****5678" {
			t.Errorf("created: %v", made)
		}
		status, _, wrong := b.call("POST", "/users", `{"login":"clerk","name":"另"}`)
		s.want(status, 409, wrong, "a login twice")
		status, _, wrong = b.call("POST", "/users", `{"login":"X!","name":""}`)
		s.want(status, 422, wrong, "a wrong entry")
		if findings, _ := wrong["findings"].([]any); len(findings) != 2 {
			t.Errorf("findings: %v", wrong)
		}
		path := fmt.Sprintf("/users/%v", user["id"])
		status, header, got := b.call("GET", path, "")
		s.want(status, 200, got, "get")
		if header.Get("ETag") == "" {
			t.Error("a user has no ETag")
		}
		for _, act := range []string{"lock", "unlock", "reset_password"} {
			status, _, out := b.call("POST", path+"/acts", `{"act":"`+act+`"}`)
			s.want(status, 200, out, act)
		}
		status, _, out := b.call("POST", path+"/acts", `{"act":"promote"}`)
		s.want(status, 422, out, "an unknown act")
		s.postOperations(b, k, fmt.Sprint(user["id"]))
		status, _, list := b.call("GET", "/users?limit=2", "")
		s.want(status, 200, list, "list")
		status, _, rest := b.call("GET", fmt.Sprintf("/users?limit=2&after=%v", list["next"]), "")
		s.want(status, 200, rest, "the next page")
		if len(list["rows"].([]any)) != 2 || len(rest["rows"].([]any)) != 1 || rest["next"] != nil {
			t.Errorf("pages: %v, %v", list, rest)
		}
		status, _, mine := b.call("GET", "/me/sessions", "")
		s.want(status, 200, mine, "sessions")
		id := mine["rows"].([]any)[0].(map[string]any)["id"]
		status, _, out = k.call("DELETE", fmt.Sprintf("/me/sessions/%v", id), "")
		s.want(status, 404, out, "somebody else's session")
		status, _, out = b.call("DELETE", fmt.Sprintf("/me/sessions/%v", id), "")
		s.want(status, 204, out, "ending a session")
		status, _, out = b.call("GET", "/me", "")
		s.want(status, 401, out, "after it")
	})
}

// postOperations proposes and decides posts at the version that was read.
func (s *site) postOperations(b, k *browser, account string) {
	s.t.Helper()
	propose := `{"account":` + account +
		`,"role":"village_accountant","place":5,"since":"2026-01-01","document":"1"}`
	status, header, post := b.call("POST", "/posts", propose)
	s.want(status, 201, post, "propose")
	path, tag := fmt.Sprintf("/posts/%v/acts", post["id"]), header.Get("ETag")
	status, _, out := k.call("POST", path, `{"act":"approve"}`)
	s.want(status, 428, out, "without a version")
	status, _, out = k.call("POST", path, `{"act":"approve"}`, "If-Match", `"7"`)
	s.want(status, 412, out, "at another version")
	status, _, out = b.call("POST", path, `{"act":"approve"}`, "If-Match", tag)
	s.want(status, 403, out, "by the proposer")
	status, header, out = k.call("POST", path, `{"act":"approve"}`, "If-Match", tag)
	s.want(status, 200, out, "approve")
	status, _, out = k.call("POST", path, `{"act":"end","reason":"moved","on":"2026-02-30"}`, "If-Match",
		header.Get("ETag"))
	s.want(status, 422, out, "a day that is not")
	status, _, out = k.call("POST", path, `{"act":"end","reason":"moved"}`, "If-Match", header.Get("ETag"))
	s.want(status, 200, out, "end")
	status, _, list := k.call("GET", "/posts?state=over&account="+account, "")
	s.want(status, 200, list, "posts")
	if rows := list["rows"].([]any); len(rows) != 1 || rows[0].(map[string]any)["standing"] != "over" {
		s.t.Errorf("posts: %v", list)
	}
	status, _, list = k.call("GET", "/posts?after=nonsense!", "")
	s.want(status, 422, list, "a cursor of one's own")
}

// TestTokensAtOperations: a bearer token reads what it was given and is no administrator, whatever
// its person is.
func TestTokensAtOperations(t *testing.T) {
	each(t, func(s *site) {
		s.person("both", at("system_administrator", 0), at("county_officer", 2))
		b := s.in("both")
		p := b.post("/account/tokens", "name", "nightly", "last", "2026-02-01", "permit", "assets.read")
		bearer := []string{"Authorization", "Bearer " + found(t, p, `<code>(terrace_[^<]+)</code>`)}
		program := s.browser()
		status, _, me := program.call("GET", "/me", "", bearer...)
		s.want(status, 200, me, "me")
		if fmt.Sprint(me["permits"]) != "[assets.read]" || me["token"] != true {
			t.Errorf("the token is %v", me)
		}
		status, _, out := program.call("GET", "/users", "", bearer...)
		s.want(status, 403, out, "users")
		status, _, out = program.call("DELETE", "/me/sessions/1", "", bearer...)
		s.want(status, 403, out, "ending sessions")
		status, _, out = program.call("GET", "/me", "", "Authorization", "Bearer nonsense")
		s.want(status, 401, out, "a token that is none")
		if out["rule"] == nil || out["next"] == nil {
			t.Errorf("the refusal explains nothing: %v", out)
		}
		status, _, out = program.call("GET", "/me", "")
		s.want(status, 401, out, "nobody")
	})
}

// TestOperationsBeforeTheFirstPassword are refused as problems, not as pages.
func TestOperationsBeforeTheFirstPassword(t *testing.T) {
	each(t, func(s *site) {
		_, oneTime, err := s.host.Identity.Create(t.Context(), access.Machine,
			identity.Entry{Login: "anna", Name: "安娜"})
		s.must(err)
		b := s.browser()
		b.post("/sign-in", "login", "anna", "password", oneTime)
		status, _, out := b.call("GET", "/me", "")
		s.want(status, 403, out, "me")
		if out["type"] != "urn:terrace:refusal:identity.must_change" {
			t.Errorf("refused as %v", out)
		}
	})
}
