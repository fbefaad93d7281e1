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

// TestWhatPeopleWriteIsRead: full-width signs, other marks between parts; a share of nothing is not all.
func TestWhatPeopleWriteIsRead(t *testing.T) {
	want := []object.Part{{Object: "500102/37", Share: object.Whole}, {Object: "500102/38", Share: 50_00}}
	for _, text := range []string{"500102/37，500102/38：50％", "500102/37；500102/38:50",
		"500102/37、 500102/38:５０%",
		"500102/37\r\n500102/38:50.00%"} {
		if got, readable := object.Read(text); !readable || !slices.Equal(got, want) {
			t.Errorf("%q is read as %v", text, got)
		}
	}
	for _, text := range []string{"500102/37:0%", "500102/37:-1%", "500102/37:", "500102/37:1/2"} {
		if got, readable := object.Read(text); readable {
			t.Errorf("%q is read as %v", text, got)
		}
	}
}
