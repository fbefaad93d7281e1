package identity_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/identity"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// admins makes the three administrators of the installation and a second security administrator.
func (c *city) admins() (system, security, audit, second int64) {
	return c.person("system", at("system_administrator", 0)), c.person("security",
			at("security_administrator", 0)),
		c.person("audit", at("audit_administrator", 0)), c.person("second", at("security_administrator", 0))
}

// TestAPostNeedsTwoPeople: who proposes does not approve, nor does who holds it.
func TestAPostNeedsTwoPeople(t *testing.T) {
	each(t, func(c *city) {
		system, security, audit, second := c.admins()
		anna := c.person("anna")
		p := identity.Proposal{Account: anna, Role: "village_accountant", Place: 5, Since: "2026-01-01",
			Document: "渝农发〔2026〕1号"}
		_, err := c.Propose(t.Context(), c.as(security), p)
		c.refused(err, "access.forbidden")
		post, err := c.Propose(t.Context(), c.as(system), p)
		c.must(err)
		if held, err := c.PostsOf(t.Context(), anna, "2026-01-05"); err != nil || len(held) > 0 {
			t.Errorf("a proposed post is held: %v, %v", held, err)
		}
		d := identity.Decision{Post: post.ID, Version: post.Version, Reason: "not the right person"}
		c.refused(c.ApprovePost(t.Context(), c.as(system), d), "access.forbidden")
		c.refused(c.ApprovePost(t.Context(), c.as(audit), d), "access.forbidden")
		c.refused(c.EndPost(t.Context(), c.as(security), d), "identity.post.not_in_force")
		c.must(c.ApprovePost(t.Context(), c.as(security), d))
		c.refused(c.ApprovePost(t.Context(), c.as(second), identity.Decision{Post: post.ID}),
			"identity.post.decided")
		held, err := c.PostsOf(t.Context(), anna, "2026-01-05")
		c.must(err)
		if len(held) != 1 || held[0].DecidedBy != security || held[0].ProposedBy != system {
			t.Errorf("after approval: %+v", held)
		}
		c.refused(c.RefusePost(t.Context(), c.as(second), d), "identity.post.decided")
		own, err := c.Propose(t.Context(), c.as(system), identity.Proposal{Account: second, Role: "reader",
			Place: 1, Since: "2026-01-01", Document: "1"})
		c.must(err)
		c.refused(c.ApprovePost(t.Context(), c.as(second), identity.Decision{Post: own.ID}),
			"identity.post.own")
		c.must(c.RefusePost(t.Context(), c.as(system), identity.Decision{Post: own.ID,
			Reason: "taken back"}))
		_, err = c.Propose(t.Context(), c.as(system), identity.Proposal{Account: system, Role: "reader",
			Place: 1, Since: "2026-01-01", Document: "1"})
		c.refused(err, "identity.not_oneself")
	})
}

func TestWhatAProposalMustSay(t *testing.T) {
	each(t, func(c *city) {
		system, _, audit, _ := c.admins()
		anna := c.person("anna")
		good := identity.Proposal{Account: anna, Role: "village_accountant", Place: 5, Since: "2026-01-01",
			Until: "2027-01-01", Document: "1"}
		for key, change := range map[string]func(*identity.Proposal){
			"identity.post.role":     func(p *identity.Proposal) { p.Role = "emperor" },
			"identity.post.days":     func(p *identity.Proposal) { p.Until = p.Since },
			"identity.post.document": func(p *identity.Proposal) { p.Document = "  " },
			"identity.post.where":    func(p *identity.Proposal) { p.Place = 0 },
			"identity.post.level":    func(p *identity.Proposal) { p.Place = 4 },
			"identity.no_place":      func(p *identity.Proposal) { p.Place = 9 },
			"identity.no_account":    func(p *identity.Proposal) { p.Account = 999 },
			"identity.post.separate": func(p *identity.Proposal) { p.Account = audit },
		} {
			p := good
			change(&p)
			_, err := c.Propose(t.Context(), c.as(system), p)
			c.refused(err, key)
		}
		for _, since := range []period.Date{"", "2026-02-30", "yesterday"} {
			p := good
			p.Since = since
			_, err := c.Propose(t.Context(), c.as(system), p)
			c.refused(err, "identity.post.days")
		}
		area := good
		area.Role, area.Place, area.Area = "reader", 0, 1
		post, err := c.Propose(t.Context(), c.as(system), area)
		c.must(err)
		c.must(c.ApprovePost(t.Context(), access.Machine, identity.Decision{Post: post.ID}))
		if !c.access.Can(c.as(anna), "assets.read", 7) {
			t.Error("a post in an area does not reach its places")
		}
	})
}

