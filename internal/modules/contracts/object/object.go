// Package object reads and writes what a contract is about: cards (home/id) and parcels, each with its
// share where it is not all of it: 500102/37, 500102103201JC00012:50%.
package object

import (
	"strings"

	"github.com/terrace-project/terrace/internal/pure/decimal"
)

// Whole is all of a thing, in hundredths of a percent.
const Whole = 10_000

// Max is how many things a contract is about at most; nameMax the bytes of a name.
const (
	Max     = 100
	nameMax = 50
)

// Part is a thing, or a share of one.
type Part struct {
	Object string
	Share  int64 // hundredths of a percent
}

// Read reads parts that are parted by commas or blanks, full-width or not. False: a share cannot be read, or
// is nothing.
func Read(text string) ([]Part, bool) {
	var list []Part
	for _, one := range strings.FieldsFunc(decimal.Normal(text), func(r rune) bool {
		return strings.ContainsRune(",、;\r\n\t ", r)
	}) {
		name, share, shared := strings.Cut(one, ":")
		p := Part{Object: name, Share: Whole}
		if shared {
			n, err := decimal.Parse(strings.TrimSuffix(share, "%"), 2)
			if err != nil || n < 1 {
				return nil, false
			}
			p.Share = n
		}
		list = append(list, p)
	}
	return list, true
}

// Write is what Read reads.
func Write(list []Part) string {
	var parts []string
	for _, p := range list {
		text := p.Object
		if p.Share != Whole {
			text += ":" + decimal.Format(p.Share, 2) + "%"
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, ", ")
}

// Fits reports whether a contract can be about such parts: each named once, with a share that there is.
func Fits(list []Part) bool {
	seen := map[string]bool{}
	for _, p := range list {
		if p.Object == "" || len(p.Object) > nameMax || seen[p.Object] || p.Share < 1 || p.Share > Whole {
			return false
		}
		seen[p.Object] = true
	}
	return len(list) <= Max
}
