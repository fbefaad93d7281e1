package space

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Link is a neighbour and its weight.
type Link struct {
	To     int // position of the neighbour
	Weight float64
}

// Matrix is a spatial weights matrix, row by row. Make one with Contiguity, Nearest or Within.
type Matrix struct {
	Areas []string
	Rows  [][]Link // by position; neighbours rise
}

// pairsMax bounds the areas whose distances are all measured.
const pairsMax = 20_000

// Pair are two areas with a common border or corner.
type Pair struct{ First, Second string }

// Contiguity is the matrix of a list of neighbours (queen: a common border or corner), each pair counting
// both ways with weight 1 and however often it is listed.
func Contiguity(areas []string, pairs []Pair) (Matrix, error) {
	m, at, err := empty(areas)
	if err != nil {
		return m, err
	}
	for _, p := range pairs {
		i, known := at[p.First]
		j, also := at[p.Second]
		switch {
		case !known:
			return m, fault.New(fault.Invalid, "rating.space_area", p.First, p.First, p.Second)
		case !also:
			return m, fault.New(fault.Invalid, "rating.space_area", p.Second, p.First, p.Second)
		case i == j:
			return m, fault.New(fault.Invalid, "rating.space_self", p.First)
		}
		m.link(i, j)
		m.link(j, i)
	}
	return m, nil
}

// empty is a matrix without links.
func empty(areas []string) (Matrix, map[string]int, error) {
	at := make(map[string]int, len(areas))
	for i, code := range areas {
		if _, twice := at[code]; twice || code == "" {
			return Matrix{}, nil, fault.New(fault.Invalid, "rating.space_twice", code)
		}
		at[code] = i
	}
	return Matrix{Areas: areas, Rows: make([][]Link, len(areas))}, at, nil
}

// link adds a neighbour to a row unless it stands there.
func (m Matrix) link(from, to int) {
	k, there := slices.BinarySearchFunc(m.Rows[from], to, func(l Link,
		to int) int {
		return cmp.Compare(l.To, to)
	})
	if !there {
		m.Rows[from] = slices.Insert(m.Rows[from], k, Link{to, 1})
	}
}

// Metric says how far two points are apart.
type Metric string

// The metrics.
const (
	Plane  Metric = "plane"  // x and y in one unit, which is also that of the distance
	Sphere Metric = "sphere" // x longitude, y latitude in degrees; kilometres along a great circle
)

// earthRadius is the mean radius of the earth in kilometres (IUGG).
const earthRadius = 6371.0088

// Point is where an area lies: its centre, or its seat.
type Point struct{ X, Y float64 }

func (m Metric) distance(a, b Point) float64 {
	if m == Plane {
		return math.Hypot(a.X-b.X, a.Y-b.Y)
	}
	radians := func(degrees float64) float64 { return degrees * math.Pi / 180 }
	h := square(math.Sin(radians(a.Y-b.Y)/2)) +
		math.Cos(radians(a.Y))*math.Cos(radians(b.Y))*square(math.Sin(radians(a.X-b.X)/2))
	return 2 * earthRadius * math.Asin(math.Sqrt(min(h, 1)))
}

func square(x float64) float64 { return x * x }

// check refuses points that are none.
func (m Metric) check(areas []string, points []Point) error {
	if m != Plane && m != Sphere {
		return fault.New(fault.Invalid, "rating.space_metric", string(m))
	}
	if len(points) != len(areas) {
		return fault.New(fault.Invalid, "rating.space_points", len(areas), len(points))
	}
	if len(areas) > pairsMax {
		return fault.New(fault.TooLarge, "rating.space_too_many", len(areas), pairsMax)
	}
	for i, p := range points {
		if math.IsNaN(p.X+p.Y) || math.IsInf(p.X+p.Y, 0) || m == Sphere && (math.Abs(p.X) > 180 ||
			math.Abs(p.Y) > 90) {
			return fault.New(fault.Invalid, "rating.space_point", areas[i])
		}
	}
	return nil
}

// other is another area and how far it is.
type other struct {
	at       int
	distance float64
}

// nearest are the other areas by distance, equal ones by code.
func nearest(areas []string, points []Point, metric Metric, i int) []other {
	others := make([]other, 0, len(areas)-1)
	for j := range areas {
		if j != i {
			others = append(others, other{j, metric.distance(points[i], points[j])})
		}
	}
	slices.SortFunc(others, func(a, b other) int {
		return cmp.Or(cmp.Compare(a.distance, b.distance), cmp.Compare(areas[a.at], areas[b.at]))
	})
	return others
}

