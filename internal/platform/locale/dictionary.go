package locale

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/language"

	"github.com/terrace-project/terrace/internal/pure/decimal"
)

var matcher = language.NewMatcher([]language.Tag{language.SimplifiedChinese, language.English})

// Match chooses a language: what the person chose, else what the browser asks for.
func Match(chosen, accept string) Language {
	if slices.Contains(Languages, Language(chosen)) {
		return Language(chosen)
	}
	if accept == "" {
		return Languages[0]
	}
	tags, _, err := language.ParseAcceptLanguage(accept)
	if err != nil {
		return Languages[0]
	}
	_, index, _ := matcher.Match(tags...) // the index is reliable, the tag is not
	return Languages[index]
}

// Dictionary holds all texts. It does not change after Load.
type Dictionary struct {
	texts map[Language]map[string]string
}

// Load reads every texts/*.csv of the given file systems.
func Load(sources ...fs.FS) (*Dictionary, error) {
	d := &Dictionary{texts: map[Language]map[string]string{}}
	for _, l := range Languages {
		d.texts[l] = map[string]string{}
	}
	var all []error
	for _, source := range sources {
		files, err := fs.Glob(source, "texts/*.csv")
		if err != nil {
			return nil, err
		}
		for _, file := range files {
			all = append(all, d.load(source, file))
		}
	}
	return d, errors.Join(all...)
}

func (d *Dictionary) load(source fs.FS, file string) error {
	f, err := source.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.FieldsPerRecord = 1 + len(Languages)
	header, err := r.Read()
	if err != nil || header[0] != "key" || header[1] != string(Languages[0]) ||
		header[2] != string(Languages[1]) {
		return fmt.Errorf("locale: %s does not begin with key,zh,en (%v)", path.Base(file), err)
	}
	var all []error
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return errors.Join(all...)
		}
		if err != nil {
			return fmt.Errorf("locale: %s: %w", path.Base(file), err)
		}
		if err := d.add(record[0], record[1:]); err != nil {
			line, _ := r.FieldPos(0)
			all = append(all, fmt.Errorf("locale: %s:%d: %w", path.Base(file), line, err))
		}
	}
}

var arguments = regexp.MustCompile(`%\[(\d+)\]|%[^%\[]`)

// Add adds one entry; the texts are in the order of Languages.
func (d *Dictionary) add(key string, texts []string) error {
	if key == "" || strings.ContainsAny(key, " \t") {
		return fmt.Errorf("%q is not a key", key)
	}
	if _, twice := d.texts[Languages[0]][key]; twice {
		return fmt.Errorf("%s stands twice", key)
	}
	first := argumentsOf(texts[0])
	for i, l := range Languages {
		if strings.TrimSpace(texts[i]) == "" {
			return fmt.Errorf("%s has no %s text", key, l)
		}
		if got := argumentsOf(texts[i]); !slices.Equal(got, first) && !strings.HasSuffix(key, ".one") {
			return fmt.Errorf("%s uses the arguments %v in %s and %v in %s", key, first, Languages[0], got,
				l)
		}
		d.texts[l][key] = texts[i]
	}
	return nil
}

func argumentsOf(text string) []string {
	found := arguments.FindAllString(strings.ReplaceAll(text, "%%", ""), -1)
	slices.Sort(found)
	return slices.Compact(found)
}

// Has reports whether the key is in the dictionary.
func (d *Dictionary) Has(key string) bool {
	_, ok := d.texts[Languages[0]][key]
	return ok
}

// Keys lists all keys, sorted.
func (d *Dictionary) Keys() []string {
	keys := make([]string, 0, len(d.texts[Languages[0]]))
	for k := range d.texts[Languages[0]] {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// Text gives the text of a key in a language. A key that is not there is given back in brackets:
// visible, but no reason to fail a page.
func (d *Dictionary) Text(l Language, key string, args ...any) string {
	texts := d.texts[l]
	text, ok := texts[key]
	if !ok {
		return "⟨" + key + "⟩"
	}
	if len(args) == 0 {
		return strings.ReplaceAll(text, "%%", "%")
	}
	if one, ok := texts[key+".one"]; ok && fmt.Sprint(args[0]) == "1" {
		text = one
	}
	if !strings.Contains(text, "%[") {
		return text
	}
	return fmt.Sprintf(text, d.localized(l, args)...)
}

// Word is an argument that is itself a key of the dictionary.
type Word string

// Count is a number of things, shown with separators; a plain int is shown as it is (a year).
type Count int64

func (n Count) String() string { return decimal.Grouped(int64(n), 0) }

func (d *Dictionary) localized(l Language, args []any) []any {
	out := slices.Clone(args)
	for i, a := range out {
		switch a := a.(type) {
		case Word:
			out[i] = d.Text(l, string(a))
		case Words:
			out[i] = a.In(l)
		}
	}
	return out
}
