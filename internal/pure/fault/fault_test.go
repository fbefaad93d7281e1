package fault_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/pure/fault"
)

func TestOfNeverLosesAFault(t *testing.T) {
	refusal := fault.New(fault.Conflict, "assets.example", 3).Because(io.EOF)
	wrapped := fmt.Errorf("while saving: %w", refusal)
	if got := fault.Of(wrapped); got != refusal {
		t.Errorf("Of(wrapped) = %v, want the fault itself", got)
	}
	if !errors.Is(wrapped, io.EOF) {
		t.Error("the cause is lost")
	}
	if got := fault.Of(io.EOF); got.Code != fault.Internal {
		t.Errorf("Of(io.EOF).Code = %s, want internal", got.Code)
	}
	if fault.Of(nil) != nil {
		t.Error("Of(nil) is not nil")
	}
	if !fault.HasKey(wrapped, "assets.example") || fault.HasKey(io.EOF, "assets.example") {
		t.Error("HasKey misjudges")
	}
}

func TestBecauseAndWithLeaveTheOriginalAlone(t *testing.T) {
	first := fault.New(fault.Invalid, "assets.example")
	second := first.Because(io.EOF).With([]fault.Finding{fault.Wrong("assets.example.row")})
	if first.Unwrap() != nil || len(first.Findings) != 0 {
		t.Error("a shared fault value was changed")
	}
	if second.Unwrap() != io.EOF || len(second.Findings) != 1 {
		t.Error("the copy lost what it was given")
	}
}

func TestFindingCutsLongValuesByCharacters(t *testing.T) {
	f := fault.Wrong("x").Saw(strings.Repeat("地", 200))
	if n := len([]rune(f.Value)); n != fault.ValueMax {
		t.Errorf("value has %d characters, want %d", n, fault.ValueMax)
	}
	if !fault.Stops([]fault.Finding{fault.Doubt("a"), f}) ||
		fault.Stops([]fault.Finding{fault.Doubt("a")}) {
		t.Error("Stops misjudges")
	}
}
