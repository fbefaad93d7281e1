package words_test

import (
	"testing"

	"github.com/terrace-project/terrace/internal/pure/words"
)

func TestEveryLanguageHasItsText(t *testing.T) {
	w := words.Each(func(l words.Language) string { return "text " + string(l) })
	for _, l := range words.Languages {
		if w.In(l) != "text "+string(l) {
			t.Errorf("%s: %q", l, w.In(l))
		}
		if words.Plain("3").In(l) != "3" {
			t.Errorf("a figure differs in %s", l)
		}
	}
	if !w.Whole() || (words.Words{Chinese: "字"}).Whole() {
		t.Error("a missing language goes unnoticed")
	}
	if words.Chinese.Tag() != "zh-CN" || words.English.Tag() != "en" {
		t.Error("the tags are wrong")
	}
}