// TestTheVeryFirstSecurityAdministrator is approved by the program, and only the first.
func TestTheVeryFirstSecurityAdministrator(t *testing.T) {
	each(t, func(c *city) {
		oneTime, made, err := c.FirstStart(t.Context(), "管理员")
		c.must(err)
		if !made || oneTime == "" {
			t.Fatal("a new installation has no way in")
		}
		_, again, err := c.FirstStart(t.Context(), "管理员")
		c.must(err)
		if again {
			t.Fatal("the second start made another administrator")
		}
		token := c.in(identity.FirstLogin, oneTime)
		_, err = c.Authenticate(request("/users", token))
		c.refused(err, "identity.must_change")
		root, err := c.ByLogin(t.Context(), access.Machine, "admin")
		c.must(err)
		admin := c.as(root.ID)
		one, two := c.person("one"), c.person("two")
		propose := func(account int64, role string) identity.Post {
			post, err := c.Propose(t.Context(), admin, identity.Proposal{Account: account, Role: role,
				Since: "2026-01-01", Document: "1"})
			c.must(err)
			return post
		}
		if p := propose(one, "security_administrator"); p.State != identity.Approved || p.DecidedBy != 0 {
			t.Errorf("the first security administrator is %+v", p)
		}
		if p := propose(two, "security_administrator"); p.State != identity.Proposed {
			t.Errorf("the second needs nobody: %+v", p)
		}
		audit := c.person("audit")
		p := propose(audit, "audit_administrator")
		c.must(c.ApprovePost(t.Context(), c.as(one), identity.Decision{Post: p.ID}))
		c.refused(c.EndPost(t.Context(), admin, identity.Decision{Post: p.ID, Reason: "a nuisance"}),
			"access.forbidden")
		if c.access.CanSomewhere(c.as(audit), identity.Change) || !c.access.CanSomewhere(c.as(audit),
			identity.Audit) {
			t.Error("the auditor does something else than reading")
		}
	})
}

// TestAdministratorsOfACounty reach their own county and nothing else.
func TestAdministratorsOfACounty(t *testing.T) {
	each(t, func(c *city) {
		c.admins()
		local := c.as(c.person("local", at("system_administrator", 2)))
		keeper := c.as(c.person("keeper", at("security_administrator", 2)))
		neighbour := c.as(c.person("neighbour", at("system_administrator", 3)))
		made, _, err := c.Create(t.Context(), local, identity.Entry{Login: "clerk", Name: "办事员", Place: 4})
		c.must(err)
		for _, place := range []int64{0, 1, 3, 7} {
			_, _, err := c.Create(t.Context(), local, identity.Entry{Login: "x" + fmt.Sprint(place) + "x",
				Name: "外", Place: place})
			c.refused(err, "access.outside")
		}
		_, err = c.Account(t.Context(), neighbour, made.ID)
		c.refused(err, "access.outside")
		c.refused(c.Lock(t.Context(), neighbour, made.ID), "access.outside")
		p := identity.Proposal{Account: made.ID, Role: "village_accountant", Place: 5, Since: "2026-01-01",
			Document: "1"}
		_, err = c.Propose(t.Context(), neighbour, p)
		c.refused(err, "access.outside")
		post, err := c.Propose(t.Context(), local, p)
		c.must(err)
		p.Place = 7
		_, err = c.Propose(t.Context(), local, p)
		c.refused(err, "access.outside")
		p.Place, p.Area = 0, 1
		p.Role = "reader"
		_, err = c.Propose(t.Context(), local, p)
		c.refused(err, "access.outside")
		c.must(c.ApprovePost(t.Context(), keeper, identity.Decision{Post: post.ID}))
		for actor, want := range map[int64]int{local.Account: 1, neighbour.Account: 0} {
			list, total, err := c.Accounts(t.Context(), c.as(actor), identity.AccountQuery{Limit: 50})
			c.must(err)
			if len(list) != want || total != int64(want) {
				t.Errorf("%d sees %d accounts (%d), want %d", actor, len(list), total, want)
			}
			held, total, err := c.Posts(t.Context(), c.as(actor), identity.PostQuery{Account: made.ID,
				Limit: 50})
			c.must(err)
			if len(held) != want || total != int64(want) {
				t.Errorf("%d sees %d posts (%d), want %d", actor, len(held), total, want)
			}
		}
	})
}

