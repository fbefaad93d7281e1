package gazetteer

import (
	"slices"
	"strconv"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/territory"
	"github.com/terrace-project/terrace/internal/modules/territory/tree"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/decimal"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// piecesShown is how many pieces or successors the form of an act has room for.
const piecesShown = 3

// actFormView is the form of one act.
type actFormView struct {
	Kind     territory.Kind
	Title    string
	Lead     string // what it does
	Action   string
	Back     string
	Common   []web.Field
	Fields   []web.Field
	Pieces   []pieceView
	Children []choiceView
	Refusal  *web.Refused
}

// pieceView is one piece of a split or one successor.
type pieceView struct {
	Number int
	Fields []web.Field
}

// choiceView is a child of a place that is split, and the piece it goes to.
type choiceView struct {
	Name, Label string
	Piece       string
	Options     []web.Option
}

// actFields are the fields of each kind of act beside those that all have.
var actFields = map[territory.Kind][]string{
	territory.Establishing: {"name", "type", "code", "category"},
	territory.Abolishing:   {"none", "basis"},
	territory.Renaming:     {"name"},
	territory.Retyping:     {"type", "name", "code", "parent"},
	territory.Recoding:     {"code", "scheme", "descendants"},
	territory.Merging:      {"places", "name", "type", "code"},
	territory.Splitting:    {"remains", "basis"},
	territory.Transferring: {"parent", "code", "places"},
	territory.Bounding:     {"to", "share", "basis"},
}

func (g *Gazetteer) actForm(r *web.Request) (web.Answer, error) { return g.showAct(r, nil) }

// acting reads which act of which place a request is about, and who may do it.
func (g *Gazetteer) acting(r *web.Request) (kind territory.Kind, p territory.Place, on period.Date,
	err error) {
	id, err := r.ID("id")
	if err != nil {
		return "", p, "", err
	}
	kind = territory.Kind(r.Field("kind"))
	if _, known := actFields[kind]; !known {
		return "", p, "", fault.New(fault.Invalid, "gazetteer.act.kind", string(kind))
	}
	if on, err = period.ParseDate(r.Field("on")); err != nil {
		on = g.host.Today() // a wrong day is refused when it is sent
	}
	if p, err = g.places.Place(r.Context(), id, on); err == nil {
		err = g.places.May(r.Context(), on, id)
	}
	return kind, p, on, err
}

func (g *Gazetteer) showAct(r *web.Request, refused error) (web.Answer, error) {
	kind, p, on, err := g.acting(r)
	if err != nil {
		return nil, err
	}
	t, err := g.places.At(r.Context(), on)
	if err != nil {
		return nil, err
	}
	w := actWriter{g, r, p, t}
	v := actFormView{Kind: kind, Title: r.T("territory.act.kind." + string(kind)),
		Lead: r.T("gazetteer.act.lead." + string(kind)), Back: g.places.Address(p.ID, ""),
		Action: "/places/" + decimal.Format(p.ID, 0) + "/act?kind=" + string(kind),
		Common: w.common()}
	for _, name := range actFields[kind] {
		v.Fields = append(v.Fields, w.field(kind, name))
	}
	v.Pieces = w.pieces(kind)
	if kind == territory.Splitting {
		v.Children = w.children()
	}
	if v.Refusal, err = refusal(r, refused); err != nil {
		return nil, err
	}
	r.ErrorsBeside(refused, v.Fields)
	title := v.Title + " · " + p.Name
	page := web.Page{Title: title, Data: v, Place: p.ID, Status: web.StatusOf(refused)}
	if n := t.Find(p.ID); n != tree.None {
		page.Trail = g.crumbs(t, n, "", g.places.Address)
		page.Trail[len(page.Trail)-1].Href = v.Back
	}
	page.Trail = append(page.Trail, web.Crumb{Text: v.Title})
	return web.View("gazetteer/act", page), nil
}

// actWriter fills the form of an act.
type actWriter struct {
	*Gazetteer
	r     *web.Request
	place territory.Place
	tree  *tree.Tree
}

func (w actWriter) text(name, kind string, required bool) web.Field {
	return web.Field{Name: name, Label: w.r.T("gazetteer.act." + name), Kind: kind, Value: w.r.Field(name),
		Required: required}
}

func (w actWriter) common() []web.Field {
	on := w.text("on", "date", true)
	on.Value, on.Help = orToday(w.r, "on"), w.r.T("gazetteer.act.on.help")
	document, note := w.text("document", "text", false), w.text("note", "long", false)
	document.Help = w.r.T("gazetteer.act.document.help")
	return []web.Field{on, document, note}
}

// field makes one of the fields of an act.
func (w actWriter) field(kind territory.Kind, name string) web.Field {
	f := w.text(name, "text", false)
	switch name {
	case "name":
		f.Required = kind == territory.Establishing || kind == territory.Renaming
		f.Value = w.before(kind == territory.Renaming || kind == territory.Retyping, name, w.place.Name)
	case "type":
		f.Kind, f.Required = "choice", kind == territory.Establishing || kind == territory.Retyping
		f.Options = w.types(kind)
		f.Value = w.before(kind == territory.Retyping, name, typeValue(w.place.Level, w.place.Kind))
	case "code":
		f.Help = w.r.T("gazetteer.act.code.help")
	case "category":
		f.Kind, f.Options = "choice", w.categories()
	case "scheme":
		f.Kind, f.Required = "choice", true
		for _, s := range territory.Schemes {
			f.Options = append(f.Options, web.Option{Value: string(s), Text: w.r.T("territory.scheme." +
				string(s))})
		}
	case "basis":
		f.Kind, f.Options = "choice", w.bases()
		f.Help = w.r.T("gazetteer.act.basis.help")
	case "share":
		f.Unit, f.Numeric = "%", true
	case "parent", "to":
		f.Suggest, f.Help = "/places/suggest", w.r.T("gazetteer.place.help")
		f.Required = kind != territory.Retyping
	case "places":
		f.Kind, f.Help = "long", w.r.T("gazetteer.places.help")
		f.Required = kind == territory.Merging
	case "none", "descendants", "remains":
		f.Kind = "check"
	}
	if help := "gazetteer.act." + name + "." + string(kind); w.host.Dictionary.Has(help) {
		f.Help = w.r.T(help)
	}
	return f
}

// before is what was entered, else what stands if the field is about that.
func (w actWriter) before(standing bool, name, value string) string {
	if v := w.r.Field(name); v != "" || !standing || w.r.Method == "POST" {
		return v
	}
	return value
}

// typeValue is a level and a kind in one choice.
func typeValue(l division.Level, k division.Kind) string { return l.String() + "/" + string(k) }

// types are the kinds a place can have: of its own level, or of those below for a new one in it.
func (w actWriter) types(kind territory.Kind) []web.Option {
	from, to := w.place.Level, w.place.Level
	if kind == territory.Establishing {
		from, to = w.place.Level+1, division.Group
	}
	var all []web.Option
	for l := from; l <= to; l++ {
		for _, k := range division.Kinds(l) {
			all = append(all, web.Option{Value: typeValue(l, k),
				Text: w.r.T("territory.level."+l.String()) + " · " + kindText(w.r, k)})
		}
	}
	return all
}

var categories = []division.Category{division.MainUrban, division.UrbanFringe, division.TownCentre,
	division.TownFringe, division.SpecialArea, division.TownshipCentre, division.VillageCategory}

func (w actWriter) categories() []web.Option {
	var all []web.Option
	for _, c := range categories {
		number := strconv.Itoa(int(c))
		all = append(all, web.Option{Value: number, Text: number + " " +
			w.r.T("territory.category."+number)})
	}
	return all
}

func (w actWriter) bases() []web.Option {
	var all []web.Option
	for _, b := range territory.Bases[1:] {
		all = append(all, web.Option{Value: b, Text: w.r.T("territory.basis." + b)})
	}
	return all
}

// pieces are the rows for what an abolished or split place passes to.
func (w actWriter) pieces(kind territory.Kind) []pieceView {
	if kind != territory.Abolishing && kind != territory.Splitting {
		return nil
	}
	var all []pieceView
	for i := range piecesShown {
		n := strconv.Itoa(i + 1)
		add := func(name, kind string) web.Field {
			return web.Field{Name: name + n, Label: w.r.T("gazetteer.act." + name), Kind: kind,
				Value: w.r.Field(name + n)}
		}
		to, share := add("to", "text"), add("share", "text")
		to.Suggest, share.Unit, share.Numeric = "/places/suggest", "%", true
		fields := []web.Field{to}
		if kind == territory.Splitting {
			to.Label = w.r.T("gazetteer.act.standing")
			typed := add("type", "choice")
			typed.Options = w.types(territory.Retyping)
			fields = []web.Field{add("name", "text"), typed, add("code", "text"), to}
		}
		all = append(all, pieceView{i + 1, append(fields, share)})
	}
	return all
}

// children are the places in the one that is split, each with the piece it goes to.
func (w actWriter) children() []choiceView {
	n := w.tree.Find(w.place.ID)
	if n == tree.None {
		return nil
	}
	options := []web.Option{{Value: "0", Text: w.place.Name}}
	for i := range piecesShown {
		options = append(options, web.Option{Value: strconv.Itoa(i + 1), Text: w.r.T("gazetteer.act.piece",
			i+1)})
	}
	var all []choiceView
	for c := range w.tree.Children(n) {
		name := "child" + decimal.Format(w.tree.ID(c), 0)
		all = append(all, choiceView{name, w.tree.Name(c), w.r.Field(name), options})
	}
	return all
}

// act enters what a form states.
func (g *Gazetteer) act(r *web.Request) (web.Answer, error) {
	if err := r.Posted(); err != nil {
		return nil, err
	}
	kind, p, _, err := g.acting(r)
	if err != nil {
		return nil, err
	}
	e, err := g.entry(r, kind, p.ID)
	place := int64(0)
	if err == nil {
		place, err = g.Enter(r.Context(), e)
	}
	if mendable(err) {
		return g.showAct(r, err)
	}
	if err != nil {
		return nil, err
	}
	return withDone(g.places.Address(place, e.On), "act"), nil
}

// entry reads the form of an act.
func (g *Gazetteer) entry(r *web.Request, kind territory.Kind, place int64) (Entry, error) {
	e := Entry{Kind: kind, Place: place, Name: r.Field("name"), Code: r.Field("code"),
		Basis:  r.Field("basis"),
		Scheme: territory.Scheme(r.Field("scheme")), None: r.Field("none") == "1",
		Descendants: r.Field("descendants") == "1"}
	e.Document, e.Note = r.Field("document"), r.Field("note")
	var err error
	if e.On, err = r.Date("on"); err != nil {
		return e, err
	}
	if !e.On.Valid() {
		return e, fault.New(fault.Invalid, "territory.act.date", string(e.On))
	}
	if e.Level, e.Type, err = typeOf(r.Field("type")); err != nil {
		return e, err
	}
	category, err := r.Number("category")
	if err != nil {
		return e, err
	}
	e.Category = division.Category(min(category, 999))
	if e.Parent, err = g.one(r.Context(), e.On, r.Field("parent")); err != nil {
		return e, err
	}
	if e.Places, err = g.named(r.Context(), e.On, strings.Split(r.Field("places"), "\n")); err != nil {
		return e, err
	}
	e.Into, err = g.targets(r, e)
	return e, err
}

// typeOf reads a level and a kind from one choice; "" is none.
func typeOf(text string) (division.Level, division.Kind, error) {
	if text == "" {
		return 0, "", nil
	}
	level, kind, _ := strings.Cut(text, "/")
	l, err := division.ParseLevel(level)
	if err != nil || !slices.Contains(division.Kinds(l), division.Kind(kind)) {
		return 0, "", fault.New(fault.Invalid, "gazetteer.act.type_wrong", text)
	}
	return l, division.Kind(kind), nil
}

// targets reads what the place passes to, as its kind of act states it.
func (g *Gazetteer) targets(r *web.Request, e Entry) ([]Target, error) {
	switch e.Kind {
	case territory.Bounding:
		t, err := g.target(r, e, "")
		return []Target{t}, err
	case territory.Merging:
		if e.Name == "" {
			return nil, nil // into the place itself
		}
		return []Target{{New: territory.NewPlace{Name: e.Name, Kind: e.Type, Code: e.Code}}}, nil
	case territory.Abolishing, territory.Splitting:
		return g.targetRows(r, e)
	}
	return nil, nil
}

func (g *Gazetteer) targetRows(r *web.Request, e Entry) ([]Target, error) {
	var all []Target
	rest := int32(10_000)
	for i := range piecesShown {
		n := strconv.Itoa(i + 1)
		if r.Field("to"+n) == "" && r.Field("name"+n) == "" {
			continue
		}
		t, err := g.target(r, e, n)
		if err != nil {
			return nil, err
		}
		t.Children = childrenFor(r, n)
		rest -= t.Share
		all = append(all, t)
	}
	if e.Kind == territory.Splitting && r.Field("remains") == "1" {
		all = append(all, Target{Place: e.Place, Share: rest})
	}
	return all, nil
}

// target reads one row of the form; n is its number.
func (g *Gazetteer) target(r *web.Request, e Entry, n string) (t Target, err error) {
	if t.Place, err = g.one(r.Context(), e.On, r.Field("to"+n)); err != nil {
		return t, err
	}
	if t.Share, err = shareOf(r.Field("share" + n)); err != nil || e.Kind != territory.Splitting {
		return t, err
	}
	_, kind, err := typeOf(r.Field("type" + n))
	t.New = territory.NewPlace{Name: r.Field("name" + n), Kind: kind, Code: r.Field("code" + n)}
	return t, err
}

// shareOf reads a share in per cent with two places; "" is 0.
func shareOf(text string) (int32, error) {
	if text == "" {
		return 0, nil
	}
	n, err := decimal.Parse(strings.TrimSpace(strings.TrimSuffix(text, "%")), 2)
	if err != nil || n < 0 || n > 10_000 {
		return 0, fault.New(fault.Invalid, "gazetteer.act.share_wrong", text)
	}
	return int32(n), nil
}

// childrenFor are the children that go to a piece.
func childrenFor(r *web.Request, piece string) []int64 {
	var all []int64
	for name, values := range r.PostForm {
		id, ok := strings.CutPrefix(name, "child")
		if !ok || len(values) != 1 || values[0] != piece {
			continue
		}
		if n, err := strconv.ParseInt(id, 10, 64); err == nil {
			all = append(all, n)
		}
	}
	slices.Sort(all)
	return all
}
