package sheet

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"strconv"
	"strings"

	"github.com/terrace-project/terrace/internal/platform/form"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Meta is what a template says of itself on its hidden sheet (or, in CSV, in its first row).
type Meta struct {
	Form             string // key
	Version          int
	Title            string // of the form, in the language of the template
	Fingerprint      string // of the form's fields
	Organisation     string // reference
	OrganisationName string
	Period           string
	Hash             string // over all of it
}

const (
	metaSheet  = "_terrace"
	codesSheet = "_codes"
	metaMark   = "#terrace"
	refKey     = "_row"  // heading of the column with the reference of a prefilled row
	sealKey    = "_seal" // heading of the column with the digest of its locked cells
)

// metaNames are the names of the fields on the hidden sheet, in the order of fields().
var metaNames = []string{"form", "version", "title", "fingerprint", "organisation", "organisation_name",
	"period", "hash"}

func (m Meta) fields() []string {
	return []string{m.Form, strconv.Itoa(m.Version), m.Title, m.Fingerprint, m.Organisation,
		m.OrganisationName, m.Period, m.Hash}
}

func metaOf(fields []string) (Meta, bool) {
	if len(fields) != len(metaNames) {
		return Meta{}, false
	}
	version, err := strconv.Atoi(fields[1])
	return Meta{fields[0], version, fields[2], fields[3], fields[4], fields[5], fields[6],
		fields[7]}, err == nil
}

// digest is SHA-256 over texts, each with its length, as hexadecimal digits.
func digest(texts ...string) string {
	h := sha256.New()
	var length [8]byte
	for _, t := range texts {
		binary.BigEndian.PutUint64(length[:], uint64(len(t)))
		h.Write(length[:])
		h.Write([]byte(t))
	}
	return hex.EncodeToString(h.Sum(nil))
}

func (m Meta) hash() string {
	fields := m.fields()
	return digest(fields[:len(fields)-1]...)
}

// fingerprint tells two states of a form apart that have the same version: a field was added, or
// another code list is used.
func fingerprint(d *form.Definition) string {
	var parts []string
	for _, f := range d.Fields {
		parts = append(parts, f.Key, string(f.Kind), f.Codes, strconv.FormatBool(f.ReadOnly))
	}
	return digest(parts...)[:16]
}

// seal is the digest of a prefilled row's locked cells. It shows a slip, not an intruder: whoever
// knows the rule can compute it, and a module holds the values against its own rows anyway.
func (m Meta) seal(d *form.Definition, ref string, cells []string, c form.Context) string {
	parts := []string{m.Hash, ref}
	for i := range d.Fields {
		if f := &d.Fields[i]; f.ReadOnly {
			parts = append(parts, f.Key, f.Canonical(cells[i], c))
		}
	}
	return digest(parts...)[:16]
}

// Wanted is what a file is read for.
type Wanted struct {
	Form             *form.Definition
	Organisation     string // reference of the organisation the file must be of; "" takes any
	OrganisationName string // its name, for the refusal
	Period           string // that the file must be of; "" takes any
	On               period.Date
	Sheet            string // chosen by name; "" takes the one that fits
	TemplateOnly     bool   // refuses files that were not made as a template
}

func (w Wanted) context() form.Context { return form.Context{On: w.On} }

// accept refuses the template of something else, by name.
func (w Wanted) accept(m Meta) error {
	switch {
	case m.Form != w.Form.Key:
		return fault.New(fault.Conflict, "sheet.other_form", m.Title, w.Form.Title)
	case m.Hash != m.hash():
		return fault.New(fault.Conflict, "sheet.altered")
	case m.Version != w.Form.Version:
		return fault.New(fault.Conflict, "sheet.other_version", m.Version, w.Form.Version, w.Form.Title)
	case m.Fingerprint != fingerprint(w.Form):
		return fault.New(fault.Conflict, "sheet.old_state", w.Form.Title)
	case w.Organisation != "" && m.Organisation != w.Organisation:
		return fault.New(fault.Conflict, "sheet.other_organisation", m.OrganisationName, w.OrganisationName)
	case w.Period != "" && m.Period != w.Period:
		return fault.New(fault.Conflict, "sheet.other_period", m.Period, w.Period)
	}
	return nil
}

// readMeta finds what a file says of itself; ok is false for a file that is no template.
func (b *Book) readMeta() (m Meta, ok bool, err error) {
	p, found := b.find(metaSheet)
	if !found {
		return b.readMetaRow()
	}
	values := map[string]string{}
	for r, err := range b.rows(p) {
		if err != nil {
			return m, false, err
		}
		if len(r.cells) == 2 {
			values[r.cells[0].text] = r.cells[1].text
		}
	}
	fields := make([]string, len(metaNames))
	for i, name := range metaNames {
		fields[i] = values[name]
	}
	m, ok = metaOf(fields)
	if !ok {
		return m, false, fault.New(fault.Conflict, "sheet.altered")
	}
	return m, true, nil
}

// readMetaRow looks into the first row, where a CSV template says what it is. A workbook made of one
// has it there too.
func (b *Book) readMetaRow() (m Meta, ok bool, err error) {
	for _, p := range b.sheets {
		for r, err := range b.rows(p) {
			if err != nil {
				return m, false, err
			}
			m, ok = metaOfRow(r)
			break
		}
		if ok {
			break
		}
	}
	return m, ok, nil
}

func metaOfRow(r row) (Meta, bool) {
	if len(r.cells) == 0 || r.cells[0].text != metaMark {
		return Meta{}, false
	}
	fields := make([]string, len(metaNames))
	for i := range fields {
		if c, ok := r.at(i + 1); ok {
			fields[i] = strings.TrimSpace(c.text)
		}
	}
	return metaOf(fields)
}
