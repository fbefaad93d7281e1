package accounts_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/identity"
	"github.com/terrace-project/terrace/internal/platform/log"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// TestUsers: created with a password shown once, listed, found, exported, changed, locked, closed.
func TestUsers(t *testing.T) {
	each(t, func(s *site) {
		s.person("root", at("system_administrator", 0))
		b := s.in("root")
		p := b.post("/users", "login", "X!", "name", "", "phone", "12", "place", "")
		p.expect(t, http.StatusUnprocessableEntity, "the login has 3–64 small letters")
		p.expect(t, http.StatusUnprocessableEntity, `class="error" id="phone-error"`)
		b.post("/users", "login", "clerk", "name", "王办事", "place", "nowhere").expect(t,
			http.StatusUnprocessableEntity, "There is no such place")
		p = b.post("/users", "login", "clerk", "name", "王办事", "phone", "139 8765 4321", "place", "桃花村",
			"language", "zh")
		p.expect(t, http.StatusOK, "One-time password")
		oneTime := found(t, p, `<code>([^<]+)</code>`)
		b.post("/users", "login", "clerk", "name", "另一人").expect(t, http.StatusConflict, "is taken")
		p = b.get("/users?q=clerk")
		p.expect(t, http.StatusOK, "桃花村")
		p.expect(t, http.StatusOK, "one in all")
		path := "/users/" + found(t, p, `/users/(\d+)">clerk<`)
		if p.has(oneTime) || b.get(path).has(oneTime) {
			t.Error("the one-time password is shown again")
		}
		b.get("/users?format=csv&q=clerk").expect(t, http.StatusOK, "clerk,王办事")
		b.get("/users?state=closed").expect(t, http.StatusOK, "Nothing fits these conditions")
		b.get("/users?state=dead").expect(t, http.StatusUnprocessableEntity, "is not a choice")
		s.userPage(b, path)
		p = b.post(path + "/reset")
		if again := found(t, p, `<code>([^<]+)</code>`); again == oneTime {
			t.Error("a reset gives the same password")
		}
		b.post(path+"/second-factor").expect(t, http.StatusConflict, "has no second factor")
		b.post(path+"/lock").expect(t, http.StatusOK, "The account is locked")
		b.post(path+"/unlock").expect(t, http.StatusOK, "The account is unlocked")
		b.post(path+"/close").expect(t, http.StatusOK, "The account is closed")
		b.post(path+"/unlock").expect(t, http.StatusConflict, "This account is closed")
	})
}

// userPage looks at one user and changes the details.
func (s *site) userPage(b *browser, path string) {
	s.t.Helper()
	p := b.get(path)
	p.expect(s.t, http.StatusOK, "139****4321")
	if p.has("13987654321") {
		s.t.Error("the phone is shown whole")
	}
	b.post(path+"/phone", "reason", "x").expect(s.t, http.StatusUnprocessableEntity, "Give a reason")
	b.post(path+"/phone", "reason", "电话通知领取材料").expect(s.t, http.StatusOK, "13987654321")
	version := found(s.t, p, `name="version" value="(\d+)"`)
	b.post(path, "version", version, "name", "王主任", "phone", "", "place", "青山区").expect(s.t,
		http.StatusOK, "Saved.")
	p = b.post(path, "version", version, "name", "李主任", "place", "青山区")
	p.expect(s.t, http.StatusPreconditionFailed, "Somebody else has just changed this record")
	p = b.get(path)
	p.expect(s.t, http.StatusOK, "王主任")
	p.expect(s.t, http.StatusOK, "139****4321")
	b.get("/users/99999").expect(s.t, http.StatusNotFound, "no such account")
}

