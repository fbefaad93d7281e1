package gazetteer

import (
	"slices"

	"github.com/terrace-project/terrace/internal/modules/territory"
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/platform/pack"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// A pack's files places/*.yaml have three lists: places, areas and acts. They name each other by
// their keys; a member of an area may also be named by its code.

const placeFiles = "places/*.yaml"

// PackPlace is a place of a pack.
type PackPlace struct {
	Key    string         `yaml:"key"`
	Name   string         `yaml:"name"`
	Code   pack.Scalar    `yaml:"code"` // any usual length; "" while no official list gives one
	Level  division.Level `yaml:"level"`
	Kind   division.Kind  `yaml:"kind"`
	Parent string         `yaml:"parent"` // key; "" at the top
	Since  period.Date    `yaml:"since"`
	Mark   string         `yaml:"mark"`
}

// PackArea is an area of a pack with its members.
type PackArea struct {
	Key     string             `yaml:"key"`
	Title   locale.Words       `yaml:"title"`
	Kind    territory.AreaKind `yaml:"kind"`
	Since   period.Date        `yaml:"since"`
	Until   period.Date        `yaml:"until"`
	Mark    string             `yaml:"mark"`
	Basis   string             `yaml:"basis"`
	Members []pack.Scalar      `yaml:"members"` // from the beginning
	Joins   []packMove         `yaml:"joins"`
	Leaves  []packMove         `yaml:"leaves"`
}

type packMove struct {
	Place pack.Scalar `yaml:"place"`
	On    period.Date `yaml:"on"`
}

// PackAct is an act of a pack: establish, transfer or abolish.
type PackAct struct {
	Key      string         `yaml:"key"`
	Kind     territory.Kind `yaml:"kind"`
	On       period.Date    `yaml:"on"`
	Document string         `yaml:"document"`
	Note     string         `yaml:"note"`
	Mark     string         `yaml:"mark"`
	Place    *PackPlace     `yaml:"place"`  // establish
	Places   []pack.Scalar  `yaml:"places"` // transfer: these,
	AllOf    pack.Scalar    `yaml:"all_of"` // or whatever lies in this one
	From     pack.Scalar    `yaml:"from"`   // abolish
	To       pack.Scalar    `yaml:"to"`     // transfer, abolish: "" for no successor
}

// Pack is the places of a pack, in the order of its files.
type Pack struct {
	Key    string
	Places []PackPlace
	Areas  []PackArea
	Acts   []PackAct
}

// ReadPack reads the places of a pack, and says what is wrong with them.
func ReadPack(p *pack.Pack) (Pack, []fault.Finding) {
	read := Pack{Key: p.Key()}
	var findings []fault.Finding
	r := packReader{known: map[string]bool{}}
	for _, e := range p.Entries(placeFiles, "places") {
		var v PackPlace
		if r.decode(e, &v) && r.hold(e, r.place(v)) {
			read.Places = append(read.Places, v)
		}
	}
	for _, e := range p.Entries(placeFiles, "acts") {
		var v PackAct
		if r.decode(e, &v) && r.hold(e, r.act(v)) {
			read.Acts = append(read.Acts, v)
		}
	}
	for _, e := range p.Entries(placeFiles, "areas") {
		var v PackArea
		if r.decode(e, &v) && r.hold(e, r.area(v)) {
			read.Areas = append(read.Areas, v)
		}
	}
	return read, append(findings, r.findings...)
}

// packReader checks entries against those before them.
type packReader struct {
	known    map[string]bool // keys of places
	findings []fault.Finding
}

func (r *packReader) decode(e *pack.Entry, into any) bool {
	if err := e.Decode(into); err != nil {
		r.findings = append(r.findings, e.Problem(err))
		return false
	}
	return true
}

// hold notes a finding, if it has a key, and tells whether there was none.
func (r *packReader) hold(e *pack.Entry, f fault.Finding) bool {
	if f.Key == "" {
		return true
	}
	r.findings = append(r.findings, e.At(f))
	return false
}

func (r *packReader) place(p PackPlace) fault.Finding {
	_, coded := division.FullCode(string(p.Code))
	switch {
	case territory.CheckName(p.Name) != nil || p.Code != "" && !coded ||
		!slices.Contains(division.Kinds(p.Level), p.Kind):
		return fault.Wrong("gazetteer.pack.place", p.Key)
	case p.Parent != "" && !r.known[p.Parent]:
		return fault.Wrong("gazetteer.pack.unknown", p.Parent)
	case !p.Since.Valid() || p.Mark != "" && p.Mark != territory.Unverified:
		return fault.Wrong("gazetteer.pack.date", p.Key)
	}
	r.known[p.Key] = true
	return fault.Finding{}
}

func (r *packReader) act(a PackAct) fault.Finding {
	if !a.On.Valid() || a.Mark != "" && a.Mark != territory.Unverified {
		return fault.Wrong("gazetteer.pack.date", a.Key)
	}
	named := append(slices.Clone(a.Places), a.AllOf, a.From, a.To)
	switch a.Kind {
	case territory.Establishing:
		if a.Place == nil {
			return fault.Wrong("gazetteer.pack.act", a.Key)
		}
		a.Place.Since = a.On
		return r.place(*a.Place)
	case territory.Transferring:
		if (len(a.Places) == 0) == (a.AllOf == "") || a.To == "" {
			return fault.Wrong("gazetteer.pack.act", a.Key)
		}
	case territory.Abolishing:
		if a.From == "" {
			return fault.Wrong("gazetteer.pack.act", a.Key)
		}
	default:
		return fault.Wrong("gazetteer.pack.act", a.Key)
	}
	return r.names(named)
}

func (r *packReader) area(a PackArea) fault.Finding {
	until := a.Until
	if until == "" {
		until = period.Open
	}
	area := territory.Area{Label: a.Key, Chinese: a.Title.Chinese, English: a.Title.English, Kind: a.Kind,
		Since: a.Since, Until: until}
	if area.Check() != nil || a.Basis == "" || a.Mark != "" && a.Mark != territory.Unverified {
		return fault.Wrong("gazetteer.pack.area", a.Key)
	}
	named := slices.Clone(a.Members)
	for _, m := range slices.Concat(a.Joins, a.Leaves) {
		if !m.On.Valid() {
			return fault.Wrong("gazetteer.pack.date", a.Key)
		}
		named = append(named, m.Place)
	}
	return r.names(named)
}

// names finds a name that is neither a key nor a code.
func (r *packReader) names(named []pack.Scalar) fault.Finding {
	for _, n := range named {
		if _, coded := division.FullCode(string(n)); n != "" && !coded && !r.known[string(n)] {
			return fault.Wrong("gazetteer.pack.unknown", string(n))
		}
	}
	return fault.Finding{}
}

// sections are the module's files in a pack.
func sections() []pack.Section {
	return []pack.Section{{Path: placeFiles, Check: func(p *pack.Pack) []fault.Finding {
		_, findings := ReadPack(p)
		return findings
	}}}
}