// Nearest is the matrix in which every area has its k nearest as neighbours. It need not be symmetric.
func Nearest(areas []string, points []Point, metric Metric, k int) (Matrix, error) {
	m, _, err := empty(areas)
	if err != nil {
		return m, err
	}
	if err := metric.check(areas, points); err != nil {
		return m, err
	}
	if k < 1 || k >= len(areas) {
		return m, fault.New(fault.Invalid, "rating.space_neighbours", k, len(areas))
	}
	for i := range areas {
		for _, o := range nearest(areas, points, metric, i)[:k] {
			m.link(i, o.at)
		}
	}
	return m, nil
}

// Within is the matrix in which areas up to a distance apart are neighbours.
func Within(areas []string, points []Point, metric Metric, distance float64) (Matrix, error) {
	m, _, err := empty(areas)
	if err != nil {
		return m, err
	}
	if err := metric.check(areas, points); err != nil {
		return m, err
	}
	if !(distance > 0) {
		return m, fault.New(fault.Invalid, "rating.space_band", distance)
	}
	for i := range areas {
		for j := range areas {
			if i != j && metric.distance(points[i], points[j]) <= distance {
				m.link(i, j)
			}
		}
	}
	return m, nil
}

// Islands are the areas without neighbours.
func (m Matrix) Islands() []string {
	var islands []string
	for i, row := range m.Rows {
		if len(row) == 0 {
			islands = append(islands, m.Areas[i])
		}
	}
	return islands
}

// JoinIslands answers a matrix in which every island and its k nearest areas are neighbours of each other.
func (m Matrix) JoinIslands(points []Point, metric Metric, k int) (Matrix, error) {
	if err := metric.check(m.Areas, points); err != nil {
		return m, err
	}
	if k < 1 || k >= len(m.Areas) {
		return m, fault.New(fault.Invalid, "rating.space_neighbours", k, len(m.Areas))
	}
	joined := Matrix{Areas: m.Areas, Rows: make([][]Link, len(m.Rows))}
	for i, row := range m.Rows {
		joined.Rows[i] = slices.Clone(row)
	}
	for i, row := range m.Rows {
		if len(row) > 0 {
			continue
		}
		for _, o := range nearest(m.Areas, points, metric, i)[:k] {
			joined.link(i, o.at)
			joined.link(o.at, i)
		}
	}
	return joined, nil
}

// RowStandardised answers the matrix with every row divided by its sum.
func (m Matrix) RowStandardised() Matrix {
	s := Matrix{Areas: m.Areas, Rows: make([][]Link, len(m.Rows))}
	for i, row := range m.Rows {
		sum := 0.0
		for _, l := range row {
			sum += l.Weight
		}
		for _, l := range row {
			s.Rows[i] = append(s.Rows[i], Link{l.To, l.Weight / sum})
		}
	}
	return s
}

// Of answers the matrix in the order of the data's areas. Areas that only one of both has are refused by
// name: a matrix follows the edition of the geography that the data have.
func (m Matrix) Of(areas []string) (Matrix, error) {
	if slices.Equal(m.Areas, areas) {
		return m, nil
	}
	_, at, err := empty(areas)
	if err != nil {
		return m, err
	}
	var lacking, surplus []string
	own := make(map[string]bool, len(m.Areas))
	for _, code := range m.Areas {
		own[code] = true
		if _, there := at[code]; !there {
			surplus = append(surplus, code)
		}
	}
	for _, code := range areas {
		if !own[code] {
			lacking = append(lacking, code)
		}
	}
	if len(lacking)+len(surplus) > 0 {
		return m, fault.New(fault.Invalid, "rating.space_areas", named(lacking), named(surplus))
	}
	turned := Matrix{Areas: areas, Rows: make([][]Link, len(areas))}
	for i, row := range m.Rows {
		to := at[m.Areas[i]]
		for _, l := range row {
			turned.Rows[to] = append(turned.Rows[to], Link{at[m.Areas[l.To]], l.Weight})
		}
		slices.SortFunc(turned.Rows[to], func(a, b Link) int { return cmp.Compare(a.To, b.To) })
	}
	return turned, nil
}

// namesMax is how many areas a refusal names.
const namesMax = 10

func named(codes []string) string {
	if len(codes) == 0 {
		return "–"
	}
	list := strings.Join(codes[:min(len(codes), namesMax)], ", ")
	if len(codes) > namesMax {
		list += " …"
	}
	return list
}
