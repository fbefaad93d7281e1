package registry

import (
	"fmt"
	"html/template"
	"slices"
	"strconv"

	"github.com/terrace-project/terrace/internal/platform/formpage"
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/decimal"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/mask"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// fileView is an organisation's page.
type fileView struct {
	Organisation
	Self       string // the page's own address
	PlaceName  string
	Level      string
	Tone       string
	Officers   []officerView
	Former     []officerView
	Vacant     []Office
	Links      []linkView
	Cards      []template.HTML
	MayChange  bool
	MaySucceed bool
	MayCall    bool
	Refusal    *locale.Explanation
	Shown      int64 // the officer whose telephone is shown whole
}

// MayHaveOfficers reports whether anybody can be in office: not in one that has ended.
func (v fileView) MayHaveOfficers() bool { return v.Status == Active }

type officerView struct {
	ID        int64
	Home      int64
	Office    Office
	Name      string // masked for those who may not see it
	Phone     string
	Whole     bool // the telephone is shown whole
	Since     period.Date
	Until     period.Date
	Relatives []relativeView
}

type linkView struct {
	Link
	From, To Organisation
	ToldBy   period.Date // creditors must be told by
	Late     bool
	Percent  string // of the source that went to the target
}

func (g *Registry) show(r *web.Request) (web.Answer, error) {
	ref, err := refOf(r)
	if err != nil {
		return nil, err
	}
	return g.file(r, ref, 0, nil)
}

// file shows an organisation, with what was just refused on top and one officer's telephone whole.
func (g *Registry) file(r *web.Request, ref Ref, whole int64, refused error) (web.Answer, error) {
	view := fileView{Shown: whole}
	page := web.Page{}
	if f := fault.Of(refused); f != nil {
		words := g.host.Dictionary.Explain(r.Language, f)
		view.Refusal, page.Status = &words, web.Status(f)
	}
	err := g.host.Store.View(r.Context(), func(v *store.View) (err error) {
		if view.Organisation, err = g.seen(v, r, ref); err != nil {
			return err
		}
		if err = g.officerViews(v, r, &view); err != nil {
			return err
		}
		view.Links, err = g.linkViews(v, r, ref)
		return err
	})
	if err != nil {
		return nil, err
	}
	o := view.Organisation
	view.Self, view.PlaceName, view.Tone = Address(ref), g.places.Name(o.Place), tone(o.Status)
	view.Level = o.Level.String()
	view.MayChange = r.Can(Change, o.Place) && o.Status == Active
	view.MaySucceed = r.Can(Succeed, o.Place) && o.Status == Active
	view.Cards, err = r.Cards("organisation", web.CardSubject{Home: o.Home, ID: o.ID, Place: o.Place,
		On: r.Today()})
	if err != nil {
		return nil, err
	}
	page.Title, page.Place, page.Data = o.Name, o.Place, view
	page.Trail = g.trail(r, o)[:2]
	return web.View("registry/organisation", page), nil
}

// officerViews fills in who is and was in office, and which offices of the law are vacant.
func (g *Registry) officerViews(v *store.View, r *web.Request, view *fileView) error {
	people, err := g.Officers(v, view.Ref())
	if err != nil {
		return err
	}
	view.MayCall = r.Can(ReadOfficers, view.Place)
	near, err := g.relativeViews(v, view.Ref(), view.MayCall)
	if err != nil {
		return err
	}
	held := map[Office]bool{}
	for _, p := range people {
		one := officerView{ID: p.ID, Home: p.Home, Office: p.Office, Name: p.ClearName,
			Phone: mask.Phone(p.ClearPhone), Since: p.Since, Until: p.Until, Relatives: near[p.ID]}
		if one.Whole = view.MayCall && p.ID == view.Shown; one.Whole {
			one.Phone = p.ClearPhone
		}
		if !view.MayCall {
			one.Name = mask.Name(p.ClearName)
		}
		if p.Until > r.Today() {
			held[p.Office] = true
			view.Officers = append(view.Officers, one)
		} else {
			view.Former = append(view.Former, one)
		}
	}
	slices.SortStableFunc(view.Officers, func(a, b officerView) int {
		return slices.Index(Offices, a.Office) - slices.Index(Offices, b.Office)
	})
	if !view.MayHaveOfficers() {
		return nil
	}
	for _, office := range needed {
		if !held[office] {
			view.Vacant = append(view.Vacant, office)
		}
	}
	return nil
}

func (g *Registry) linkViews(v *store.View, r *web.Request, ref Ref) ([]linkView, error) {
	rows, err := LinksOf(v, ref)
	if err != nil {
		return nil, err
	}
	var list []linkView
	for _, l := range rows {
		one := linkView{Link: l, ToldBy: l.Approved.AddDays(CreditorDays),
			Percent: decimal.Format(l.Share, 2) + "%"}
		one.Late = l.Told == "" && r.Today() > one.ToldBy
		if one.From, err = Get(v, Ref{l.Home, l.Source}); err != nil {
			return nil, err
		}
		if one.To, err = Get(v, Ref{l.Home, l.Target}); err != nil {
			return nil, err
		}
		list = append(list, one)
	}
	return list, nil
}

// officerAddress is where an officer's acts are posted.
func officerAddress(row Officer) string { return fmt.Sprintf("/officers/%d/%d", row.Home, row.ID) }

func number(n int64) string { return strconv.FormatInt(n, 10) }

// versionField carries the version that was shown.
func versionField(version int64) []formpage.Hidden {
	return []formpage.Hidden{{Name: "version", Value: number(version)}}
}

// plainValues are the fields of an organisation as forms hold them.
func plainValues(o Organisation) map[string]string {
	values := map[string]string{"name": o.Name, "code": o.Code, "acting_body": o.ActingBody,
		"established": string(o.Established), "members": number(o.Members),
		"representatives": number(o.Representatives), "survey_area": o.SurveyArea.PlainMu(), "note": o.Note}
	if o.Acting {
		values["acting"] = "1"
	}
	return values
}
