package keys_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/terrace-project/terrace/internal/platform/keys"
	"github.com/terrace-project/terrace/internal/platform/storetest"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

func ring(t *testing.T) *keys.Ring {
	t.Helper()
	r, err := keys.New(storetest.Random(9))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestKeysSurviveAFile(t *testing.T) {
	r, name := ring(t), filepath.Join(t.TempDir(), "terrace.keys")
	if err := r.Save(name); err != nil {
		t.Fatal(err)
	}
	if err := r.Save(name); !fault.HasKey(err, "keys.save") {
		t.Errorf("overwriting keys: %v", err)
	}
	info, _ := os.Stat(name)
	if info.Mode().Perm() != 0o600 {
		t.Errorf("the file has mode %v", info.Mode())
	}
	back, err := keys.Load(name)
	if err != nil || !back.Log().Equal(r.Log()) ||
		!bytes.Equal(back.Find("phone", "1"), r.Find("phone", "1")) {
		t.Errorf("other keys came back: %v", err)
	}
	for text, want := range map[string]string{"{}": "keys.broken", "x": "keys.broken",
		`{"version":1,"log_seed":"00"}`: "keys.broken"} {
		bad := filepath.Join(t.TempDir(), "bad")
		if err := os.WriteFile(bad, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := keys.Load(bad); !fault.HasKey(err, want) {
			t.Errorf("%q: %v", text, err)
		}
	}
	if _, err := keys.Load(name + "x"); !fault.HasKey(err, "keys.missing") {
		t.Errorf("a missing file: %v", err)
	}
}

func TestSealedValuesOpenOnlyInTheirColumn(t *testing.T) {
	r := ring(t)
	sealed, err := r.Seal(storetest.Random(1), "person.phone", "13812345678")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := r.Open("person.phone", sealed); err != nil || got != "13812345678" {
		t.Errorf("opened to %q, %v", got, err)
	}
	if bytes.Contains(sealed, []byte("138")) {
		t.Error("the value can be read")
	}
	if _, err := r.Open("person.name", sealed); err == nil {
		t.Error("a value was moved to another column")
	}
	for i := range sealed {
		forged := bytes.Clone(sealed)
		forged[i] ^= 1
		if _, err := r.Open("person.phone", forged); err == nil {
			t.Fatalf("a flipped bit at %d went unnoticed", i)
		}
	}
	if empty, err := r.Open("person.phone", nil); err != nil || empty != "" {
		t.Errorf("nothing opened to %q, %v", empty, err)
	}
	if bytes.Equal(r.Find("a", "1"), r.Find("b", "1")) {
		t.Error("two columns share their hashes")
	}
}
