package landscape

import "github.com/terrace-project/terrace/internal/app/demo/invent"

// Point is a position in micro-degrees.
type Point struct{ Latitude, Longitude int64 }

// Near is a point at most so far away in each direction.
func (p Point) Near(d *invent.Draw, by int64) Point {
	return Point{p.Latitude + d.Between(-by, by), p.Longitude + d.Between(-by, by)}
}