// TestPostsAtAbolishedPlaces give nothing, are listed with their successors, and continue when two
// people say so.
func TestPostsAtAbolishedPlaces(t *testing.T) {
	each(t, func(c *city) {
		system, security, _, _ := c.admins()
		anna := c.person("anna")
		c.must(c.store.Write(t.Context(), func(tx *store.Tx) error {
			return identity.InsertPost(tx, identity.Post{ID: 900, Account: anna, Role: "village_accountant",
				Place: 9, Since: "2026-01-01", Until: period.Open, State: identity.Approved})
		}))
		if c.access.CanSomewhere(c.as(anna), "inventory.count") {
			t.Error("a post at an abolished place gives something")
		}
		list, err := c.Succession(t.Context(), c.as(system))
		c.must(err)
		if len(list) != 1 || list[0].Post.ID != 900 || fmt.Sprint(list[0].Successors) != "[5 6]" {
			t.Fatalf("stranded posts: %+v", list)
		}
		for login, want := range map[string]int{"near": 1, "far": 0} {
			place := map[string]int64{"near": 2, "far": 3}[login]
			list, err := c.Succession(t.Context(), c.as(c.person(login, at("system_administrator", place))))
			c.must(err)
			if len(list) != want {
				t.Errorf("an administrator %s sees %d stranded posts, want %d", login, len(list), want)
			}
		}
		c.must(c.Succeed(t.Context(), c.as(system), 900, 6, "渝民发〔2026〕9号"))
		open, _, err := c.Posts(t.Context(), c.as(security), identity.PostQuery{State: "proposed",
			Limit: 10})
		c.must(err)
		if len(open) != 1 || open[0].Place != 6 || open[0].Former != 900 {
			t.Fatalf("proposed to succeed: %+v", open)
		}
		c.must(c.ApprovePost(t.Context(), c.as(security), identity.Decision{Post: open[0].ID}))
		if !c.access.Can(c.as(anna), "inventory.count", 6) {
			t.Error("the successor's post does not hold")
		}
		if list, err := c.Succession(t.Context(), c.as(system)); err != nil || len(list) > 0 {
			t.Errorf("still stranded: %+v, %v", list, err)
		}
	})
}

// TestTwoDecisionsAtOnce: of two people deciding one post, one decides; of two incompatible posts
// of one person approved side by side, one is.
func TestTwoDecisionsAtOnce(t *testing.T) {
	each(t, func(c *city) {
		system, security, _, second := c.admins()
		actors := []access.Actor{c.as(security), c.as(second)}
		for round := range 5 {
			anna := c.person(fmt.Sprint("anna", round))
			errs := make([]error, 2)
			var running sync.WaitGroup
			for i, role := range []string{"system_administrator", "audit_administrator"} {
				running.Go(func() {
					_, errs[i] = c.Propose(t.Context(), c.as(system), identity.Proposal{Account: anna,
						Role:  role,
						Since: "2026-01-01", Document: "1"})
				})
			}
			running.Wait()
			if (errs[0] == nil) == (errs[1] == nil) {
				t.Errorf("two incompatible proposals at once: %v and %v", errs[0], errs[1])
			}
			berta := c.person(fmt.Sprint("berta", round))
			post, err := c.Propose(t.Context(), c.as(system), identity.Proposal{Account: berta,
				Role:  "reader",
				Place: 1, Since: "2026-01-01", Document: "1"})
			c.must(err)
			for i := range actors {
				running.Go(func() {
					d := identity.Decision{Post: post.ID, Version: post.Version, Reason: "no"}
					if errs[i] = c.ApprovePost(t.Context(), actors[i], d); i == 1 {
						errs[i] = c.RefusePost(t.Context(), actors[i], d)
					}
				})
			}
			running.Wait()
			if errs[0] == nil && errs[1] == nil {
				t.Error("a post was approved and refused")
			}
		}
	})
}

// TestRandomHistories: whatever is proposed, approved, refused, ended, closed, in whatever order
// and by whomever, nobody ever holds two administrators' roles, nobody approves their own, and the
// audit administrator holds nothing else.
func TestRandomHistories(t *testing.T) {
	each(t, func(c *city) {
		rapid.Check(c.t, func(r *rapid.T) {
			h := newHistory(c, r)
			for range rapid.IntRange(30, 45).Draw(r, "acts") {
				h.act(r)
			}
			h.hold(r)
		})
		approved, ended, refused := c.events("post.approved"), c.events("post.ended"),
			c.events("post.refused")
		few := testing.Short() // rapid draws fewer histories
		if approved < 5 || !few && (approved < 20 || ended < 5 || refused < 5) {
			c.t.Errorf("%d approved, %d ended, %d refused: the histories look at nothing", approved, ended,
				refused)
		}
	})
}

// history is a few people and the posts they have been given.
type history struct {
	c      *city
	people []int64
	posts  []int64
}

var histories int

func newHistory(c *city, t *rapid.T) *history {
	h := &history{c: c}
	histories++
	for i, p := range []identity.Proposal{at("system_administrator", 0), at("system_administrator", 2),
		at("security_administrator", 0), at("security_administrator", 0), at("audit_administrator", 0),
		at("reader", 1), {}} {
		login := fmt.Sprintf("p%d-%d", histories, i)
		if p.Role == "" {
			h.people = append(h.people, c.person(login))
			continue
		}
		h.people = append(h.people, c.person(login, p))
	}
	return h
}

