package disparity

import (
	"math"
	"slices"

	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Group is one group's part of a decomposition.
type Group struct {
	Name   string
	Areas  int
	People float64 // v_g: share of people (of areas, where every area counts one)
	Value  float64 // s_g: share of the whole, people × figure
	Mean   float64
	Theil  float64 // inside the group
	Within float64 // what the group adds to Within: s_g·T_g for T, v_g·L_g for L
}

// Decomposition is a Theil split into groups: Total = Within + Between.
type Decomposition struct {
	Total, Within, Between float64
	Groups                 []Group // in the order of their names
}

// SplitT splits Theil's T: Σ s_g T_g + Σ s_g ln(μ_g/μ). Weights of the parts are shares of value, not of
// people.
func SplitT(d Distribution, groups []string) (Decomposition, error) {
	r, names, members, err := d.grouped(groups)
	if err != nil {
		return Decomposition{}, err
	}
	result := Decomposition{}
	for g, name := range names {
		group := r.group(name, members[g])
		if group.Value > 0 {
			for _, a := range members[g] {
				group.Theil += r.share[a] / group.People * xlogx(r.ratio[a]*group.People/group.Value)
			}
			group.Within = group.Value * group.Theil
			result.Between += group.Value * math.Log(group.Value/group.People)
		}
		result.add(group)
	}
	for a, v := range r.share {
		result.Total += v * xlogx(r.ratio[a])
	}
	return result, nil
}

// SplitL splits Theil's L: Σ v_g L_g + Σ v_g ln(μ/μ_g). Weights of the parts are shares of people. A
// figure of 0 makes L infinite and cannot be split: its area is named.
func SplitL(d Distribution, groups []string) (Decomposition, error) {
	r, names, members, err := d.grouped(groups)
	if err != nil {
		return Decomposition{}, err
	}
	if r.zero >= 0 {
		return Decomposition{}, fault.New(fault.Invalid, "rating.disparity_zero", d.Indicator,
			d.Areas[r.zero])
	}
	result := Decomposition{Total: r.theilL()}
	for g, name := range names {
		group := r.group(name, members[g])
		for _, a := range members[g] {
			if r.share[a] > 0 {
				group.Theil -= r.share[a] / group.People * math.Log(r.ratio[a]*group.People/group.Value)
			}
		}
		group.Within = group.People * group.Theil
		result.Between += group.People * math.Log(group.People/group.Value)
		result.add(group)
	}
	return result, nil
}

func (d *Decomposition) add(g Group) {
	d.Groups = append(d.Groups, g)
	d.Within += g.Within
}

// group sums the shares of a group.
func (r read) group(name string, members []int) Group {
	g := Group{Name: name, Areas: len(members)}
	for _, a := range members {
		g.People += r.share[a]
		g.Value += r.share[a] * r.ratio[a]
	}
	g.Mean = g.Value / g.People * r.mean
	return g
}

// grouped checks a distribution and gathers its groups, in the order of their names. A group without
// people is refused: it has no mean.
func (d Distribution) grouped(groups []string) (read, []string, [][]int, error) {
	r, err := d.read()
	if err != nil {
		return read{}, nil, nil, err
	}
	if len(groups) != len(d.Areas) {
		return read{}, nil, nil, fault.New(fault.Invalid, "rating.disparity_groups", d.Indicator,
			len(d.Areas),
			len(groups))
	}
	at, people := map[string][]int{}, map[string]float64{}
	var names []string
	for a, name := range groups {
		if name == "" {
			return read{}, nil, nil, fault.New(fault.Invalid, "rating.disparity_no_group", d.Indicator,
				d.Areas[a])
		}
		if at[name] == nil {
			names = append(names, name)
		}
		at[name] = append(at[name], a)
		people[name] += r.share[a]
	}
	slices.Sort(names)
	members := make([][]int, len(names))
	for g, name := range names {
		if members[g] = at[name]; people[name] == 0 {
			return read{}, nil, nil, fault.New(fault.Invalid, "rating.disparity_empty_group", d.Indicator,
				name)
		}
	}
	return r, names, members, nil
}
