package assets

import (
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/area"
	"github.com/terrace-project/terrace/internal/pure/money"
)

// ClassSum is how many live cards of a class there are, and what they add up to. What is unsettled
// stands by itself: it is in no total (invariant 6).
type ClassSum struct {
	Class  Class     `db:"class"`
	Title  Title     `db:"title"`
	Number int64     `db:"number"`
	Cost   money.Fen `db:"cost"`
	Area   area.Area `db:"area"`
}

const (
	sumOfCards = `SELECT a.class AS class, a.title AS title, count(*) AS number,
		CAST(sum(a.cost) AS BIGINT) AS cost, CAST(sum(a.area) AS BIGINT) AS area`
	sumOfTotals = `SELECT a.class AS class, a.title AS title, CAST(sum(a.number) AS BIGINT) AS number,
		CAST(sum(a.cost) AS BIGINT) AS cost, CAST(sum(a.area) AS BIGINT) AS area FROM asset_total a`
	byClass = " GROUP BY a.class, a.title"
)

// SumsOf adds up the live cards of an organisation by class.
func SumsOf(r store.Reader, o registry.Ref) ([]ClassSum, error) {
	return store.All[ClassSum](r, sumOfCards+fromCards+
		" WHERE a.home = ? AND a.organisation = ? AND a.state = ?"+byClass, o.Home, o.ID, Live)
}

// SumsIn adds up the live cards in reach by class. Whole counties are added up from the totals.
func SumsIn(r store.Reader, reach registry.Reach) ([]ClassSum, error) {
	var where store.Where
	where.And("a.state = ?", Live)
	if reach.All || reach.Within() {
		inHomes(&where, "a.home", reach)
		return store.All[ClassSum](r, sumOfTotals+where.SQL()+byClass+" HAVING sum(a.number) > 0",
			where.Args()...)
	}
	inside, args := reach.Below.SQL("p.path")
	where.And(inside, args...)
	where.And("a.place = p.place")
	return store.All[ClassSum](r, sumOfCards+fromPlaces+where.SQL()+byClass, where.Args()...)
}
