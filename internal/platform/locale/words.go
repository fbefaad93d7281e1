package locale

import "github.com/terrace-project/terrace/internal/pure/words"

// Language and Words are those of the pure code, so that what a pack says in every language can be
// used on every floor.
type (
	Language = words.Language
	Words    = words.Words
)

// The languages.
const (
	Chinese = words.Chinese
	English = words.English
)

// Languages lists them in the order of the columns; the first is the default.
var Languages = words.Languages

// Each makes a text for each language.
func Each(text func(Language) string) Words { return words.Each(text) }

// Words gives an entry of the dictionary in every language.
func (d *Dictionary) Words(key string, args ...any) Words {
	return Each(func(l Language) string { return d.Text(l, key, args...) })
}
