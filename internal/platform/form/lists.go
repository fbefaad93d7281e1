package form

import (
	"fmt"

	"github.com/terrace-project/terrace/internal/platform/locale"
)

// Lists are the code lists that a module uses, by their keys.
type Lists map[string]*CodeList

// Lists takes code lists out of the library; the error names the first that there is not.
func (l *Library) Lists(keys ...string) (Lists, error) {
	lists := Lists{}
	for _, key := range keys {
		list, ok := l.Codes(key)
		if !ok {
			return nil, fmt.Errorf("the pack has no code list %s", key)
		}
		lists[key] = list
	}
	return lists, nil
}

// Has reports whether a list has, or had, a code.
func (l Lists) Has(key, code string) bool {
	list, known := l[key]
	if !known {
		return false
	}
	_, found := list.Entry(code, "")
	return found
}

// Word is what a code means; the code itself if nobody knows.
func (l Lists) Word(language locale.Language, key, code string) string {
	if list, known := l[key]; known {
		if e, found := list.Entry(code, ""); found {
			return e.Words().In(language)
		}
	}
	return code
}
