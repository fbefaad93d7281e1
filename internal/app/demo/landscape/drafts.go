package landscape

import (
	"fmt"
	"slices"

	"github.com/terrace-project/terrace/internal/app/demo/invent"
	"github.com/terrace-project/terrace/internal/app/demo/setting"
	"github.com/terrace-project/terrace/internal/modules/territory"
	"github.com/terrace-project/terrace/internal/modules/territory/tree"
	"github.com/terrace-project/terrace/internal/pure/division"
)

// Drafts are the places of a city below the county units that stand.
func Drafts(scale setting.Scale, seed int64, t *tree.Tree, counties []tree.Node) []territory.Draft {
	d := &drafter{scale: scale, seed: seed}
	units := d.townships(t, counties)
	counts := d.counts("villages", d.scale.Villages, len(units), 6, 40)
	var villages []int
	for i, u := range units {
		villages = append(villages, d.villages(u, counts[i], int64(i))...)
	}
	counts = d.counts("groups", d.scale.Groups, len(villages), 4, 24)
	for i, v := range villages {
		d.groups(v, counts[i], int64(i))
	}
	return d.all
}

// drafter makes up places below those that stand.
type drafter struct {
	scale setting.Scale
	seed  int64
	all   []territory.Draft
}

// known are the sub-districts and towns of some counties, those of the pack among them: of the three
// that the adjustment takes apart, so that Liangjiang begins with 31 and 11 as announced, and of the
// one that is all town (from memory).
var known = map[string][2]int{"500103": {11, 0}, "500105": {9, 3}, "500109": {9, 8}, "500112": {19, 11}}

// unit is a township that needs villages: one of the pack's or one that is drafted.
type unit struct {
	above int64 // of the pack
	draft int   // −1: of the pack
	kind  division.Kind
	code  string
}

// counts says how many children each parent has.
func (d *drafter) counts(subject string, amount, parents int, low, high int64) []int {
	weights := make([]int, parents)
	draw := invent.NewDraw(d.seed, subject, 0)
	for i := range weights {
		weights[i] = int(draw.Between(low, high))
	}
	if !d.scale.Even {
		return invent.Spread(amount, weights)
	}
	for i := range weights {
		weights[i] = amount
	}
	return weights
}

// townships drafts those of all counties, beside the ones that stand.
func (d *drafter) townships(t *tree.Tree, counties []tree.Node) []unit {
	rest, open := d.scale.Townships, []tree.Node{}
	numbers := map[tree.Node]int{}
	for _, n := range counties {
		if fixed, ok := known[t.Code(n)[:6]]; ok && !d.scale.Even {
			numbers[n] = fixed[0] + fixed[1]
			rest -= numbers[n]
			continue
		}
		open = append(open, n)
	}
	for i, count := range d.counts("townships", rest, len(open), 12, 34) {
		numbers[open[i]] = count
	}
	if d.scale.Even {
		for _, n := range counties {
			numbers[n] = max(d.scale.Townships, len(slices.Collect(t.Children(n)))+1)
		}
	}
	var units []unit
	for _, n := range counties {
		units = append(units, d.county(t, n, numbers[n])...)
	}
	return units
}

// county drafts the townships of one county. Their codes go on from those that stand.
func (d *drafter) county(t *tree.Tree, n tree.Node, count int) []unit {
	var units []unit
	var names []string
	taken := map[string]bool{}
	have := map[division.Kind]int{}
	for child := range t.Children(n) {
		units = append(units, unit{t.ID(child), -1, t.Kind(child), t.Code(child)})
		names = append(names, t.Name(child))
		taken[t.Code(child)] = true
		have[t.Kind(child)]++
	}
	draw := invent.NewDraw(d.seed, "county", t.ID(n))
	fresh := invent.NewNames(draw, names...)
	fixed, exact := known[t.Code(n)[:6]]
	for i := len(units); i < count; i++ {
		kind := townshipKinds[draw.Weighted(kindWeights(t.Kind(n))...)]
		if exact {
			kind = division.Town
			if have[division.Subdistrict]*(fixed[0]+fixed[1]) < fixed[0]*count {
				kind = division.Subdistrict
			}
		}
		have[kind]++
		code := nextCode(t.Code(n)[:6], firstTownship[kind], taken)
		units = append(units, unit{0, len(d.all), kind, code})
		d.all = append(d.all, territory.Draft{Parent: -1, Above: t.ID(n), Level: division.Township,
			Kind: kind,
			Name: fresh.Next(townshipEndings[kind]), Code: code})
	}
	return units
}

var (
	townshipKinds   = []division.Kind{division.Subdistrict, division.Town, division.RuralTownship}
	townshipEndings = map[division.Kind]string{division.Subdistrict: "街道", division.Town: "镇",
		division.RuralTownship: "乡"}
	firstTownship = map[division.Kind]int{division.Subdistrict: 1, division.Town: 100,
		division.RuralTownship: 200}
)

// kindWeights are how many sub-districts, towns and townships a county has: districts are more urban.
func kindWeights(county division.Kind) []int {
	if county == division.District {
		return []int{27, 62, 11}
	}
	return []int{10, 58, 32}
}

// nextCode is the first code of a county from a number on that nobody has.
func nextCode(county string, from int, taken map[string]bool) string {
	for ; ; from++ {
		if code := division.Pad(fmt.Sprintf("%s%03d", county, from)); !taken[code] {
			taken[code] = true
			return code
		}
	}
}

// villages drafts those of a township and returns their numbers.
func (d *drafter) villages(u unit, count int, number int64) []int {
	draw := invent.NewDraw(d.seed, "township", number)
	names := invent.NewNames(draw)
	urban := map[division.Kind]int{division.Subdistrict: 420, division.Town: 150}[u.kind]
	made, committees, communities := make([]int, 0, count), 200, 1
	for range count {
		v := territory.Draft{Parent: u.draft, Above: u.above, Level: division.Village,
			Kind: division.VillageCommittee, Category: division.VillageCategory}
		ending, digits := "村", &committees
		if draw.PerMille(urban) {
			v.Kind, v.Category = division.ResidentCommittee, division.TownCentre
			ending, digits = "社区", &communities
		}
		v.Name, v.Code = names.Next(ending), fmt.Sprintf("%s%03d", u.code[:9], *digits)
		*digits++
		made = append(made, len(d.all))
		d.all = append(d.all, v)
	}
	return made
}

// groups drafts those of a village: numbered, or in some villages called after their place.
func (d *drafter) groups(village, count int, number int64) {
	draw := invent.NewDraw(d.seed, "village", number)
	names, called := invent.NewNames(draw), draw.PerMille(230)
	for i := 1; i <= count; i++ {
		name := "第" + invent.Numeral(i) + "村民小组"
		if called {
			name = names.Next("组")
		}
		d.all = append(d.all, territory.Draft{Parent: village, Level: division.Group,
			Kind: division.VillagerGroup, Name: name, Code: fmt.Sprintf("%s%02d", d.all[village].Code, i)})
	}
}
