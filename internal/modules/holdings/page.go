package holdings

import (
	"html/template"
	"slices"

	"github.com/terrace-project/terrace/internal/modules/assets"
	"github.com/terrace-project/terrace/internal/modules/assets/depreciation"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/files"
	"github.com/terrace-project/terrace/internal/platform/identity"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/decimal"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// fileView is the page of a card.
type fileView struct {
	assets.Asset
	Self        string
	Owner       registry.Organisation
	PlaceName   string
	Tone        string
	StateText   string
	On          period.Date // of the value shown
	Written     money.Fen
	Net         money.Fen
	Years       []yearView
	Words       wordsView
	Position    string
	Doubts      []fault.Finding
	Pictures    []files.File
	Documents   []files.File
	Purposes    []string
	History     []changeView
	From, Into  []linkView
	Cards       []template.HTML
	Code        template.HTML
	MayChange   bool
	MayTransfer bool
	MayDispose  bool
	MaySee      bool // the files
	MayAudit    bool
}

// wordsView are the codes of a card in words.
type wordsView struct{ Form, Kind, Class, Category, Origin, Title, Use, LandUse, Method string }

// yearView is a line of the table of depreciation.
type yearView struct {
	Year             int
	During, By, Left money.Fen
	Now              bool
}

type changeView struct {
	assets.ChangeRow
	What   string
	Detail string
	Who    string
}

// linkView is a card at the other end of a link; those outside the reader's places have no name.
type linkView struct {
	assets.Link
	Address, Name string
}

func (s *Holdings) show(r *web.Request) (web.Answer, error) {
	a, o, err := s.asked(r, assets.Read)
	if err != nil {
		return nil, err
	}
	v := fileView{Asset: a, Owner: o, Self: Address(a.Ref()), PlaceName: s.places.Name(a.Place),
		Tone:      tone(a),
		StateText: stateText(r, a), Purposes: assets.Purposes, Words: s.words(r, a), On: r.Today()}
	if on, err := r.Date("on"); err != nil {
		return nil, err
	} else if on != "" {
		v.On = on
	}
	v.Written, v.Net, v.Years = a.Accumulated(v.On), a.Book(v.On), years(a, v.On)
	if a.Latitude != 0 || a.Longitude != 0 {
		v.Position = degrees(a.Latitude) + ", " + degrees(a.Longitude)
	}
	live := a.State == assets.Live
	v.MayChange, v.MayTransfer = live && r.Can(assets.Change, a.Place), live && r.Can(assets.Transfer,
		a.Place)
	v.MayDispose = live && r.Can(assets.Dispose, a.Place)
	v.MaySee, v.MayAudit = r.Can(files.ReadPermit, a.Place), !r.Scope(identity.Audit).Empty()
	if err := s.host.Store.View(r.Context(), func(w *store.View) error {
		return s.gather(w, r,
			&v)
	}); err != nil {
		return nil, err
	}
	if err := s.name(r, v.History); err != nil {
		return nil, err
	}
	if v.Code, err = code(s.absolute(r, v.Self)); err != nil {
		return nil, err
	}
	v.Cards, err = r.Cards("asset", web.CardSubject{Home: a.Home, ID: a.ID, Place: a.Place, On: v.On})
	if err != nil {
		return nil, err
	}
	return web.View("holdings/card", web.Page{Title: a.Name, Place: a.Place, Data: v,
		Trail: trail(r, a, o)[:2]}), nil
}

// QuantityText is the quantity as people read it.
func (v fileView) QuantityText() string { return decimal.Grouped(v.Quantity, 2) }

func (s *Holdings) words(r *web.Request, a assets.Asset) wordsView {
	c, l := s.assets.Codes(), r.Language
	return wordsView{c.Word(l, "card_form", a.Form), c.KindWord(l, a), c.Word(l, "asset_class",
		string(a.Class)),
		c.Word(l, "asset_category", a.Category), c.Word(l, "asset_origin", a.Origin),
		c.Word(l, "title_state", string(a.Title)), c.Word(l, "use_state", a.UseState),
		c.Word(l, "land_use", a.LandUse), c.Word(l, "depreciation_method", string(a.Method))}
}

// gather reads what the page shows beside the card.
func (s *Holdings) gather(w *store.View, r *web.Request, v *fileView) error {
	if v.State == assets.Live {
		one := v.Asset
		v.Doubts = s.assets.Check(&one)
		twins, err := s.assets.Twins(w, r.Actor, v.Asset)
		if err != nil {
			return err
		}
		v.Doubts = append(v.Doubts, twins...)
	}
	if v.MaySee {
		list, err := files.Of(w, v.Home, assets.Subject(v.ID))
		if err != nil {
			return err
		}
		for _, f := range list {
			if files.IsPicture(f.Kind) {
				v.Pictures = append(v.Pictures, f)
			} else {
				v.Documents = append(v.Documents, f)
			}
		}
	}
	if err := s.linked(w, r, v); err != nil {
		return err
	}
	changes, err := assets.History(w, v.Ref())
	for _, c := range changes {
		v.History = append(v.History, changeView{c, r.T("assets.change." + c.Kind), s.detail(r, c), ""})
	}
	return err
}

// name fills in who did what; the program itself has no account.
func (s *Holdings) name(r *web.Request, history []changeView) error {
	var ids []int64
	for _, c := range history {
		if c.ChangeRow.Actor != 0 && !slices.Contains(ids, c.ChangeRow.Actor) {
			ids = append(ids, c.ChangeRow.Actor)
		}
	}
	names, err := s.host.Identity.Names(r.Context(), ids)
	for i, c := range history {
		if history[i].Who = names[c.ChangeRow.Actor].Name; history[i].Who == "" {
			history[i].Who = r.T("assets.program")
		}
	}
	return err
}

// detail is the code of a line of history in words.
func (s *Holdings) detail(r *web.Request, c assets.ChangeRow) string {
	list := map[string]string{"disposed": "disposal_manner", "used": "use_state",
		"titled": "title_state"}[c.Kind]
	switch {
	case list != "":
		return s.assets.Codes().Word(r.Language, list, c.Detail)
	case c.Kind == "attached":
		return r.T("assets.purpose." + c.Detail)
	}
	return ""
}

// linked reads where the card came from and what became of it.
func (s *Holdings) linked(w *store.View, r *web.Request, v *fileView) error {
	links, err := assets.LinksOf(w, v.Ref())
	if err != nil {
		return err
	}
	for _, l := range links {
		other, into := assets.Ref{Home: l.TargetHome, ID: l.Target}, true
		if other == v.Ref() {
			other, into = assets.Ref{Home: l.SourceHome, ID: l.Source}, false
		}
		one := linkView{Link: l}
		a, err := assets.Get(w, other)
		if err != nil {
			return err
		}
		if r.Can(assets.Read, a.Place) {
			one.Address, one.Name = Address(other), a.Name
		}
		if into {
			v.Into = append(v.Into, one)
		} else {
			v.From = append(v.From, one)
		}
	}
	return nil
}

// yearsMax is how many years the table of depreciation shows.
const yearsMax = 40

// years is what each year of the present plan writes off: from its beginning to its end, at most
// yearsMax of them. What was written off before it stands in the first line.
func years(a assets.Asset, on period.Date) []yearView {
	if a.Method != depreciation.StraightLine || !a.InUse.Valid() {
		return nil
	}
	var list []yearView
	plan := a.Plan()
	last := a.InUse.AddMonths(a.Months).Year()
	if plan.Ended != "" {
		last = min(last, plan.Ended.Year())
	}
	before := a.Base
	for year := a.InUse.Year(); year <= last && len(list) < yearsMax; year++ {
		by := plan.Accumulated(period.NewDate(year, 12, 31))
		list = append(list, yearView{year, by - before, by, a.Cost - by, year == on.Year()})
		before = by
	}
	return list
}

// labelView is a label to stick on an asset.
type labelView struct {
	assets.Asset
	Code        template.HTML
	Owner, What string
}

func (s *Holdings) label(r *web.Request) (web.Answer, error) {
	a, o, err := s.asked(r, assets.Read)
	if err != nil {
		return nil, err
	}
	return s.sheet(r, []row{{a, o.Name}}, "")
}

// labelsAtOnce is how many labels one answer holds: some eight sheets of 3 × 8.
const labelsAtOnce = 192

// labels are those of a list: the filters are the list's own.
func (s *Holdings) labels(r *web.Request) (web.Answer, error) {
	filter := map[string]string{}
	for key, values := range r.URL.Query() {
		filter[key] = values[0]
	}
	q, err := s.query(r.Context(), r.Scope(assets.Read), r.Actor, filter)
	if err != nil {
		return nil, err
	}
	if q.State == "" {
		q.State = assets.Live
	}
	q.Order, q.Limit = assets.Order(filter["sort"]), labelsAtOnce
	after, err := web.DecodeCursor(filter["after"])
	if err != nil {
		return nil, err
	}
	if q.After, err = readKey(after); err != nil {
		return nil, err
	}
	found, items, err := s.find(r.Context(), q)
	if err != nil {
		return nil, err
	}
	next := ""
	if found.Next.Begun {
		values := r.URL.Query()
		values.Set("after", web.EncodeCursor(writeKey(found.Next)))
		next = "/assets/labels?" + values.Encode()
	}
	return s.sheet(r, items, next)
}

// sheetView is a sheet of labels.
type sheetView struct {
	Labels []labelView
	Next   string
}

func (s *Holdings) sheet(r *web.Request, items []row, next string) (web.Answer, error) {
	v := sheetView{Next: next}
	for _, a := range items {
		picture, err := code(s.absolute(r, Address(a.Ref())))
		if err != nil {
			return nil, err
		}
		v.Labels = append(v.Labels, labelView{a.Asset, picture, a.Owner, s.whatIs(r.Language, a.Asset)})
	}
	return web.View("holdings/labels", web.Page{Title: r.T("assets.labels"), Data: v, Wide: true,
		Trail: []web.Crumb{{Text: r.T("assets.menu"), Href: "/assets"}}}), nil
}

// attach puts a posted file on the card.
func (s *Holdings) attach(r *web.Request) (web.Answer, error) {
	file, header, err := r.RequireUpload("file")
	if err != nil {
		return nil, err
	}
	defer file.Close()
	a, _, err := s.asked(r, assets.Change)
	if err != nil {
		return nil, err
	}
	q, err := actOf(r, a)
	if err != nil {
		return nil, err
	}
	blob, err := s.host.Files.Put(r.Context(), header.Filename, file)
	if err != nil {
		return nil, err
	}
	q.On = r.Today()
	if _, err := s.assets.Attach(r.Context(), r.Actor, assets.Evidence{Act: q, Blob: blob,
		Purpose: r.Field("purpose")}); err != nil {
		return nil, err
	}
	return done(a.Ref(), "attached"), nil
}
