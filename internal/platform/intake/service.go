package intake

import (
	"context"
	"encoding/json"
	"io"
	"strconv"
	"strings"
	"sync"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/form"
	"github.com/terrace-project/terrace/internal/platform/keys"
	"github.com/terrace-project/terrace/internal/platform/sheet"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// portions are the rows of one transaction, each of which waits for the disk once. Staging and checking are
// cheap for each row; applying writes the module's tables, and on SQLite everybody else's writes wait for
// it. A kind that takes rows together (whole) writes them together, and so takes more of them.
type portions struct{ stage, check, apply, whole int }

var usual = portions{stage: 2000, check: 2000, apply: 100, whole: 1000}

// applied is how many rows of a kind are applied in one transaction.
func (s *Service) applied(k Kind) int {
	if k.ApplyAll != nil {
		return s.sizes.whole
	}
	return s.sizes.apply
}

// Service takes files in. It is safe for concurrent use.
type Service struct {
	store  *store.Store
	access *access.Service
	keys   *keys.Ring
	limits sheet.Limits
	sizes  portions

	mu    sync.RWMutex
	kinds map[string]Kind

	// step is called at every boundary of a portion. Tests fail or kill there.
	step func(point string) error
}

// New makes a service. keys may be nil where no kind has personal fields.
func New(s *store.Store, a *access.Service, k *keys.Ring) *Service {
	return &Service{store: s, access: a, keys: k, sizes: usual, kinds: map[string]Kind{},
		step: func(string) error { return nil }}
}

// SetLimits bounds the files that are taken; before that they are those of package sheet.
func (s *Service) SetLimits(l sheet.Limits) { s.limits = l }

// open finds an intake and asks the permit of its kind.
func (s *Service) open(ctx context.Context, a access.Actor, home, id int64) (Intake, Kind, error) {
	in, err := read(ctx, s, func(v *store.View) (Intake, error) { return get(v, home, id) })
	if err != nil {
		return in, Kind{}, err
	}
	k, err := s.kind(in.Kind)
	if err == nil {
		err = s.access.Require(a, k.Permit, in.Place)
	}
	return in, k, err
}

// Get reads an intake.
func (s *Service) Get(ctx context.Context, a access.Actor, home, id int64) (Intake, error) {
	in, _, err := s.open(ctx, a, home, id)
	return in, err
}

// Of lists the intakes of a subject that the actor may see, the newest first.
func (s *Service) Of(ctx context.Context, a access.Actor, home int64, subject string) ([]Intake, error) {
	all, err := read(ctx, s, func(v *store.View) ([]Intake, error) {
		return intakes.All(v, "WHERE home = ? AND subject = ? ORDER BY id DESC LIMIT 100", home, subject)
	})
	var seen []Intake
	for _, in := range all {
		if k, err := s.kind(in.Kind); err == nil && s.access.Require(a, k.Permit, in.Place) == nil {
			seen = append(seen, in)
		}
	}
	return seen, err
}

// current refuses an intake that was staged with a form that is no longer the one in force.
func (k Kind) current(in Intake) error {
	if in.Form != k.Form.Key || in.FormVersion != int64(k.Form.Version) {
		return fault.New(fault.Conflict, "intake.form_changed", k.Form.Title)
	}
	return nil
}

// cellsColumn is the name under which the cells of a row are encrypted.
const cellsColumn = "intake_row.cells"

// lock encodes the cells of a row, encrypted if the form has personal fields.
func (s *Service) lock(k Kind, cells []string) ([]byte, error) {
	text, err := json.Marshal(cells)
	if err != nil || !personal(k.Form) {
		return text, err
	}
	return s.keys.Seal(random{s.store}, cellsColumn, string(text))
}

// unlock gives back what lock was given.
func (s *Service) unlock(k Kind, kept []byte) ([]string, error) {
	text := string(kept)
	if personal(k.Form) {
		var err error
		if text, err = s.keys.Open(cellsColumn, kept); err != nil {
			return nil, err
		}
	}
	var cells []string
	err := json.Unmarshal([]byte(text), &cells)
	return cells, err
}

// random is the host's randomness as a reader.
type random struct{ store *store.Store }

// Read fills b.
func (r random) Read(b []byte) (int, error) {
	r.store.Random(b)
	return len(b), nil
}

var _ io.Reader = random{}

// parse reads a staged row as a record, with what the form finds in it.
func (s *Service) parse(k Kind, r stagedRow, c form.Context) (Row, []form.Finding, error) {
	cells, err := s.unlock(k, r.Cells)
	if err != nil {
		return Row{}, nil, err
	}
	record, found := k.Form.ParseKnowing(cells, numbers(r.Told), c)
	return Row{Line: int(r.Line), Ref: r.Ref, Record: record}, found, nil
}

func joined(numbers []int) string {
	texts := make([]string, len(numbers))
	for i, n := range numbers {
		texts[i] = strconv.Itoa(n)
	}
	return strings.Join(texts, ",")
}

func numbers(text string) []int {
	var all []int
	for _, t := range strings.Split(text, ",") {
		if n, err := strconv.Atoi(t); err == nil {
			all = append(all, n)
		}
	}
	return all
}
