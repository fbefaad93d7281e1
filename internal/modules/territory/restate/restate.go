// Package restate maps figures of the past onto the places of another day.
//
// Reports are as published (the tree of the report's day, figures untouched) or restated: every
// figure of a place that has since been merged, split or cut is passed on to what became of it. The
// choice is printed on the report.
//
// # Invariants
//
//  1. Acts are passed through in the order of their days. Between them figures do not change.
//  2. A whole number is divided by the largest remainder: parts are whole and sum to it exactly, for
//     negative numbers too. So the sum over all places is the same before and after.
//  3. Restating to B and from there to C is restating to C.
//  4. An act that has no parts on the chosen basis, and does not pass everything to one successor,
//     moves nothing: it is told as a gap. Nothing is divided by a basis nobody asked for.
//
// Example (platforms.md, lesson 1): villages with 30, 12 and 5 merge into one. Last year's report has
// 30, 12 and 5; restated it has 47 for the new village.
package restate

import (
	"cmp"
	"slices"

	"github.com/terrace-project/terrace/internal/pure/period"
)

// Whole is a share of everything: shares are in 0.0001.
const Whole int32 = 10_000

// All is the basis of what passes on undivided, whatever the basis chosen.
const All = "all"

// Part says which share of a place went where, on one basis.
type Part struct {
	From, To int64
	Basis    string // area, population, households, villages …, or All
	Share    int32  // 0.0001; the shares of one From and basis sum to Whole
}

// Act is a merge, split or cut on a day.
type Act struct {
	ID    int64
	On    period.Date
	Parts []Part
}

// Gap is a place whose figures could not be passed on by an act.
type Gap struct {
	Act   int64
	Place int64
}

// Map restates figures of a day from to a day to, which is not before it. figures has a row of whole
// numbers for each place; rows are equally long. It is not changed.
func Map(acts []Act, from, to period.Date, basis string, figures map[int64][]int64) (map[int64][]int64,
	[]Gap) {
	acts = slices.Clone(acts)
	slices.SortStableFunc(acts, func(a, b Act) int {
		return cmp.Or(cmp.Compare(a.On, b.On), cmp.Compare(a.ID, b.ID))
	})
	now := make(map[int64][]int64, len(figures))
	for place, row := range figures {
		now[place] = slices.Clone(row)
	}
	var gaps []Gap
	for _, a := range acts {
		if a.On > from && a.On <= to {
			gaps = append(gaps, pass(a, basis, now)...)
		}
	}
	return now, gaps
}

// pass lets one act move figures. What leaves a place leaves before anything arrives.
func pass(a Act, basis string, figures map[int64][]int64) (gaps []Gap) {
	arriving := map[int64][]int64{}
	for _, from := range origins(a) {
		row, ok := figures[from]
		if !ok {
			continue
		}
		parts := chosen(a.Parts, from, basis)
		if parts == nil {
			gaps = append(gaps, Gap{a.ID, from})
			continue
		}
		delete(figures, from)
		divide(row, parts, arriving)
	}
	for place, row := range arriving {
		add(figures, place, row)
	}
	return gaps
}

func origins(a Act) []int64 {
	var from []int64
	for _, p := range a.Parts {
		if !slices.Contains(from, p.From) {
			from = append(from, p.From)
		}
	}
	return from
}

// chosen are the parts of a place on the basis, or those that pass on all of it.
func chosen(parts []Part, from int64, basis string) []Part {
	for _, b := range []string{basis, All} {
		var found []Part
		for _, p := range parts {
			if p.From == from && p.Basis == b {
				found = append(found, p)
			}
		}
		if found != nil {
			return found
		}
	}
	return nil
}

// divide adds each part's share of a row to where it goes.
func divide(row []int64, parts []Part, arriving map[int64][]int64) {
	shares := make([]int32, len(parts))
	for i, p := range parts {
		shares[i] = p.Share
	}
	pieces := make([][]int64, len(parts))
	for i := range pieces {
		pieces[i] = make([]int64, len(row))
	}
	for f, n := range row {
		for i, piece := range Divide(n, shares) {
			pieces[i][f] = piece
		}
	}
	for i, p := range parts {
		add(arriving, p.To, pieces[i])
	}
}

func add(figures map[int64][]int64, place int64, row []int64) {
	if figures[place] == nil {
		figures[place] = make([]int64, len(row))
	}
	for f, n := range row {
		figures[place][f] += n
	}
}

// Divide divides a whole number by shares that sum to Whole, by the largest remainder; equal
// remainders go to the earlier share. The pieces sum to n.
func Divide(n int64, shares []int32) []int64 {
	pieces := make([]int64, len(shares))
	rests := make([]int64, len(shares))
	order := make([]int, len(shares))
	sign, left := int64(1), n
	if n < 0 {
		sign = -1
	}
	wholes, rest := n/int64(Whole), n%int64(Whole)
	for i, s := range shares {
		pieces[i] = wholes*int64(s) + rest*int64(s)/int64(Whole)
		rests[i] = rest * int64(s) % int64(Whole) * sign
		order[i] = i
		left -= pieces[i]
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(rests[b], rests[a]) })
	for at := 0; at < len(order) && left != 0; at++ {
		pieces[order[at]] += sign
		left -= sign
	}
	return pieces
}
