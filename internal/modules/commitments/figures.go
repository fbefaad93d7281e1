package commitments

import (
	"context"
	"strconv"

	"github.com/terrace-project/terrace/internal/modules/territory/tree"
	"github.com/terrace-project/terrace/internal/platform/jobs"
	"github.com/terrace-project/terrace/internal/platform/measure"
	"github.com/terrace-project/terrace/internal/platform/pack"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/period"
	"github.com/terrace-project/terrace/internal/pure/words"
)

// The measures of the register: all are stocks as they stand, kept under the running year.
const (
	DebtMeasure      = "commitments.debt"       // outstanding of loans
	UnvotedMeasure   = "commitments.unvoted"    // loans outstanding without a valid vote
	GuaranteeMeasure = "commitments.guarantees" // standing
	OfficerMeasure   = "commitments.officers"   // outstanding of money lent to officers and relatives
	UnbookedMeasure  = "commitments.unbooked"   // announced and not booked
)

func measures() []measure.Definition {
	define := func(key, zh, en string, unit words.Words, decimals int) measure.Definition {
		return measure.Definition{Key: key, Title: words.Words{Chinese: zh, English: en}, Unit: unit,
			Nature: measure.Stock, Direction: measure.Less, Missing: measure.Zero, Source: "commitments",
			Basis: "《农村集体经济组织法》第二十六、三十五、五十八条", Mark: pack.Unverified, Decimals: decimals}
	}
	yuan := words.Words{Chinese: "元", English: "yuan"}
	number := words.Words{Chinese: "笔", English: "cases"}
	return []measure.Definition{
		define(DebtMeasure, "集体借款余额", "Loans of collectives, outstanding", yuan, 2),
		define(UnvotedMeasure, "未经有效表决的借款", "Loans without a valid vote", number, 0),
		define(GuaranteeMeasure, "未解除的对外担保", "Guarantees for others, standing", number, 0),
		define(OfficerMeasure, "管理人员及近亲属借款余额", "Lent to officers and relatives, outstanding", yuan, 2),
		define(UnbookedMeasure, "已拨付未入账的补助资金", "Transfers paid and not booked", yuan, 2),
	}
}

// Summary is what a place, or an organisation, has in the register.
type Summary struct {
	Debt       int64 `db:"debt"` // fen
	Loans      int64 `db:"loans"`
	Unvoted    int64 `db:"unvoted"`
	Lent       int64 `db:"lent"` // fen
	Officers   int64 `db:"officers"`
	Guarantees int64 `db:"guarantees"`
	Guaranteed int64 `db:"guaranteed"` // fen
	Unbooked   int64 `db:"unbooked"`   // fen
	Open       int64 `db:"open"`       // transfers not booked
}

// summaryText sums up what a column narrows to; the column is ours and stands twice.
func summaryText(column string) string {
	return `SELECT
	coalesce(CAST(sum(CASE WHEN c.kind = 'loan' THEN c.amount - c.settled ELSE 0 END) AS BIGINT), 0) AS debt,
	coalesce(CAST(sum(CASE WHEN c.kind = 'loan' THEN 1 ELSE 0 END) AS BIGINT), 0) AS loans,
	coalesce(CAST(sum(CASE WHEN c.kind = 'loan' AND NOT (c.decision_valid AND c.decided <> ''
		AND c.decided <= c.day) THEN 1 ELSE 0 END) AS BIGINT), 0) AS unvoted,
	coalesce(CAST(sum(CASE WHEN c.kind = 'lending' THEN c.amount - c.settled ELSE 0 END) AS BIGINT), 0)
		AS lent,
	coalesce(CAST(sum(CASE WHEN c.kind = 'lending' AND c.related THEN c.amount - c.settled ELSE 0 END)
		AS BIGINT), 0) AS officers,
	coalesce(CAST(sum(CASE WHEN c.kind = 'guarantee' THEN 1 ELSE 0 END) AS BIGINT), 0) AS guarantees,
	coalesce(CAST(sum(CASE WHEN c.kind = 'guarantee' THEN c.amount ELSE 0 END) AS BIGINT), 0) AS guaranteed,
	(SELECT coalesce(CAST(sum(t.amount) AS BIGINT), 0) FROM commitment_transfer t
		WHERE t.home = ? AND t.` + column + ` = ? AND t.course = 'announced') AS unbooked,
	(SELECT count(*) FROM commitment_transfer t
		WHERE t.home = ? AND t.` + column + ` = ? AND t.course = 'announced') AS open
	FROM commitment c WHERE c.home = ? AND c.` + column + ` = ? AND c.state = 'standing'`
}

