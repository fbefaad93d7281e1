package intake

import (
	"context"
	"errors"
	"fmt"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/form"
	"github.com/terrace-project/terrace/internal/platform/sheet"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Kind is one sort of file, as a module registers it. Key, Form, Permit and one of Apply and ApplyAll are
// needed.
type Kind struct {
	Key    string // "inventory.count"
	Form   *form.Definition
	Permit access.Permit // asked at the place of the intake

	// Wanted says whose file it must be; its Form is filled in.
	Wanted func(ctx context.Context, in Intake) (sheet.Wanted, error)
	// Context gives the day and the parameters for checks.
	Context func(ctx context.Context, in Intake) (form.Context, error)
	// Others are the rows of other forms that cross-checks speak of, by the forms' keys.
	Others func(ctx context.Context, in Intake) (map[string][]form.Record, error)
	// Check holds a portion of rows against the module's own data. It changes nothing.
	Check func(c *Checking) error
	// Checks makes the Check of one look through a file, from its first row to its last: for a module
	// that holds rows against earlier ones, which may stand in another portion.
	Checks func() func(c *Checking) error
	// Operation is the key under which a row takes effect once; nil: one for each row of the file. A
	// kind whose rows have an identity of their own names it, so that two files cannot both apply it.
	Operation func(in Intake, row Row) string
	// Before runs once nothing stands against the file, before its first row and outside the transactions
	// of the rows: for what a module enters by use cases of its own. It may run again, and does nothing
	// twice.
	Before func(ctx context.Context, a access.Actor, in Intake) error
	// Apply makes one row take effect. It may run again and has no effect but through tx. A refusal
	// (Invalid, Conflict, NotFound …) is about this row; any other error stops the intake.
	Apply func(tx *store.Tx, in Intake, row Row) error
	// ApplyAll is Apply for the rows of a portion at once: for a module that keeps a sum of its rows. A
	// portion that is refused is tried again in halves, until the row is found.
	ApplyAll func(tx *store.Tx, in Intake, rows []Row) error
	// Finish runs once, after the last row.
	Finish func(tx *store.Tx, in Intake) error
}

// Row is one row of the file.
type Row struct {
	Line   int    // in the file, as a spreadsheet program shows it
	Ref    string // of a prefilled row; "" for one that was added
	Record form.Record
}

// Checking is a portion of rows being checked.
type Checking struct {
	Reader store.Reader
	Intake Intake
	Rows   []Row
	tell   func(line int, f form.Finding)
}

// Tell notes a finding about a row, beside the field of a key ("": the whole row).
func (c *Checking) Tell(row Row, field string, f fault.Finding) {
	found := form.Finding{Finding: f, Record: -1}
	if field != "" {
		found.Fields = []string{field}
	}
	c.tell(row.Line, found)
}

// Register adds a kind. The module does so when it starts.
func (s *Service) Register(k Kind) error {
	if k.Key == "" || k.Form == nil || k.Permit == "" || (k.Apply == nil) == (k.ApplyAll == nil) {
		return fmt.Errorf("intake: the kind %q is not whole", k.Key)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, twice := s.kinds[k.Key]; twice {
		return fmt.Errorf("intake: the kind %s is registered twice", k.Key)
	}
	if personal(k.Form) && s.keys == nil {
		return errors.New("intake: personal cells cannot be staged without keys")
	}
	s.kinds[k.Key] = k
	return nil
}

// personal reports whether the form asks for anything that is encrypted at rest.
func personal(d *form.Definition) bool {
	for _, f := range d.Fields {
		if f.DataClass >= "S2" {
			return true
		}
	}
	return false
}

func (s *Service) kind(key string) (Kind, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	k, ok := s.kinds[key]
	if !ok {
		return k, fmt.Errorf("intake: nobody registered the kind %q", key)
	}
	return k, nil
}

func (k Kind) wanted(ctx context.Context, in Intake) (sheet.Wanted, error) {
	var w sheet.Wanted
	var err error
	if k.Wanted != nil {
		w, err = k.Wanted(ctx, in)
	}
	w.Form = k.Form
	return w, err
}

func (k Kind) context(ctx context.Context, in Intake) (form.Context, error) {
	if k.Context == nil {
		return form.Context{}, nil
	}
	return k.Context(ctx, in)
}

// apply makes rows take effect, at once or one by one.
func (k Kind) apply(tx *store.Tx, in Intake, rows []Row) error {
	if len(rows) == 0 {
		return nil
	}
	if k.ApplyAll != nil {
		return k.ApplyAll(tx, in, rows)
	}
	for _, row := range rows {
		if err := k.Apply(tx, in, row); err != nil {
			return err
		}
	}
	return nil
}
