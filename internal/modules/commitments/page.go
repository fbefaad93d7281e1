package commitments

import (
	"html/template"

	"github.com/terrace-project/terrace/internal/modules/commitments/record"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/files"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// commitmentView is a commitment's page.
type commitmentView struct {
	Commitment
	Self       string
	Owner      registry.Organisation
	Tone       string
	Words      map[string]string // what the codes mean
	Left       string
	Voted      bool
	Late       bool // due and still standing
	Until      period.Date
	EndedOn    period.Date // "" while it stands
	Percent    string
	Repayments []Repayment
	Offers     []Offer // vouchers that may be repayments nobody entered
	History    []changeView
	Files      []files.File
	MaySee     bool // the files
	MayChange  bool
	Acts       []string
	Cards      []template.HTML
}

type changeView struct {
	Change
	Text string
}

// offersShown is how many vouchers a page offers.
const offersShown = 10

func (s *Commitments) show(r *web.Request) (web.Answer, error) {
	c, o, err := s.asked(r, MayRead)
	if err != nil {
		return nil, err
	}
	all := s.codes.Load()
	v := commitmentView{Commitment: c, Owner: o, Self: Address(refOf(c)), Tone: tone(c), Voted: c.Voted(),
		Left: c.Outstanding().String(), Until: record.Ending(c.Due), EndedOn: record.Ending(c.Ended),
		Percent: percent(c.Rate),
		Late:    c.State == Standing && c.Due < r.Today(),
		MaySee:  r.Can(files.ReadPermit, c.Place), MayChange: r.Can(MayChange, c.Place),
		Words: map[string]string{"party_kind": all.Word(r.Language, record.PartyList(c.Kind),
			c.PartyKind),
			"purpose": all.Word(r.Language, record.Purposes, c.Purpose),
			"body":    all.Word(r.Language, record.Bodies, c.DecisionBody)}}
	err = s.host.Store.View(r.Context(), func(w *store.View) error { return s.beside(w, r, &v) })
	if err != nil {
		return nil, err
	}
	for _, k := range actings {
		if v.MayChange && k.fits(c) {
			v.Acts = append(v.Acts, k.name)
		}
	}
	v.Cards, err = r.Cards("commitment", web.CardSubject{Home: c.Home, ID: c.ID, Place: c.Place,
		On: r.Today()})
	if err != nil {
		return nil, err
	}
	return web.View("commitments/commitment", web.Page{Title: c.Party, Place: c.Place, Data: v,
		Trail: trail(r, c, o)[:2]}), nil
}

// beside fills in what stands beside the commitment.
func (s *Commitments) beside(w *store.View, r *web.Request, v *commitmentView) (err error) {
	ref := refOf(v.Commitment)
	if v.Repayments, err = RepaymentsOf(w, ref); err != nil {
		return err
	}
	if v.History, err = historyOf(w, r, ref); err != nil {
		return err
	}
	v.Offers = nil
	if v.MayChange && v.Kind != Guarantee && v.State == Standing {
		all, err := s.offers(w, ownerOf(v.Commitment), roleOf[v.Kind], v.Day)
		if err != nil {
			return err
		}
		for _, o := range all {
			if o.Left() <= v.Outstanding() && len(v.Offers) < offersShown {
				v.Offers = append(v.Offers, o)
			}
		}
	}
	if v.MaySee {
		v.Files, err = files.Of(w, v.Home, Subject(v.ID))
	}
	return err
}

// historyOf is the history of a commitment or a transfer in words.
func historyOf(w *store.View, r *web.Request, ref Ref) ([]changeView, error) {
	changes, err := History(w, ref)
	var list []changeView
	for _, h := range changes {
		list = append(list, changeView{h, r.T("commitments.change." + h.Kind)})
	}
	return list, err
}
