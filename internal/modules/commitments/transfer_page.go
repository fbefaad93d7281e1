package commitments

import (
	"html/template"

	"github.com/terrace-project/terrace/internal/modules/commitments/record"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/formpage"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// transferView is a transfer's page.
type transferView struct {
	Transfer
	Self    string
	Owner   registry.Organisation
	Status  string // a word
	Tone    string
	Words   string // of its kind
	Days    int    // from payment to booking, or till today
	Offers  []Offer
	History []changeView
	Acts    []string
	Cards   []template.HTML
	Free    bool // it may be matched by the reader
}

// askedTransfer is the transfer of the address with its owner, as asked is.
func (s *Commitments) askedTransfer(r *web.Request, permit access.Permit) (t Transfer,
	o registry.Organisation, err error) {
	ref, err := refIn(r)
	if err != nil {
		return t, o, err
	}
	err = s.host.Store.View(r.Context(), func(v *store.View) error {
		if t, err = GetTransfer(v, ref); err != nil {
			return err
		}
		if err = r.Require(permit, t.Place); err != nil {
			return err
		}
		o, err = registry.Get(v, ownerOfTransfer(t))
		return err
	})
	return t, o, err
}

func transferTrail(r *web.Request, t Transfer, o registry.Organisation) []web.Crumb {
	return []web.Crumb{{Text: r.T("commitments.transfers.title"), Href: "/transfers"},
		{Text: o.Name, Href: "/transfers?organisation=" + o.Ref().String()},
		{Text: t.Document, Href: TransferAddress(refOfTransfer(t))}}
}

func (s *Commitments) showTransfer(r *web.Request) (web.Answer, error) {
	t, o, err := s.askedTransfer(r, MayRead)
	if err != nil {
		return nil, err
	}
	name, tone := courseOf(t, s.lateBefore())
	v := transferView{Transfer: t, Owner: o, Self: TransferAddress(refOfTransfer(t)), Tone: tone,
		Status: r.T("commitments.course." + name), Free: t.Course == Announced && r.Can(MayChange, t.Place),
		Words: s.codes.Load().Word(r.Language, record.Subsidies, t.Kind), Days: t.Day.Until(r.Today())}
	if t.Course == Matched {
		v.Days = t.Day.Until(t.Booked)
	}
	err = s.host.Store.View(r.Context(), func(w *store.View) (err error) {
		if v.History, err = historyOf(w, r, refOfTransfer(t)); err != nil || !v.Free {
			return err
		}
		all, err := s.offers(w, ownerOfTransfer(t), roleTransfer, t.Day)
		v.Offers = nil
		for _, o := range all {
			if o.Left() >= t.Amount && len(v.Offers) < offersShown {
				v.Offers = append(v.Offers, o)
			}
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	for _, k := range transferActings {
		if k.course == t.Course && r.Can(k.permit, t.Place) {
			v.Acts = append(v.Acts, k.name)
		}
	}
	v.Cards, err = r.Cards("transfer", web.CardSubject{Home: t.Home, ID: t.ID, Place: t.Place,
		On: r.Today()})
	if err != nil {
		return nil, err
	}
	return web.View("commitments/transfer", web.Page{Title: t.Document, Place: t.Place, Data: v,
		Trail: transferTrail(r, t, o)[:2]}), nil
}

func (s *Commitments) transferActPage(r *web.Request, t Transfer, o registry.Organisation,
	k transferActing, version int64) formpage.Page {
	p := actPage(r, k.name, TransferAddress(refOfTransfer(t)), k.name, version)
	p.Place, p.Danger, p.Trail = t.Place, k.danger, transferTrail(r, t, o)
	return p
}

func (s *Commitments) askTransfer(r *web.Request, k transferActing) (web.Answer, error) {
	t, o, err := s.askedTransfer(r, k.permit)
	if err != nil {
		return nil, err
	}
	values := map[string]string{"on": string(r.Today()), "voucher": r.Field("voucher")}
	return s.transferActPage(r, t, o, k, t.Version).Of(filled(k.form(&s.forms), values), nil).Answer(r,
		s.host.Dictionary)
}

func (s *Commitments) takeTransfer(r *web.Request, k transferActing) (web.Answer, error) {
	if err := r.Posted(); err != nil {
		return nil, err
	}
	t, o, err := s.askedTransfer(r, k.permit)
	if err != nil {
		return nil, err
	}
	q, read, found, err := actRead(r, k.form(&s.forms), refOfTransfer(t))
	if err != nil {
		return nil, err
	}
	page := s.transferActPage(r, t, o, k, q.Version).Of(read, found)
	if fault.Stops(found) {
		return page.Answer(r, s.host.Dictionary)
	}
	if _, err := k.do(s, r, q, read); err != nil {
		return page.After(err).Answer(r, s.host.Dictionary)
	}
	return done(TransferAddress(refOfTransfer(t)), k.name), nil
}

func (s *Commitments) announcePage(r *web.Request) formpage.Page {
	return formpage.Page{Title: r.T("commitments.announce"), Lead: r.T("commitments.announce.lead"),
		Button: r.T("commitments.announce.button"), Action: "/transfers/new", Back: "/transfers",
		Trail: []web.Crumb{{Text: r.T("commitments.transfers.title"), Href: "/transfers"}}}
}

// askAnnounce shows the form of one transfer; many come in a file.
func (s *Commitments) askAnnounce(r *web.Request) (web.Answer, error) {
	blank := filled(s.forms.announce, map[string]string{"day": string(r.Today()),
		"organisation": r.Field("organisation")})
	return s.announcePage(r).Of(blank, nil).Answer(r, s.host.Dictionary)
}

func (s *Commitments) takeAnnounce(r *web.Request) (web.Answer, error) {
	if err := r.Posted(); err != nil {
		return nil, err
	}
	read, found := formpage.Read(r, s.forms.announce, "")
	page := s.announcePage(r).Of(read, found)
	if fault.Stops(found) {
		return page.Answer(r, s.host.Dictionary)
	}
	o, err := s.chooser.Find(r.Context(), r.Actor, read.Text("organisation"))
	if err != nil {
		return page.After(err).Answer(r, s.host.Dictionary)
	}
	t, err := s.Announce(r.Context(), r.Actor, o.Ref(), transferOf(read))
	if err != nil {
		return page.After(err).Answer(r, s.host.Dictionary)
	}
	return done(TransferAddress(refOfTransfer(t)), "announced"), nil
}
