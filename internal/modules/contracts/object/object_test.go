package object_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/terrace-project/terrace/internal/modules/contracts/object"
)

// TestWhatIsWrittenIsRead: any parts that fit come back as they were.
func TestWhatIsWrittenIsRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SliceOfNDistinct(rapid.Custom(func(t *rapid.T) object.Part {
			return object.Part{Object: rapid.StringMatching(`[0-9]{1,6}/[0-9]{1,6}`).Draw(t, "object"),
				Share: rapid.Int64Range(1, object.Whole).Draw(t, "share")}
		}), 0, 8, func(p object.Part) string { return p.Object }).Draw(t, "parts")
		back, readable := object.Read(object.Write(list))
		if !object.Fits(list) || !readable || !slices.Equal(back, list) {
			t.Fatalf("%v came back as %v", list, back)
		}
	})
	if _, readable := object.Read("1/2:half"); readable {
		t.Error("a share that is no number is read")
	}
	if object.Fits([]object.Part{{Object: "1/2", Share: 1}, {Object: "1/2", Share: 1}}) {
		t.Error("the same thing stands twice")
	}
}
