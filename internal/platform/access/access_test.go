package access_test

import (
	"encoding/binary"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/storetest"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// tree is a random tree: the parent of place i+1 is parents[i], or none.
type tree struct {
	parents []int64
	areas   map[int64][]int64
}

func (t tree) Path(place int64) access.Path {
	if place < 1 || place > int64(len(t.parents)) {
		return nil
	}
	path := binary.BigEndian.AppendUint32(nil, uint32(place))
	for p := t.parents[place-1]; p != 0; p = t.parents[p-1] {
		path = append(binary.BigEndian.AppendUint32(nil, uint32(p)), path...)
	}
	return path
}

func (t tree) Members(area int64) []int64 { return t.areas[area] }

func drawTree(t *rapid.T) tree {
	n := rapid.IntRange(1, 60).Draw(t, "places")
	parents := make([]int64, n)
	for i := 1; i < n; i++ {
		parents[i] = rapid.Int64Range(1, int64(i)).Draw(t, "parent")
	}
	return tree{parents, map[int64][]int64{1: {rapid.Int64Range(1, int64(n)).Draw(t, "member")}}}
}

var roles = []access.Role{{Key: "counter", Permits: []access.Permit{"check.count"}}, {Key: "reader",
	Permits: []access.Permit{"check.read"}}}

func drawActor(t *rapid.T, places int64) access.Actor {
	a := access.Actor{Account: 1}
	for range rapid.IntRange(0, 4).Draw(t, "posts") {
		p := access.Post{Role: rapid.SampledFrom([]string{"counter", "reader", "unknown"}).Draw(t, "role"),
			Place: rapid.Int64Range(0, places+2).Draw(t, "place")}
		if rapid.Bool().Draw(t, "in an area") {
			p.Place, p.Area = 0, rapid.Int64Range(1, 2).Draw(t, "area")
		}
		a.Posts = append(a.Posts, p)
	}
	return a
}

// TestPredicateAndFunctionAgree: the SQL predicate lets exactly those rows through for which Can
// says yes, on both engines, and Can follows the parents one by one.
func TestPredicateAndFunctionAgree(t *testing.T) {
	part := store.Part{Name: "path", Migrations: fstest.MapFS{"0001_path.sql": {Data: []byte(`-- +goose Up
CREATE TABLE path (home BIGINT NOT NULL, run BIGINT NOT NULL, place BIGINT NOT NULL,
	path BYTEA NOT NULL, PRIMARY KEY (home, run, place));`)}}}
	storetest.Each(t, []store.Part{part}, func(t *testing.T, s *store.Store) {
		run := int64(0)
		rapid.Check(t, func(t *rapid.T) {
			run++
			tr := drawTree(t)
			service := access.New()
			service.SetPlaces(tr)
			service.SetRoles(roles)
			actor := drawActor(t, int64(len(tr.parents)))
			sql, args := service.Scope(actor, "check.count").SQL("path")
			var got, byNumber []int64
			places, placeArgs := service.Scope(actor, "check.count").Places("place")
			err := s.Maintain(t.Context(), func(tx *store.Tx) error {
				for i := range tr.parents {
					if _, err := tx.Exec(`INSERT INTO path (home, run, place, path) VALUES (0, ?, ?, ?)`,
						run, i+1, []byte(tr.Path(int64(i+1)))); err != nil {
						return err
					}
				}
				var err error
				got, err = store.All[int64](tx,
					`SELECT place FROM path WHERE run = ? AND `+sql+` ORDER BY place`,
					append([]any{run}, args...)...)
				if err != nil {
					return err
				}
				places = strings.ReplaceAll(places, "place_path WHERE", "path WHERE run = ? AND")
				byNumber, err = store.All[int64](tx, `SELECT place FROM path WHERE run = ? AND `+places,
					append([]any{run, run}, placeArgs...)...)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			for i := range tr.parents {
				place := int64(i + 1)
				want := naive(tr, actor, place)
				if service.Can(actor, "check.count", place) != want || slices.Contains(got, place) != want ||
					slices.Contains(byNumber, place) != want {
					t.Fatalf("place %d: want %v, Can %v, SQL %v", place, want,
						service.Can(actor, "check.count", place), slices.Contains(got, place))
				}
			}
		})
	}, storetest.WithoutReplay)
}

// naive walks up from the place and asks at every step whether a post stands there.
func naive(tr tree, a access.Actor, place int64) bool {
	for p := place; p != 0; p = tr.parents[p-1] {
		for _, post := range a.Posts {
			at := post.Place == p
			if post.Area != 0 {
				at = slices.Contains(tr.areas[post.Area], p)
			}
			if at && post.Role == "counter" {
				return true
			}
		}
	}
	return false
}

func TestDenyWhenUnset(t *testing.T) {
	s := access.New()
	actor := access.Actor{Account: 1, Posts: []access.Post{{Role: "counter", Place: 1}}}
	if s.Can(actor, "check.count", 1) {
		t.Error("a service without places and roles says yes")
	}
	s.SetPlaces(tree{parents: []int64{0, 1, 1}})
	s.SetRoles(roles)
	for name, c := range map[string]struct {
		actor  access.Actor
		permit access.Permit
		place  int64
		want   fault.Code
	}{
		"allowed":             {actor, "check.count", 2, ""},
		"nobody":              {access.Actor{}, "check.count", 1, fault.Unauthenticated},
		"another act":         {actor, "check.approve", 1, fault.Forbidden},
		"no permit named":     {actor, "", 1, fault.Forbidden},
		"a place that is not": {actor, "check.count", 99, fault.NotFound},
		"no place":            {actor, "check.count", 0, fault.NotFound},
		"an empty area": {access.Actor{Account: 1, Posts: []access.Post{{Role: "counter", Area: 9}}},
			"check.count", 1, fault.Forbidden},
		"a neighbour": {access.Actor{Account: 1, Posts: []access.Post{{Role: "counter", Place: 2}}},
			"check.count", 3, fault.NotFound},
	} {
		err := s.Require(c.actor, c.permit, c.place)
		if c.want == "" && err != nil || c.want != "" && !fault.Is(err, c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
	if sql, _ := (access.Scope{}).SQL("path"); sql != "1 = 0" {
		t.Errorf("an empty scope is %q", sql)
	}
}

// TestPostsAtTheInstallation: an administrator's post reaches everything, before there are places;
// any other role at no place reaches nothing.
func TestPostsAtTheInstallation(t *testing.T) {
	s := access.New()
	s.SetRoles([]access.Role{{Key: "system", Administrator: "system",
		Permits: []access.Permit{"accounts.change"}},
		{Key: "counter", Permits: []access.Permit{"check.count"}}})
	admin := access.Actor{Account: 1, Posts: []access.Post{{Role: "system"}, {Role: "counter"}}}
	if err := s.Require(admin, "accounts.change", 0); err != nil {
		t.Errorf("the administrator of the installation: %v", err)
	}
	if !s.Can(admin, "accounts.change", 7) || !s.CanSomewhere(admin, "accounts.change") {
		t.Error("the installation does not reach its places")
	}
	if s.CanSomewhere(admin, "check.count") {
		t.Error("an ordinary role reaches something without a place")
	}
	admin.Only = []access.Permit{"accounts.read"}
	if s.CanSomewhere(admin, "accounts.change") {
		t.Error("a token does more than it was given")
	}
	s.SetPlaces(tree{parents: []int64{0, 1}})
	local := access.Actor{Account: 2, Posts: []access.Post{{Role: "system", Place: 2}}}
	if s.Can(local, "accounts.change", 0) || s.Can(local, "accounts.change", 1) ||
		!s.Can(local, "accounts.change", 2) {
		t.Error("an administrator at a place reaches beyond it")
	}
}

func TestScopeAtTheLastPath(t *testing.T) {
	s := access.New()
	s.SetPlaces(tree{parents: make([]int64, 255)})
	s.SetRoles(roles)
	actor := access.Actor{Account: 1, Posts: []access.Post{{Role: "counter", Place: 255}}}
	_, args := s.Scope(actor, "check.count").SQL("path")
	if got := args[1].([]byte); !slices.Equal(got, []byte{0, 0, 1}) {
		t.Errorf("the range after place 255 ends at %v", got)
	}
}
