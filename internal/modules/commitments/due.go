package commitments

import (
	"github.com/terrace-project/terrace/internal/modules/commitments/record"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// What the page of the books shows: what falls due within these days, and how many at most.
const (
	dueDays  = 90
	dueShown = 10
)

// dueLine is a commitment that is due and not settled, or falls due soon.
type dueLine struct {
	record.Commitment
	Late    bool
	Address string
}

// Word is the key of what it is.
func (l dueLine) Word() string { return "commitments.kind." + string(l.Kind) }

// duesView is what falls due under the loans, lendings and guarantees of whose books are shown.
type duesView struct {
	Days, More int
	List       string
	Lines      []dueLine
	Owed, Lent money.Fen // by us, to us
}

// dueCard lists what is to be repaid, by and to the owner of the books, the longest due first. Where nothing
// is there is no card.
func (s *Commitments) dueCard(r *web.Request, on web.CardSubject) (any, error) {
	ref, today := registry.Ref{Home: on.Home, ID: on.ID}, r.Today()
	list, err := store.Read(r.Context(), s.host.Store, func(v *store.View) ([]Commitment, error) {
		return dueOf(v, ref, today.AddDays(dueDays))
	})
	if err != nil || len(list) == 0 {
		return nil, err
	}
	view := duesView{Days: dueDays, List: "/commitments?organisation=" + ref.String() + "&sort=due"}
	for i, c := range list {
		switch c.Kind {
		case Loan:
			view.Owed += c.Outstanding()
		case Lending:
			view.Lent += c.Outstanding()
		}
		if i < dueShown {
			view.Lines = append(view.Lines, dueLine{c, c.Due < today, "/commitments/" + refOf(c).String()})
		}
	}
	view.More = len(list) - len(view.Lines)
	return view, nil
}

// dueOf reads what of an organisation stands and is to be settled by a day.
func dueOf(r store.Reader, o registry.Ref, by period.Date) ([]Commitment, error) {
	return commitmentTable.All(r, `WHERE home = ? AND organisation = ? AND state = 'standing' AND due <= ?
		ORDER BY due, id`, o.Home, o.ID, by)
}