var someDays = []period.Date{"2025-06-01", "2026-01-01", "2026-03-01", "2026-06-01", "2027-01-01"}

// where each role can be held, and one where it cannot.
var somewhere = map[string][]int64{"system_administrator": {0, 2}, "security_administrator": {0, 0, 2},
	"audit_administrator": {0, 0, 2}, "reader": {1, 5, 0}, "village_accountant": {5, 6, 1}}

// actor is mostly somebody whose business the act is, sometimes anybody.
func (h *history) actor(t *rapid.T, fitting ...int) access.Actor {
	who := rapid.SampledFrom(h.people).Draw(t, "anybody")
	if rapid.IntRange(0, 4).Draw(t, "fitting") > 0 {
		who = h.people[rapid.SampledFrom(fitting).Draw(t, "actor")]
	}
	return h.c.as(who)
}

func (h *history) act(t *rapid.T) {
	d := identity.Decision{Reason: "as drawn"}
	if len(h.posts) > 0 {
		d.Post = rapid.SampledFrom(h.posts).Draw(t, "post")
	}
	ctx := h.c.t.Context()
	switch rapid.IntRange(0, 9).Draw(t, "act") {
	case 0, 1, 2, 3:
		h.propose(t)
	case 4, 5, 6:
		h.expected(t, h.c.ApprovePost(ctx, h.actor(t, 2, 3), d))
	case 7:
		h.expected(t, h.c.RefusePost(ctx, h.actor(t, 0, 2, 3), d))
	case 8:
		d.On = rapid.SampledFrom(someDays).Draw(t, "on")
		h.expected(t, h.c.EndPost(ctx, h.actor(t, 0, 2, 3), d))
	case 9:
		h.c.clock.pass(time.Duration(rapid.IntRange(0, 5).Draw(t, "hours")) * time.Hour)
		if rapid.IntRange(0, 9).Draw(t, "close") == 0 {
			h.expected(t, h.c.Close(ctx, h.actor(t, 0), rapid.SampledFrom(h.people).Draw(t, "closed")))
		}
	}
}

func (h *history) propose(t *rapid.T) {
	role := rapid.SampledFrom([]string{"system_administrator", "security_administrator",
		"audit_administrator", "reader", "village_accountant"}).Draw(t, "role")
	from := rapid.IntRange(0, 3).Draw(t, "from")
	post, err := h.c.Propose(h.c.t.Context(), h.actor(t, 0, 0, 1), identity.Proposal{Role: role,
		Account: rapid.SampledFrom(h.people).Draw(t, "for"),
		Place:   rapid.SampledFrom(somewhere[role]).Draw(t, "place"),
		Since:   someDays[from], Until: someDays[rapid.IntRange(from+1, 4).Draw(t, "to")], Document: "1"})
	if err == nil {
		h.posts = append(h.posts, post.ID)
	}
	h.expected(t, err)
}

// expected lets refusals pass; anything else is a bug.
func (h *history) expected(t *rapid.T, err error) {
	var f *fault.Fault
	if err != nil && (!errors.As(err, &f) || f.Code == fault.Internal) {
		t.Fatal(err)
	}
}

// hold checks by a naive reading of the posts, day by day.
func (h *history) hold(t *rapid.T) {
	for _, person := range h.people {
		all, err := store.Read(h.c.t.Context(), h.c.store, func(v *store.View) ([]identity.Post, error) {
			return identity.ApprovedPosts(v, person)
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range all {
			if p.DecidedBy != 0 && (p.DecidedBy == p.ProposedBy || p.DecidedBy == person) {
				t.Fatalf("%d approved a post of their own: %+v", p.DecidedBy, p)
			}
			if p.DecidedBy == 0 && p.ProposedBy != 0 {
				t.Fatalf("a post took effect by itself: %+v", p)
			}
		}
		for _, day := range someDays {
			h.holdOn(t, all, day)
		}
	}
}

func (h *history) holdOn(t *rapid.T, all []identity.Post, day period.Date) {
	var held []identity.Post
	kinds := map[string]bool{}
	for _, p := range all {
		if p.InForce(day) {
			role, _ := h.c.access.Role(p.Role)
			kinds[role.Administrator] = true
			held = append(held, p)
		}
	}
	auditor := kinds["audit"]
	delete(kinds, "")
	if len(kinds) > 1 || auditor && len(held) != countOf(held, "audit_administrator") {
		t.Fatalf("on %s somebody holds %+v", day, held)
	}
}

func countOf(held []identity.Post, role string) int {
	n := 0
	for _, p := range held {
		if p.Role == role {
			n++
		}
	}
	return n
}