// TestPostsInPages: proposed by one administrator, approved by another, many at once with the
// reasons of those that were not, and ended.
func TestPostsInPages(t *testing.T) {
	each(t, func(s *site) {
		s.person("root", at("system_administrator", 0))
		s.person("keeper", at("security_administrator", 0))
		anna := fmt.Sprint("/users/", s.person("anna"))
		berta := fmt.Sprint("/users/", s.person("berta"))
		b, k := s.in("root"), s.in("keeper")
		b.post(anna+"/posts", "role", "village_accountant", "at", "青山区", "since", "2026-01-01", "document",
			"1").expect(t, http.StatusUnprocessableEntity, "cannot be held at the level")
		propose := []string{"role", "village_accountant", "at", "桃花村", "since", "2026-01-01", "last",
			"2026-12-31", "document", "农发〔2026〕1号"}
		b.post(anna+"/posts", propose...).expect(t, http.StatusOK, "waits for another person")
		b.post(berta+"/posts", propose...).expect(t, http.StatusOK, "2026-01-01 – 2026-12-31")
		b.post(anna+"/posts", "role", "reader", "area", "1", "since", "2026-01-01", "document",
			"2").expect(t,
			http.StatusOK, "两县区")
		if p := b.get("/posts/pending"); p.has(`name="row"`) || !p.has("3 in all") {
			t.Error("who proposes is offered to approve, or does not see what waits")
		}
		p := k.get("/posts/pending")
		p.expect(t, http.StatusOK, "3 in all")
		first := found(t, p, `name="row" value="([^"]+)"`)
		k.post("/posts/approve", "back", "/posts/pending").expect(t, http.StatusUnprocessableEntity,
			"No post was chosen")
		p = k.post("/posts/approve", "row", first, "row", "999-1", "row", first, "back", "/posts/pending")
		p.expect(t, http.StatusOK, "1 done")
		p.expect(t, http.StatusOK, "2 not done")
		p = k.get(berta)
		post := found(t, p, `/posts/(\d+)/approve"`)
		b.post("/posts/"+post+"/approve", "back", berta).expect(t, http.StatusForbidden,
			"do not have the permit")
		k.post("/posts/"+post+"/refuse", "back", berta).expect(t, http.StatusUnprocessableEntity,
			"Give a reason")
		k.post("/posts/"+post+"/approve", "back", berta).expect(t, http.StatusOK, "Approved.")
		k.get("/posts?state=in_force&place="+"5").expect(t, http.StatusOK, "Village accountant")
		b.post("/posts/"+post+"/end", "back", berta, "reason", "调离").expect(t, http.StatusOK,
			"The post is ended")
		b.get(berta).expect(t, http.StatusOK, "over")
	})
}

// TestAbolishedPlacesPage lists stranded posts and proposes where they continue.
func TestAbolishedPlacesPage(t *testing.T) {
	each(t, func(s *site) {
		s.person("root", at("system_administrator", 0))
		anna := s.person("anna")
		b := s.in("root")
		b.get("/posts/abolished").expect(t, http.StatusOK, "No posts wait for a successor")
		levels[9], parents[9] = 5, 2 // the village still stands …
		post, err := s.host.Identity.Propose(t.Context(), access.Machine, identity.Proposal{Account: anna,
			Role: "village_accountant", Place: 9, Since: "2026-01-01", Until: period.Open})
		s.must(err)
		delete(levels, 9) // … and is abolished
		delete(parents, 9)
		p := b.get("/posts/abolished")
		p.expect(t, http.StatusOK, "梨花村")
		p.expect(t, http.StatusOK, `<option value="5">桃花村</option>`)
		b.post(fmt.Sprintf("/posts/%d/succeed", post.ID), "place", "5", "document", "民发〔2026〕9号").expect(t,
			http.StatusOK, "waits for another person")
		b.get("/posts/pending").expect(t, http.StatusOK, "桃花村")
	})
}

// TestAuditPages: the record of sign-ins, the log of events, one event with its certificate, which
// proves the event offline.
func TestAuditPages(t *testing.T) {
	each(t, func(s *site) {
		s.person("audit", at("audit_administrator", 0))
		anna := s.person("anna")
		s.must(s.host.Identity.Lock(t.Context(), access.Machine, anna))
		s.browser().post("/sign-in", "login", "anna", "password", passwordOf("anna"))
		b := s.in("audit")
		b.get("/sign-ins").expect(t, http.StatusOK, "locked")
		b.get("/sign-ins?result=failures&login=anna").expect(t, http.StatusOK, "one in all")
		b.get("/sign-ins?from=yesterday").expect(t, http.StatusUnprocessableEntity, "is not a date")
		b.get("/audit?kind=account+locked").expect(t, http.StatusOK, "one in all")
		p := b.get("/audit?kind=account.l&subject=account%2F" + fmt.Sprint(anna))
		p.expect(t, http.StatusOK, "account locked")
		event := found(t, p, `href="(/events/\d+/\d+)"`)
		b.get(event).expect(t, http.StatusOK, "about to enter the signed log")
		s.must(s.host.Log.Sequence(t.Context()))
		p = b.get(event)
		p.expect(t, http.StatusOK, "Download the certificate")
		p.expect(t, http.StatusOK, "<td>account</td>")
		p = b.get(event + "/certificate")
		key, err := log.ParsePublicKey(s.host.Log.PublicKey())
		s.must(err)
		proven, err := log.VerifyCertificate(p.body, key)
		s.must(err)
		if proven.Event.Kind != "account.locked" || !strings.Contains(p.header.Get("Content-Disposition"),
			"attachment") {
			t.Errorf("proven: %+v", proven)
		}
		b.get("/events/0/99999").expect(t, http.StatusNotFound, "no such event")
		if p := b.post(fmt.Sprintf("/users/%d/unlock", anna)); p.status != http.StatusForbidden {
			t.Errorf("the auditor unlocked somebody (%d)", p.status)
		}
	})
}

