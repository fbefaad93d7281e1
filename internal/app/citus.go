package app

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// references are the tables that are declared without a home; on Citus each machine has all of them.
func (p *Program) references() []string {
	var names []string
	for _, t := range p.Tables() {
		if !t.Homed() {
			names = append(names, t.Name())
		}
	}
	return names
}

// shapes reads the program's whole schema from a database made for the purpose, and refuses a table
// that Citus would not take.
func (p *Program) shapes(cmd *cobra.Command) ([]store.Shape, error) {
	folder, err := os.MkdirTemp("", "terrace-schema-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder) //nolint:errcheck // an empty database
	s, err := store.Open(cmd.Context(), store.Config{URL: "sqlite:" + filepath.Join(folder, "schema.db")})
	if err != nil {
		return nil, err
	}
	defer s.Close()
	if _, err := s.Migrate(cmd.Context(), p.Parts()); err != nil {
		return nil, err
	}
	shapes, err := s.Shapes(cmd.Context())
	if err != nil {
		return nil, err
	}
	references := p.references()
	for i := range shapes {
		shapes[i].Homed = shapes[i].Homed && !slices.Contains(references, shapes[i].Name)
		if err := shapes[i].Distributable(references); err != nil {
			return nil, err
		}
	}
	return shapes, nil
}

// distribute prints the statements that put the tables on Citus, or runs them.
func (p *Program) distribute(cmd *cobra.Command, s *store.Store, print bool) error {
	c := p.host.Console
	if s.Engine() != "postgres" {
		return fault.New(fault.Unsupported, "app.citus", s.Engine())
	}
	shapes, err := p.shapes(cmd)
	if err != nil {
		return err
	}
	keys, err := s.ForeignKeys(cmd.Context())
	if err != nil {
		return err
	}
	statements := store.CitusText(shapes, keys)
	show := func(statement string) { fmt.Fprintln(c.Out, statement+";") }
	if print {
		for _, statement := range statements {
			show(statement)
		}
		return nil
	}
	return s.Distribute(cmd.Context(), statements, show)
}
