package password_test

import (
	"context"
	"crypto/rand"
	"errors"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/platform/password"
	"github.com/terrace-project/terrace/internal/platform/storetest"
)

func TestPasswordsThatAreRefused(t *testing.T) {
	rules := password.Rules{LengthMin: 10, ClassesMin: 3}
	for text, want := range map[string]string{
		"Rain on 7 terraces":                      "",
		"梯田上的雨 Seven 7":                           "",
		"Short1!":                                 "short",
		"onlysmallletters":                        "classes",
		"small and spaces":                        "classes",
		"Wang.Fang and 7 fields":                  "login",
		"Admin@123456":                            "common",
		"ＡＤＭＩＮ＠１２３４５６":                            "common",
		"Ab1Ab1Ab1Ab1":                            "common",
		strings.Repeat("Rain on 7 terraces ", 20): "long",
		"": "short classes",
	} {
		var got []string
		for _, f := range rules.Check("wang.fang", text) {
			got = append(got, strings.TrimPrefix(f.Key, "password."))
		}
		for _, key := range strings.Fields(want) {
			if !strings.Contains(strings.Join(got, " "), key) {
				t.Errorf("%q is refused for %v, want %q", text, got, want)
			}
		}
		if want == "" && len(got) > 0 {
			t.Errorf("%q is refused for %v", text, got)
		}
	}
}

// TestOneTimePasswordsMeetTheRules, whatever is drawn.
func TestOneTimePasswordsMeetTheRules(t *testing.T) {
	random, seen := storetest.Random(3), map[string]bool{}
	for range 1000 {
		p := password.OneTime(func(b []byte) { random.Read(b) }) //nolint:errcheck // never fails
		if wrong := (password.Rules{LengthMin: 10, ClassesMin: 3}).Check("anna", p); len(wrong) > 0 {
			t.Fatalf("%q: %v", p, wrong)
		}
		if seen[p] {
			t.Fatalf("%q was drawn twice", p)
		}
		seen[p] = true
	}
}

// FuzzStoredHash: a row altered by hand is read or not, but never takes the machine down.
func FuzzStoredHash(f *testing.F) {
	f.Add("$argon2id$v=19$m=32768,t=3,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
	f.Add("$argon2id$v=19$m=4294967295,t=4294967295,p=1$AAAA$AAAA")
	f.Add("$$$$$")
	f.Fuzz(func(t *testing.T, text string) {
		if password.ParsePHC(text) && !strings.HasPrefix(text, "$argon2id$v=19$m=") {
			t.Errorf("%q was read as a hash", text)
		}
	})
}

func TestHashesBeyondAllBoundsAreNotComputed(t *testing.T) {
	const tail = ",p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	for text, want := range map[string]bool{"m=32768,t=3": true, "m=99999999,t=3": false,
		"m=32768,t=99": false, "m=32768,t=0": false, "m=1,t=1": false} {
		if got := password.ParsePHC("$argon2id$v=19$" + text + tail); got != want {
			t.Errorf("%s: %v, want %v", text, got, want)
		}
	}
}

// TestHashes: right and wrong, the same in full width, salted, bounded in number, and the same work
// for nobody's.
func TestHashes(t *testing.T) {
	h := password.NewHasher(password.Cost{Memory: 64, Time: 1}, func(b []byte) { rand.Read(b) })
	one, err := h.Hash(t.Context(), "Rain on 7 terraces")
	if err != nil {
		t.Fatal(err)
	}
	two, err := h.Hash(t.Context(), "Rain on 7 terraces")
	if err != nil || one == two {
		t.Errorf("two hashes are alike: %s (%v)", one, err)
	}
	for text, want := range map[string]bool{"Rain on 7 terraces": true, "Ｒａｉｎ on ７ terraces": true,
		"Rain on 7 terrace": false, "": false} {
		if got, err := h.Verify(t.Context(), one, text); got != want || err != nil {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
	before := h.Work()
	for _, stored := range []string{h.Nobody(), "", "$argon2id$v=19$m=99999999,t=3,p=1$AAAA$AAAA"} {
		if got, err := h.Verify(t.Context(), stored, "anything"); got || err != nil {
			t.Errorf("%q: %v, %v", stored, got, err)
		}
	}
	if work := h.Work() - before; work != 3 {
		t.Errorf("%d hashes were computed for three that nobody has", work)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for range 50 { // a slot may be free, so that the end is noticed only sometimes
		if _, err := h.Hash(ended, "x"); errors.Is(err, context.Canceled) {
			return
		}
	}
	t.Error("whoever has gone is still served")
}