// TestEveryRoute as nobody, as a reader, and as the administrators of the neighbouring county: it
// shows nothing and changes nothing.
func TestEveryRoute(t *testing.T) {
	each(t, func(s *site) {
		clerk := s.person("clerk", at("village_accountant", 5))
		s.must(s.host.Identity.Amend(t.Context(), access.Machine, identity.Amendment{ID: clerk,
			Entry: identity.Entry{Name: "秘密的人", Place: 5}, NoPhone: true}))
		s.must(s.host.Store.Write(t.Context(), func(tx *store.Tx) error {
			_, err := tx.Record(store.Event{Home: 2, Kind: "secret.kept", Place: 5, Subject: "secret/1"})
			return err
		}))
		post, err := s.host.Identity.PostsOf(t.Context(), clerk, "2026-01-05")
		s.must(err)
		s.person("reader", at("reader", 1))
		for _, kind := range []string{"system", "security", "audit"} {
			s.person("far-"+kind, at(kind+"_administrator", 3))
		}
		visitors := map[string]*browser{"nobody": s.browser(), "reader": s.in("reader"),
			"far-system": s.in("far-system"), "far-security": s.in("far-security"),
			"far-audit": s.in("far-audit")}
		looked := 0
		for _, route := range s.module.Pages {
			method, path, _ := strings.Cut(route.Pattern, " ")
			switch {
			case strings.HasPrefix(path, "/account"), strings.HasPrefix(path, "/sign"), path == "/taste":
				continue // one's own
			case strings.HasPrefix(path, "/posts/{id}"):
				path = strings.Replace(path, "{id}", fmt.Sprint(post[0].ID), 1)
			case strings.HasPrefix(path, "/events"):
				path = strings.NewReplacer("{home}", "2", "{id}", "1").Replace(path)
			default:
				path = strings.Replace(path, "{id}", fmt.Sprint(clerk), 1)
			}
			for who, b := range visitors {
				looked++
				p := b.visit(method, path)
				if p.has("秘密的人") || p.has("secret.kept") || p.has("secret/1") {
					t.Errorf("%s sees something at %s %s (%d)", who, method, path, p.status)
				}
				if p.status < 400 && method == "POST" && who != "nobody" && !strings.Contains(p.path,
					"/posts/") {
					t.Errorf("%s did something at %s (%d, %s)", who, path, p.status, p.path)
				}
			}
		}
		if looked < 100 {
			t.Errorf("only %d visits", looked)
		}
		after, err := s.host.Identity.Account(t.Context(), access.Machine, clerk)
		s.must(err)
		held, err := s.host.Identity.PostsOf(t.Context(), clerk, "2026-01-05")
		s.must(err)
		if after.State != identity.Active || after.Name != "秘密的人" || after.MustChange || len(held) != 1 {
			t.Errorf("somebody changed the neighbour: %+v, %v", after, held)
		}
	})
}

// visit asks for a route with the fields that its form may have.
func (b *browser) visit(method, path string) page {
	b.s.t.Helper()
	if method == "GET" {
		p := b.get(path)
		if p.status < 400 && strings.Count(path, "/") == 1 {
			return page{p.status, p.path, p.body + b.get(path+"?format=json").body, p.header}
		}
		return p
	}
	return b.post(path, "reason", "看一看别人的", "name", "改名", "login", "anna.new", "role", "reader", "at", "5",
		"place", "5", "since", "2026-01-01", "document", "1", "row", "1-1")
}