// summaryOf sums up what stands at a place ("place") or of an organisation ("organisation").
func summaryOf(r store.Reader, column string, home, id int64) (Summary, error) {
	sum, _, err := store.First[Summary](r, summaryText(column), home, id, home, id, home, id)
	return sum, err
}

// publish writes the figures of a place for the running year (invariant 7).
func (s *Commitments) publish(tx *store.Tx, home, place int64) error {
	if s.host.Measures == nil { // in a program without the whole machinery: tests
		return nil
	}
	sum, err := summaryOf(tx, "place", home, place)
	if err != nil {
		return err
	}
	year := strconv.Itoa(s.host.Today().Year())
	var list []measure.Figure
	figures := sum.figures()
	for _, d := range measures() { // in one order: two who publish at once cannot wait for each other
		list = append(list, measure.Figure{Home: home, Measure: d.Key, Place: place, Period: year,
			Numerator: figures[d.Key], Covered: 1, Expected: 1, Source: "commitments"})
	}
	return s.host.Measures.Publish(tx, list...)
}

// figures are the measures of a summary.
func (s Summary) figures() map[string]int64 {
	return map[string]int64{DebtMeasure: s.Debt, UnvotedMeasure: s.Unvoted, GuaranteeMeasure: s.Guarantees,
		OfficerMeasure: s.Officers, UnbookedMeasure: s.Unbooked}
}

// publishSome is how many places one transaction publishes.
const publishSome = 200

// publishYear publishes what stands at the places of a county that have no figures of the running year
// yet: on the first night of a year, and after what was loaded.
func (s *Commitments) publishYear(ctx context.Context, home int64) error {
	if s.host.Measures == nil {
		return nil
	}
	for {
		n := 0
		err := s.host.Store.Maintain(ctx, func(tx *store.Tx) error {
			places, err := store.All[int64](tx, `SELECT u.place FROM (SELECT place FROM commitment
				WHERE home = ? UNION SELECT place FROM commitment_transfer WHERE home = ?) u
				WHERE NOT EXISTS (SELECT 1 FROM figure f WHERE f.home = ? AND f.measure = ?
					AND f.place = u.place AND f.period = ? AND NOT f.total) ORDER BY u.place LIMIT ?`, home,
				home, home, DebtMeasure, strconv.Itoa(s.host.Today().Year()), publishSome)
			n = len(places)
			for _, place := range places {
				if err == nil {
					err = s.publish(tx, home, place)
				}
			}
			return err
		})
		if err != nil || n == 0 {
			return err
		}
	}
}

// runFigures adds the figures of the running year up the tree of places.
func (s *Commitments) runFigures(ctx context.Context, _ *jobs.Run) error {
	return s.RollUp(ctx)
}

// RollUp adds the figures of the running year up the tree of places.
func (s *Commitments) RollUp(ctx context.Context) error {
	if s.host.Measures == nil {
		return nil
	}
	on := today{s.places.Today()}
	for _, d := range measures() {
		_, err := s.host.Measures.RollUp(ctx, on, d.Key, period.OfYear(s.host.Today().Year()))
		if err != nil {
			return err
		}
	}
	return nil
}

// today is the tree of places as the roll-up of measures asks for it.
type today struct{ *tree.Tree }

func (t today) Place(n int) int64 { return t.ID(tree.Node(n)) }
func (t today) Parent(n int) int  { return int(t.Tree.Parent(tree.Node(n))) }
func (t today) Home(n int) int64  { return t.HomeOf(t.Place(n)) }
