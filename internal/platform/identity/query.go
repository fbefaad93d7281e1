package identity

import (
	"context"
	"strconv"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// inside keeps rows whose place lies in the scope.
func inside(w *store.Where, scope access.Scope, column string) {
	term, args := scope.Places(column)
	w.And(term, args...)
}

// AccountQuery is what a list of accounts is asked for.
type AccountQuery struct {
	Text   string // in login or name
	Phone  string // the whole number
	State  State
	Role   string // held today
	Place  int64  // with a post in force there or below
	Newest bool   // order: newest first, else by login
	After  string // login, or number when newest first
	Limit  int
}

// AccountShown is a row of a list of accounts.
type AccountShown struct {
	Account
	SignedIn period.Instant `db:"signed_in"` // last; 0: never
}

// Accounts lists accounts that the actor may read, one page and the number of all.
func (s *Service) Accounts(ctx context.Context, actor access.Actor, q AccountQuery) ([]AccountShown, int64,
	error) {
	scope := s.access.Scope(actor, Read)
	if scope.Empty() {
		return nil, 0, s.access.Require(actor, Read, 0)
	}
	var w store.Where
	inside(&w, scope, "a.place")
	s.filterAccounts(&w, q)
	var list []AccountShown
	total, err := store.Read(ctx, s.store, func(v *store.View) (int64, error) {
		total, err := store.Count(v, "SELECT count(*) FROM account a"+w.SQL(), w.Args()...)
		if err != nil {
			return 0, err
		}
		order := " ORDER BY a.login LIMIT ?"
		if q.Newest {
			order = " ORDER BY a.id DESC LIMIT ?"
		}
		if q.After != "" && q.Newest {
			w.And("a.id < ?", number(q.After))
		} else if q.After != "" {
			w.And("a.login > ?", q.After)
		}
		list, err = store.All[AccountShown](v, accountColumns+w.SQL()+order, w.Args(q.Limit)...)
		return total, err
	})
	return list, total, err
}

const accountColumns = `SELECT a.id, a.version, a.login, a.name, a.phone, a.phone_find, a.place,
	a.language, a.state, a.must_change, a.subject, a.created, a.created_by,
	COALESCE(u.signed_in, 0) AS signed_in
	FROM account a LEFT JOIN account_use u ON u.home = 0 AND u.account = a.id`

func (s *Service) filterAccounts(w *store.Where, q AccountQuery) {
	if q.Text != "" {
		w.And(`(a.login LIKE ? ESCAPE '\' OR lower(a.name) LIKE ? ESCAPE '\')`, store.Like(q.Text),
			store.Like(q.Text))
	}
	if q.Phone != "" {
		w.And("a.phone_find = ?", s.keys.Find(phoneColumn, phoneMarks.Replace(q.Phone)))
	}
	if q.State != "" {
		w.And("a.state = ?", q.State)
	}
	if q.Role == "" && q.Place == 0 {
		return
	}
	today := s.today()
	var held store.Where
	held.And("p.account = a.id AND p.state = ? AND p.since <= ? AND p.until > ?", Approved, today, today)
	if q.Role != "" {
		held.And("p.role = ?", q.Role)
	}
	if q.Place != 0 {
		inside(&held, s.access.Subtree(q.Place), "p.place")
	}
	w.And("EXISTS (SELECT 1 FROM post p"+held.SQL()+")", held.Args()...)
}

// PostQuery is what a list of posts is asked for.
type PostQuery struct {
	Account int64
	State   string // proposed, in_force, coming, over, refused; "" all
	Role    string
	Place   int64
	After   int64 // number of the last post of the former page
	Limit   int
}

// PostShown is a post with the names of those concerned.
type PostShown struct {
	Post
	Login    string `db:"login"`
	Name     string `db:"name"`
	Proposer string `db:"proposer"` // "": the program
	Decider  string `db:"decider"`
	Ender    string `db:"ender"`
}

// Standing is how a post stands on a day: proposed, refused, coming, in_force or over.
func (p Post) Standing(on period.Date) string {
	switch {
	case p.State != Approved:
		return string(p.State)
	case p.Until <= on:
		return "over"
	case p.Since > on:
		return "coming"
	}
	return "in_force"
}

// Standings lists what Standing can say, for filters.
func Standings() []string { return []string{"proposed", "in_force", "coming", "over", "refused"} }

// Posts lists posts that the actor may read, newest first: one page and the number of all. A person
// may always read their own.
func (s *Service) Posts(ctx context.Context, actor access.Actor, q PostQuery) ([]PostShown, int64, error) {
	var w store.Where
	if q.Account == 0 || q.Account != actor.Account {
		scope := s.access.Scope(actor, Read)
		if scope.Empty() {
			return nil, 0, s.access.Require(actor, Read, 0)
		}
		inside(&w, scope, "p.place")
	}
	s.filterPosts(&w, q)
	return s.listPosts(ctx, postList{w, q.After, q.Limit})
}

func (s *Service) filterPosts(w *store.Where, q PostQuery) {
	today := s.today()
	if q.Account != 0 {
		w.And("p.account = ?", q.Account)
	}
	if q.Role != "" {
		w.And("p.role = ?", q.Role)
	}
	if q.Place != 0 {
		inside(w, s.access.Subtree(q.Place), "p.place")
	}
	switch q.State {
	case "proposed", "refused":
		w.And("p.state = ?", q.State)
	case "in_force":
		w.And("p.state = ? AND p.since <= ? AND p.until > ?", Approved, today, today)
	case "coming":
		w.And("p.state = ? AND p.since > ? AND p.until > ?", Approved, today, today)
	case "over":
		w.And("p.state = ? AND p.until <= ?", Approved, today)
	}
}

type postList struct {
	where store.Where
	after int64
	limit int
}

func postsAt(place int64, on period.Date) postList {
	l := postList{limit: 1000}
	l.where.And("p.place = ? AND p.state = ? AND p.since <= ? AND p.until > ?", place, Approved, on, on)
	return l
}

const postColumns = `SELECT p.id, p.version, p.account, p.role, p.place, p.area, p.since, p.until,
	p.document, p.former, p.state, p.proposed_by, p.proposed_at, p.decided_by, p.decided_at, p.ended_by,
	p.ended_at, p.reason, a.login, a.name, COALESCE(b.name, '') AS proposer,
	COALESCE(d.name, '') AS decider, COALESCE(e.name, '') AS ender
	FROM post p JOIN account a ON a.id = p.account LEFT JOIN account b ON b.id = p.proposed_by
	LEFT JOIN account d ON d.id = p.decided_by LEFT JOIN account e ON e.id = p.ended_by`

func (s *Service) listPosts(ctx context.Context, l postList) ([]PostShown, int64, error) {
	var list []PostShown
	total, err := store.Read(ctx, s.store, func(v *store.View) (int64, error) {
		total, err := store.Count(v, "SELECT count(*) FROM post p"+l.where.SQL(), l.where.Args()...)
		if err != nil {
			return 0, err
		}
		if l.after != 0 {
			l.where.And("p.id < ?", l.after)
		}
		list, err = store.All[PostShown](v, postColumns+l.where.SQL()+" ORDER BY p.id DESC LIMIT ?",
			l.where.Args(l.limit)...)
		return total, err
	})
	return list, total, err
}

// Post is the post of a number.
func (s *Service) Post(ctx context.Context, id int64) (Post, error) {
	return store.Read(ctx, s.store, func(v *store.View) (Post, error) {
		p, found, err := posts.First(v, "WHERE id = ?", id)
		if err == nil && !found {
			err = noPost()
		}
		return p, err
	})
}

// HeldBy lists the posts in force today of several accounts, by account.
func (s *Service) HeldBy(ctx context.Context, ids []int64) (map[int64][]Post, error) {
	held := map[int64][]Post{}
	if len(ids) == 0 {
		return held, nil
	}
	today := s.today()
	args := []any{Approved, today, today}
	for _, id := range ids {
		args = append(args, id)
	}
	err := s.store.View(ctx, func(v *store.View) error {
		list, err := posts.All(v, `WHERE state = ? AND since <= ? AND until > ? AND account IN (`+
			marks(len(ids))+`) ORDER BY id`, args...)
		for _, p := range list {
			held[p.Account] = append(held[p.Account], p)
		}
		return err
	})
	return held, err
}

// number reads a number from a cursor; what is none is 0 and finds nothing more.
func number(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0
	}
	return n
}
