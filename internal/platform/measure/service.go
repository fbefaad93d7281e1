package measure

import (
	"fmt"
	"slices"
	"strings"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// ReadPermit lets somebody see the figures of a place.
const ReadPermit access.Permit = "measure.read"

// Figure is a measure at a place in a period, as it is kept.
type Figure struct {
	Home        int64          `db:"home"`
	Measure     string         `db:"measure,key"`
	Place       int64          `db:"place,key"`
	Period      string         `db:"period,key"`
	Total       bool           `db:"total,key"` // of the subtree, made by the roll-up
	Numerator   int64          `db:"numerator"`
	Denominator int64          `db:"denominator"` // 0: an amount
	Covered     int64          `db:"covered"`
	Expected    int64          `db:"expected"`
	Source      string         `db:"source"` // what it was made of: check/37
	At          period.Instant `db:"at"`
}

var table = store.NewTable[Figure]("figure").Unsealed()

// Tables are the tables of this package.
func Tables() []store.Sealed { return []store.Sealed{table} }

// Service is the catalogue with its figures.
type Service struct {
	store     *store.Store
	catalogue map[string]Definition
}

// New makes the catalogue. A definition that is not whole stops the start: it is a bug.
func New(s *store.Store, definitions ...Definition) (*Service, error) {
	service := &Service{store: s, catalogue: map[string]Definition{}}
	for _, d := range definitions {
		if _, twice := service.catalogue[d.Key]; twice {
			return nil, fmt.Errorf("measure: %s is defined twice", d.Key)
		}
		service.catalogue[d.Key] = d
	}
	for _, d := range definitions {
		if err := d.check(service.catalogue); err != nil {
			return nil, err
		}
	}
	return service, nil
}

// Definition looks a measure up.
func (s *Service) Definition(key string) (Definition, error) {
	d, ok := s.catalogue[key]
	if !ok {
		return d, fault.New(fault.NotFound, "measure.unknown", key)
	}
	return d, nil
}

// Catalogue lists all measures by key.
func (s *Service) Catalogue() []Definition {
	all := make([]Definition, 0, len(s.catalogue))
	for _, d := range s.catalogue {
		all = append(all, d)
	}
	slices.SortFunc(all, func(a, b Definition) int { return strings.Compare(a.Key, b.Key) })
	return all
}

const upsert = `INSERT INTO figure (home, measure, place, period, total, numerator, denominator, covered,
	expected, source, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
	ON CONFLICT (home, measure, place, period, total) DO UPDATE SET numerator = excluded.numerator,
	denominator = excluded.denominator, covered = excluded.covered, expected = excluded.expected,
	source = excluded.source, at = excluded.at`

// Publish adds own figures of places, or replaces them, in the caller's transaction: Home, Measure, Place,
// Period, Numerator, Covered, Expected and Source are the caller's. A report that is there covers 1 of
// 1; one that is due covers 0 of 1.
func (s *Service) Publish(tx *store.Tx, figures ...Figure) error {
	for _, f := range figures {
		if err := s.publishable(tx, f); err != nil {
			return err
		}
		f.Total, f.At = false, tx.Now()
		if err := save(tx, f); err != nil {
			return err
		}
	}
	return nil
}

func save(tx *store.Tx, f Figure) error {
	_, err := tx.Exec(upsert, f.Home, f.Measure, f.Place, f.Period, f.Total, f.Numerator, f.Denominator,
		f.Covered, f.Expected, f.Source, f.At)
	return err
}

func (s *Service) publishable(tx *store.Tx, f Figure) error {
	d, err := s.Definition(f.Measure)
	if err != nil {
		return err
	}
	_, err = period.Parse(f.Period)
	switch {
	case err != nil, f.Place == 0, f.Covered < 0, f.Covered > f.Expected, f.Denominator < 0,
		d.Denominator != "", d.Parts != (f.Denominator != 0) && f.Covered > 0:
		return fmt.Errorf("measure: %+v cannot be a figure of %s: %v", f, d.Key, err)
	case d.Nature != Cumulative || f.Covered == 0:
		return nil
	}
	return s.rises(tx, f)
}

// rises holds a cumulative figure against its neighbours in time, within the same kind of period.
func (s *Service) rises(tx *store.Tx, f Figure) error {
	others, err := table.All(tx, `WHERE home = ? AND measure = ? AND place = ? AND total = ? AND covered > 0
		AND length(period) = ? ORDER BY period`, f.Home, f.Measure, f.Place, false, len(f.Period))
	if err != nil {
		return err
	}
	for _, o := range others {
		if o.Period < f.Period && o.Numerator > f.Numerator || o.Period > f.Period &&
			o.Numerator < f.Numerator {
			return fault.New(fault.Conflict, "measure.fell", f.Measure, f.Period, o.Period)
		}
	}
	return nil
}

// Withdraw takes own figures back: of a report that was returned, say.
func (s *Service) Withdraw(tx *store.Tx, home int64, measure string, place int64, p period.Period) error {
	_, err := tx.Exec(`DELETE FROM figure WHERE home = ? AND measure = ? AND place = ? AND period = ?
		AND total = ?`, home, measure, place, p.String(), false)
	return err
}
