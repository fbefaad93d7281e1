package restate

import (
	"cmp"
	"slices"
)

// Heir is a place to which a share of another passed.
type Heir struct {
	Place int64
	Basis string
	Share int32 // 0.0001 of the first place
	Act   int64 // that brought the last of it
}

// Heirs follows a place through acts, which are in their order, to what became of it: the largest
// share first. Of several bases of one act the first stated is followed.
func Heirs(acts []Act, place int64) []Heir {
	held := map[int64]Heir{place: {Place: place, Share: Whole}}
	for _, a := range acts {
		succeed(held, a)
	}
	var all []Heir
	for _, h := range held {
		all = append(all, h)
	}
	slices.SortFunc(all, func(a, b Heir) int {
		return cmp.Or(cmp.Compare(b.Share, a.Share), cmp.Compare(a.Place, b.Place))
	})
	return all
}

// succeed passes what is held through one act.
func succeed(held map[int64]Heir, a Act) {
	arriving := map[int64]Heir{}
	for from, h := range held {
		var chosen []Part
		var shares []int32
		for _, p := range a.Parts {
			if p.From == from && (len(chosen) == 0 || p.Basis == chosen[0].Basis) {
				chosen, shares = append(chosen, p), append(shares, p.Share)
			}
		}
		if len(chosen) == 0 {
			continue
		}
		delete(held, from)
		for i, share := range Divide(int64(h.Share), shares) {
			if p := chosen[i]; p.To != 0 {
				arriving[p.To] = Heir{p.To, p.Basis, arriving[p.To].Share + int32(share), a.ID}
			}
		}
	}
	for to, h := range arriving {
		h.Share += held[to].Share
		held[to] = h
	}
}
