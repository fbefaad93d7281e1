package audit

import (
	"context"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// CountMax is the largest number that the lists of sign-ins and events count to; one more says that
// there are more.
const CountMax = 10_000

// SignInQuery is what the record of sign-ins is asked for.
type SignInQuery struct {
	Account  int64
	Login    string // as entered; finds attempts with logins that do not exist, too
	Address  string
	Failures bool
	From, To period.Date // days, both included
	After    int64       // number of the last row of the former page
	Limit    int
}

// SignIn is one attempt as auditors, or the person themselves, see it.
type SignIn struct {
	ID      int64          `db:"id"`
	At      period.Instant `db:"at"`
	Account int64          `db:"account"` // 0: there is none with this login
	Address string         `db:"address"`
	Agent   string         `db:"agent"`
	Method  Method         `db:"method"`
	Result  Result         `db:"result"`
}

// SignIns lists the record of sign-ins, newest first, for an auditor; for anybody else only their
// own. The count stops at CountMax + 1.
func (s *Service) SignIns(ctx context.Context, actor access.Actor, q SignInQuery) ([]SignIn, int64, error) {
	var w store.Where
	w.And("home = ?", store.City)
	if q.Account == 0 || q.Account != actor.Account {
		scope := s.access.Scope(actor, Read)
		if scope.Empty() {
			return nil, 0, s.access.Require(actor, Read, 0)
		}
		inside, args := scope.Places("place")
		w.And(inside, args...)
	}
	s.filterSignIns(&w, q)
	var list []SignIn
	total, err := store.Read(ctx, s.store, func(v *store.View) (int64, error) {
		total, err := count(v, "sign_in", w)
		if err != nil {
			return 0, err
		}
		if q.After != 0 {
			w.And("id < ?", q.After)
		}
		list, err = store.All[SignIn](v,
			`SELECT id, at, account, address, agent, method, result FROM sign_in`+
				w.SQL()+" ORDER BY id DESC LIMIT ?", w.Args(q.Limit)...)
		return total, err
	})
	return list, total, err
}

// count counts rows up to CountMax + 1.
func count(v *store.View, table string, w store.Where) (int64, error) {
	return store.Count(v, "SELECT count(*) FROM (SELECT 1 FROM "+table+w.SQL()+" LIMIT ?) AS counted",
		w.Args(CountMax+1)...)
}

func (s *Service) filterSignIns(w *store.Where, q SignInQuery) {
	if q.Account != 0 {
		w.And("account = ?", q.Account)
	}
	if q.Login != "" {
		w.And("login = ?", s.LoginHash(q.Login))
	}
	if q.Address != "" {
		w.And("address = ?", q.Address)
	}
	if q.Failures {
		w.And("result NOT IN ('done', 'half')")
	}
	between(w, q.From, q.To)
}

// between keeps what happened on the days from … to, both included; "" is open.
func between(w *store.Where, from, to period.Date) {
	if from != "" {
		w.And("at >= ?", from.Start())
	}
	if to != "" {
		w.And("at < ?", to.End())
	}
}
