package edition

import (
	"encoding/binary"
	"errors"
	"slices"
)

// A plan is kept while it is applied, so that an import killed at any row goes on with the same plan:
// the tree it was made from is no longer there to make it again. Suggestions and findings are rows
// of their own and not part of it.

// ErrPlan says that a kept plan cannot be read.
var ErrPlan = errors.New("edition: the plan cannot be read")

const planVersion = 1

var acts = []Act{Quiet, Establish, Abolish, Rename, Retype, Recode, Transfer}

// Encode writes a plan's places, outside parents and steps.
func (p *Plan) Encode() []byte {
	b := make([]byte, 0, 2*len(p.Places)+4*len(p.Steps)+64)
	b = append(b, planVersion, flag(p.First))
	b = binary.AppendUvarint(b, uint64(len(p.Places)))
	for _, place := range p.Places {
		b = binary.AppendUvarint(b, uint64(place))
	}
	outside := make([]int64, 0, len(p.Outside))
	for code := range p.Outside {
		outside = append(outside, code)
	}
	slices.Sort(outside)
	b = binary.AppendUvarint(b, uint64(len(outside)))
	for _, code := range outside {
		b = binary.AppendUvarint(binary.AppendUvarint(b, uint64(code)), uint64(p.Outside[code]))
	}
	b = binary.AppendUvarint(b, uint64(len(p.Steps)))
	for i, s := range p.Steps {
		b = append(b, byte(slices.Index(acts, s.Act))<<1|flag(s.KeepName))
		b = binary.AppendUvarint(b, uint64(s.Row+1))
		if s.Row == NoRow {
			b = binary.AppendUvarint(b, uint64(s.Place))
		}
		back := int64(0)
		if s.Follows >= 0 {
			back = int64(i) - int64(s.Follows)
		}
		b = binary.AppendUvarint(b, uint64(back))
	}
	return b
}

func flag(set bool) byte {
	if set {
		return 1
	}
	return 0
}

// DecodePlan reads what Encode wrote.
func DecodePlan(b []byte) (*Plan, error) {
	if len(b) < 2 || b[0] != planVersion {
		return nil, ErrPlan
	}
	p := &Plan{First: b[1] == 1, Outside: map[int64]int64{}}
	d := decoder{rest: b[2:]}
	p.Places = make([]int64, d.count())
	for i := range p.Places {
		p.Places[i] = d.number()
	}
	for range d.count() {
		code := d.number()
		p.Outside[code] = d.number()
	}
	p.Steps = make([]Step, d.count())
	for i := range p.Steps {
		p.Steps[i] = d.step(int32(i), p.Places)
	}
	if d.failed || len(d.rest) > 0 {
		return nil, ErrPlan
	}
	return p, nil
}

type decoder struct {
	rest   []byte
	failed bool
}

func (d *decoder) number() int64 {
	n, size := binary.Uvarint(d.rest)
	if size <= 0 {
		d.failed, d.rest = true, nil
		return 0
	}
	d.rest = d.rest[size:]
	return int64(n)
}

// count reads how many things follow; each takes a byte at least.
func (d *decoder) count() int {
	n := d.number()
	if n < 0 || n > int64(len(d.rest)) {
		d.failed, d.rest = true, nil
		return 0
	}
	return int(n)
}

func (d *decoder) step(i int32, places []int64) Step {
	if len(d.rest) == 0 || int(d.rest[0]>>1) >= len(acts) {
		d.failed, d.rest = true, nil
		return Step{}
	}
	s := Step{Act: acts[d.rest[0]>>1], KeepName: d.rest[0]&1 == 1, Follows: -1}
	d.rest = d.rest[1:]
	s.Row = int32(d.number() - 1)
	switch {
	case s.Row == NoRow:
		s.Place = d.number()
	case s.Row < 0 || int(s.Row) >= len(places):
		d.failed = true
	default:
		s.Place = places[s.Row]
	}
	if back := int32(d.number()); back > 0 {
		s.Follows = i - back
	}
	return s
}
