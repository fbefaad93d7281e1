package formpage

import (
	"fmt"

	"github.com/terrace-project/terrace/internal/platform/form"
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Define makes a form of a module's own, for an act too small to be part of a pack. Its title is the
// dictionary entry of the key, a field's label KEY.FIELD and its help KEY.FIELD.help, if there is one.
func Define(d *locale.Dictionary, key string, codes []form.CodeList, fields ...form.Field) (*form.Definition,
	error) {
	f := form.Definition{Key: key, Version: 1, Title: d.Words(key), Basis: key, Mark: form.Config}
	for _, field := range fields {
		name := key + "." + field.Key
		field.Label = d.Words(name)
		if d.Has(name + ".help") {
			field.Help = d.Words(name + ".help")
		}
		f.Fields = append(f.Fields, field)
	}
	return compiled(codes, f)
}

// Part is a form with some fields of another and none of its checks: what may be changed of a record
// that was entered with the whole.
func Part(of *form.Definition, key string, keep func(field string) bool) (*form.Definition, error) {
	part := form.Definition{Key: key, Version: of.Version, Title: of.Title, Basis: of.Basis, Mark: of.Mark}
	var codes []form.CodeList
	seen := map[string]bool{}
	for _, f := range of.Fields {
		if !keep(f.Key) {
			continue
		}
		part.Fields = append(part.Fields, f)
		if list := f.CodeList(); list != nil && !seen[list.Key] {
			seen[list.Key] = true
			codes = append(codes, *list)
		}
	}
	return compiled(codes, part)
}

func compiled(codes []form.CodeList, f form.Definition) (*form.Definition, error) {
	library, findings := form.NewLibrary(codes, []form.Definition{f})
	if fault.Stops(findings) {
		return nil, fmt.Errorf("formpage: %s cannot be a form: %v", f.Key, findings)
	}
	made, _ := library.Form(f.Key)
	return made, nil
}
