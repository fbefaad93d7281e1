package holdings

import (
	"strconv"

	"github.com/terrace-project/terrace/internal/modules/assets"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/form"
	"github.com/terrace-project/terrace/internal/platform/formpage"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/decimal"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// actPage is the page of an act: its title is assets.ACT, its lead and button beside it.
func (s *Holdings) actPage(r *web.Request, a assets.Asset, o registry.Organisation,
	act string) formpage.Page {
	return formpage.Page{Action: Address(a.Ref()) + "/" + act, Back: Address(a.Ref()), Place: a.Place,
		Hidden: []formpage.Hidden{{Name: "version", Value: whole(a.Version)}}, Trail: trail(r, a, o)}
}

// actOf reads what all acts have in common but for what their form asks.
func actOf(r *web.Request, a assets.Asset) (assets.Act, error) {
	version, err := r.Number("version")
	if err == nil && version == 0 {
		err = fault.New(fault.Stale, "store.stale")
	}
	return assets.Act{Ref: a.Ref(), Version: version}, err
}

// request is an act on its way from a page to its use case.
type request struct {
	*web.Request
	assets.Asset
	record form.Record
	assets.Act
}

// acting is one of the acts with a form of its own.
type acting struct {
	name   string // of the address
	permit access.Permit
	form   func(*forms) *form.Definition
	title  func(r *web.Request) (title, lead, button string)
	values func(a assets.Asset) map[string]string
	danger bool
	// do does the act and says which card to go to.
	do func(s *Holdings, q request) (assets.Ref, error)
	// done is the word of what happened, of the dictionary entry done.assets.
	done string
}

func (s *Holdings) ask(r *web.Request, k acting) (web.Answer, error) {
	a, o, err := s.asked(r, k.permit)
	if err != nil {
		return nil, err
	}
	if a.State != assets.Live {
		return nil, fault.New(fault.Conflict, "assets.ended", string(a.Ended))
	}
	values := k.values(a)
	values["on"] = string(r.Today())
	return s.pageOf(r, a, o, k).Of(filled(k.form(&s.forms), values), nil).Answer(r, s.host.Dictionary)
}

func (s *Holdings) pageOf(r *web.Request, a assets.Asset, o registry.Organisation, k acting) formpage.Page {
	page := s.actPage(r, a, o, k.name)
	page.Title, page.Lead, page.Button = k.title(r)
	page.Danger = k.danger
	return page
}

func (s *Holdings) take(r *web.Request, k acting) (web.Answer, error) {
	if err := r.Posted(); err != nil {
		return nil, err
	}
	a, o, err := s.asked(r, k.permit)
	if err != nil {
		return nil, err
	}
	record, found := formpage.Read(r, k.form(&s.forms), "")
	page := s.pageOf(r, a, o, k).Of(record, found)
	if fault.Stops(found) {
		return page.Answer(r, s.host.Dictionary)
	}
	q, err := actOf(r, a)
	q.On, q.Document, q.Reason = record.Date("on"), record.Text("document"), record.Text("reason")
	q.Decision = record.Text("decision")
	ref := a.Ref()
	if err == nil {
		ref, err = k.do(s, request{r, a, record, q})
	}
	if err != nil {
		return page.After(err).Answer(r, s.host.Dictionary)
	}
	return done(ref, k.done), nil
}

func nothing(assets.Asset) map[string]string { return map[string]string{} }

var using = acting{name: "use", permit: assets.Change, done: "used", values: valuesOf,
	form: func(f *forms) *form.Definition { return f.use },
	title: func(r *web.Request) (string, string, string) {
		return r.T("assets.use"), r.T("assets.use.lead"), r.T("assets.use.button")
	},
	do: func(s *Holdings, q request) (assets.Ref, error) {
		a, err := s.assets.ChangeUse(q.Context(), q.Actor, assets.Use{Act: q.Act,
			State:   q.record.Text("use_state"),
			LandUse: q.record.Text("land_use"), User: q.record.Text("user"),
			Contract: q.record.Text("contract"),
			From:     q.record.Date("term_from"), To: q.record.Date("term_to"),
			AnnualFee: q.record.Money("annual_fee"), Arrears: q.record.Money("arrears")})
		return a.Ref(), err
	}}

var revaluing = acting{name: "revalue", permit: assets.Change, done: "revalued",
	form: func(f *forms) *form.Definition { return f.revalue },
	title: func(r *web.Request) (string, string, string) {
		return r.T("assets.revalue"), r.T("assets.revalue.lead"), r.T("assets.revalue.button")
	},
	values: func(a assets.Asset) map[string]string {
		return map[string]string{"cost": a.Cost.Plain(), "salvage": a.Salvage.Plain(),
			"area": a.Area.PlainMu()}
	},
	do: func(s *Holdings, q request) (assets.Ref, error) {
		v := assets.Revaluation{Act: q.Act, Cost: q.record.Money("cost"),
			Salvage: q.record.Money("salvage"),
			Months:  int(q.record.Int("life_months")), Area: q.record.Area("area")}
		if q.record.Plain("area") == q.Area.PlainMu() {
			v.Area = q.Area // mu are rounded: an area nobody touched stays exact
		}
		if v.Months == 0 {
			v.Months = q.Plan().Remaining(q.On)
		}
		a, err := s.assets.Revalue(q.Context(), q.Actor, v)
		return a.Ref(), err
	}}

var titling = acting{name: "title", permit: assets.Change, done: "titled", values: nothing,
	form: func(f *forms) *form.Definition { return f.title },
	title: func(r *web.Request) (string, string, string) {
		return r.T("assets.title"), r.T("assets.title.lead"), r.T("assets.title.button")
	},
	do: func(s *Holdings, q request) (assets.Ref, error) {
		a, err := s.assets.SetTitle(q.Context(), q.Actor, q.Act, assets.Title(q.record.Text("title")))
		return a.Ref(), err
	}}

var splitting = acting{name: "split", permit: assets.Change, done: "split", danger: true,
	form: func(f *forms) *form.Definition { return f.split },
	title: func(r *web.Request) (string, string, string) {
		return r.T("assets.split"), r.T("assets.split.lead"), r.T("assets.split.button")
	},
	values: func(a assets.Asset) map[string]string {
		return map[string]string{"name1": a.Name, "name2": a.Name, "share1": "1", "share2": "1"}
	},
	do: func(s *Holdings, q request) (assets.Ref, error) {
		var parts []assets.Part
		for n := range splitAtOnce {
			i := strconv.Itoa(n + 1)
			if q.record.Given("name"+i) || q.record.Given("share"+i) {
				parts = append(parts, assets.Part{Name: q.record.Text("name" + i),
					Share: q.record.Hundredths("share" + i)})
			}
		}
		_, err := s.assets.Divide(q.Context(), q.Actor, assets.Split{Act: q.Act, Parts: parts})
		return q.Asset.Ref(), err
	}}

var transferring = acting{name: "transfer", permit: assets.Transfer, done: "transferred", values: nothing,
	danger: true,
	form:   func(f *forms) *form.Definition { return f.transfer },
	title: func(r *web.Request) (string, string, string) {
		return r.T("assets.transfer"), r.T("assets.transfer.lead"), r.T("assets.transfer.button")
	},
	do: func(s *Holdings, q request) (assets.Ref, error) {
		to, err := s.chooser.Find(q.Context(), q.Actor, q.record.Text("to"))
		if err != nil {
			f := fault.Wrong("assets.unknown_receiver").At("", 0, "to")
			return assets.Ref{}, fault.New(fault.Invalid,
				"assets.invalid").With([]fault.Finding{f}).Because(err)
		}
		a, err := s.assets.MoveTo(q.Context(), q.Actor, assets.Move{Act: q.Act, To: to.Ref()})
		return a.Ref(), err
	}}

var disposing = acting{name: "dispose", permit: assets.Dispose, done: "disposed", values: nothing,
	danger: true,
	form:   func(f *forms) *form.Definition { return f.dispose },
	title: func(r *web.Request) (string, string, string) {
		return r.T("assets.dispose"), r.T("assets.dispose.lead"), r.T("assets.dispose.button")
	},
	do: func(s *Holdings, q request) (assets.Ref, error) {
		a, err := s.assets.End(q.Context(), q.Actor, assets.Disposal{Act: q.Act,
			Manner: q.record.Text("manner"), Proceeds: q.record.Money("proceeds")})
		return a.Ref(), err
	}}

func (s *Holdings) askUse(r *web.Request) (web.Answer, error)       { return s.ask(r, using) }
func (s *Holdings) takeUse(r *web.Request) (web.Answer, error)      { return s.take(r, using) }
func (s *Holdings) askRevalue(r *web.Request) (web.Answer, error)   { return s.ask(r, revaluing) }
func (s *Holdings) takeRevalue(r *web.Request) (web.Answer, error)  { return s.take(r, revaluing) }
func (s *Holdings) askTitle(r *web.Request) (web.Answer, error)     { return s.ask(r, titling) }
func (s *Holdings) takeTitle(r *web.Request) (web.Answer, error)    { return s.take(r, titling) }
func (s *Holdings) askSplit(r *web.Request) (web.Answer, error)     { return s.ask(r, splitting) }
func (s *Holdings) takeSplit(r *web.Request) (web.Answer, error)    { return s.take(r, splitting) }
func (s *Holdings) askTransfer(r *web.Request) (web.Answer, error)  { return s.ask(r, transferring) }
func (s *Holdings) takeTransfer(r *web.Request) (web.Answer, error) { return s.take(r, transferring) }
func (s *Holdings) askDispose(r *web.Request) (web.Answer, error)   { return s.ask(r, disposing) }
func (s *Holdings) takeDispose(r *web.Request) (web.Answer, error)  { return s.take(r, disposing) }

// degrees is a position as people read it.
func degrees(micro int64) string { return decimal.Format(micro, degreePlaces) }
