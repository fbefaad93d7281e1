package log_test

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"

	"github.com/terrace-project/terrace/internal/platform/log"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/storetest"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

type field struct {
	Home    int64  `db:"home"`
	ID      int64  `db:"id,key"`
	Version int64  `db:"version,version"`
	Name    string `db:"name"`
	Mu      int64  `db:"mu"`
}

var fields = store.NewTable[field]("field")

var parts = []store.Part{log.Part(), {Name: "field", Migrations: fstest.MapFS{"0001_field.sql": {
	Data: []byte(`-- +goose Up
CREATE TABLE field (home BIGINT NOT NULL, id BIGINT NOT NULL, version BIGINT NOT NULL,
	name TEXT NOT NULL, mu BIGINT NOT NULL, PRIMARY KEY (home, id));`)}}}}

func key(seed byte) ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed([]byte(strings.Repeat(string(rune(seed)), ed25519.SeedSize)))
}

func open(t *testing.T, s *store.Store) *log.Log {
	t.Helper()
	s.Seal(fields)
	signer, err := log.NewSigner("terrace.example/test", key('k'))
	if err != nil {
		t.Fatal(err)
	}
	return log.New(s, signer)
}

func add(t *testing.T, s *store.Store, home int64, n int) {
	t.Helper()
	for i := range n {
		err := s.Write(t.Context(), func(tx *store.Tx) error {
			id, err := tx.NextID(home, "field")
			if err != nil {
				return err
			}
			f := field{Home: home, ID: id, Name: fmt.Sprintf("field %d", i), Mu: int64(i)}
			if err := fields.Insert(tx, &f); err != nil {
				return err
			}
			_, err = tx.Record(store.Event{Home: home, Kind: "field.entered",
				Subject: fmt.Sprintf("field/%d", id), Body: map[string]int{"mu": i}})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func verify(t *testing.T, l *log.Log) log.Report {
	t.Helper()
	report, err := l.Verify(t.Context(), []store.Sealed{fields}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func TestWhatIsUntouchedVerifies(t *testing.T) {
	storetest.Each(t, parts, func(t *testing.T, s *store.Store) {
		l := open(t, s)
		add(t, s, 1, 40)
		add(t, s, 2, 3)
		if err := l.Anchor(t.Context()); err != nil {
			t.Fatal(err)
		}
		add(t, s, 1, 5) // not yet sequenced: waiting is no fault
		report := verify(t, l)
		if len(report.Findings) > 0 || report.Rows != 48 || report.Homes != 3 {
			t.Errorf("%s: %v", report, report.Findings)
		}
	})
}

// TestTamperingIsNamed alters the database behind the program's back in every way we thought of;
// the finding must name the place.
func TestTamperingIsNamed(t *testing.T) {
	for name, c := range map[string]struct {
		sql  string
		want string
		args string
	}{
		"a value": {`UPDATE field SET mu = 999 WHERE home = 1 AND id = 7`, "log.verify.row",
			"field 1 7"},
		"a value's digits": {`UPDATE field SET name = 'field 6 ' WHERE home = 1 AND id = 7`,
			"log.verify.row", "field 1 7"},
		"a row added": {`INSERT INTO field (home, id, version, name, mu) VALUES (1, 4711, 1, 'x', 1)`,
			"log.verify.extra", "field 1 4711"},
		"a row removed": {`DELETE FROM field WHERE home = 1 AND id = 9`, "log.verify.gone",
			"field 1 9"},
		"a row in no home": {`INSERT INTO field (home, id, version, name, mu) VALUES (99, 1, 1, 'x', 1)`,
			"log.verify.home", "field 99"},
		"an event's body": {`UPDATE event SET body = '{"mu":1000}' WHERE home = 1 AND id = 5`,
			"log.verify.event", "1 5"},
		"an event's time": {`UPDATE event SET at = at + 1 WHERE home = 1 AND id = 5`, "log.verify.event",
			"1 5"},
		"an event's rows": {`UPDATE event SET rows = (SELECT rows FROM event WHERE home = 1 AND id = 6)
			WHERE home = 1 AND id = 5`, "log.verify.event", "1 5"},
		"an event removed": {`DELETE FROM event WHERE home = 1 AND id = 5`, "log.verify.gap", "1 4"},
		"a leaf": {`UPDATE log_leaf SET hash = (SELECT hash FROM log_leaf WHERE home = 1 AND seq = 1)
			WHERE home = 1 AND seq = 3`,
			"log.verify.event", "1 4"},
		"the last events": {`DELETE FROM log_leaf WHERE home = 1 AND seq >= 30`, "log.verify.size",
			"1 40 30"},
		"a checkpoint": {`UPDATE log_checkpoint SET note = (SELECT note FROM log_checkpoint WHERE home = 2)
			WHERE home = 1`,
			"log.verify.signature", "1 40"},
		"an anchored head": {`DELETE FROM log_checkpoint WHERE home = 1`, "log.verify.anchor", "1 40"},
		"an unsequenced one": {`INSERT INTO event
			(home, id, at, actor, place, kind, subject, body, rows, salt)
			SELECT home, 999, at, actor, place, kind, subject, body, rows, salt
			FROM event WHERE home = 1 AND id = 5`, "log.verify.unsequenced", "1 999"},
	} {
		t.Run(name, func(t *testing.T) {
			storetest.Each(t, parts, func(t *testing.T, s *store.Store) {
				l := open(t, s)
				add(t, s, 1, 40)
				add(t, s, 2, 2)
				if err := l.Anchor(t.Context()); err != nil {
					t.Fatal(err)
				}
				storetest.Tamper(t, s, c.sql)
				report := verify(t, l)
				for _, f := range report.Findings {
					if f.Key == c.want && strings.HasPrefix(argsText(f.Args), c.args) {
						return
					}
				}
				t.Errorf("no finding %s of %s among %v", c.want, c.args, report.Findings)
			}, storetest.WithoutReplay)
		})
	}
}

func argsText(args []any) string {
	texts := make([]string, len(args))
	for i, a := range args {
		texts[i] = fmt.Sprint(a)
	}
	return strings.Join(texts, " ")
}

func certificate(t *testing.T, l *log.Log, home, event int64) string {
	t.Helper()
	text, err := l.Certificate(t.Context(), home, event)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestCertificatesVerifyOffline(t *testing.T) {
	storetest.Each(t, parts, func(t *testing.T, s *store.Store) {
		l := open(t, s)
		add(t, s, 1, 700) // more than two whole subtrees of 256
		if _, err := l.Certificate(t.Context(), 1, 1); !fault.HasKey(err, "log.certificate.waiting") {
			t.Errorf("a certificate before sequencing: %v", err)
		}
		if err := l.Sequence(t.Context()); err != nil {
			t.Fatal(err)
		}
		public, err := log.ParsePublicKey(l.PublicKey())
		if err != nil {
			t.Fatal(err)
		}
		for _, event := range []int64{1, 2, 255, 256, 257, 511, 512, 513, 699, 700} {
			proven, err := log.VerifyCertificate(certificate(t, l, 1, event), public)
			if err != nil || proven.Event.ID != event || proven.Checkpoint.Size != 700 {
				t.Errorf("event %d: %+v, %v", event, proven, err)
			}
		}
	}, storetest.WithoutReplay)
}

func TestForgedCertificatesAreRefused(t *testing.T) {
	s := storetest.SQLite(t, parts, storetest.WithoutReplay)
	l := open(t, s)
	add(t, s, 1, 20)
	if err := l.Sequence(t.Context()); err != nil {
		t.Fatal(err)
	}
	public, _ := log.ParsePublicKey(l.PublicKey())
	good, other := certificate(t, l, 1, 5), certificate(t, l, 1, 6)
	lines, otherLines := strings.Split(good, "\n"), strings.Split(other, "\n")
	swap := func(i int) string {
		forged := append([]string(nil), lines...)
		forged[i] = otherLines[i]
		return strings.Join(forged, "\n")
	}
	stranger, _ := log.NewSigner("terrace.example/test", key('x'))
	wrongKey, _ := log.ParsePublicKey(stranger.PublicKey())
	elsewhere, _ := log.NewSigner("terrace.example/other", key('k'))
	wrongOrigin, _ := log.ParsePublicKey(elsewhere.PublicKey())
	for name, c := range map[string]struct {
		text string
		key  log.PublicKey
		want string
	}{
		"another event":        {swap(1), public, "log.certificate.proof"},
		"another place":        {swap(2), public, "log.certificate.proof"},
		"another hash":         {swap(3), public, "log.certificate.proof"},
		"another key":          {good, wrongKey, "log.certificate.signature"},
		"another installation": {good, wrongOrigin, "log.certificate.origin"},
		"a larger tree": {strings.Replace(good, "\n20\n", "\n21\n", 1), public,
			"log.certificate.signature"},
		"nothing":       {"", public, "log.certificate.format"},
		"no checkpoint": {strings.Join(lines[:4], "\n"), public, "log.certificate.format"},
		"a leading zero": {strings.Replace(good, "index 4", "index 04", 1), public,
			"log.certificate.format"},
		"too long": {good + strings.Repeat("x", log.CertificateMax), public,
			"log.certificate.format"},
	} {
		if _, err := log.VerifyCertificate(c.text, c.key); !fault.HasKey(err, c.want) {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
}

// TestTreeOnlyGrows proves each earlier head to be a beginning of the newest.
func TestTreeOnlyGrows(t *testing.T) {
	storetest.Each(t, parts, func(t *testing.T, s *store.Store) {
		l := open(t, s)
		public, _ := log.ParsePublicKey(l.PublicKey())
		heads := map[int64]string{}
		for _, n := range []int{1, 6, 250, 43} {
			add(t, s, 1, n)
			if err := l.Sequence(t.Context()); err != nil {
				t.Fatal(err)
			}
			head, err := l.Head(t.Context(), 1)
			if err != nil {
				t.Fatal(err)
			}
			checkpoint, err := public.Open(head)
			if err != nil {
				t.Fatal(err)
			}
			heads[int64(checkpoint.Size)] = head
		}
		for size, head := range heads {
			hashes, newest, err := l.Consistency(t.Context(), 1, size)
			if err != nil {
				t.Fatal(err)
			}
			old, _ := public.Open(head)
			now, _ := public.Open(newest)
			if err := proof.VerifyConsistency(rfc6962.DefaultHasher, old.Size, now.Size, hashes, old.Root,
				now.Root); err != nil {
				t.Errorf("from %d: %v", size, err)
			}
		}
		if _, _, err := l.Consistency(t.Context(), 1, 301); !fault.HasKey(err, "log.consistency.size") {
			t.Errorf("a size beyond the head: %v", err)
		}
	}, storetest.WithoutReplay)
}

// TestRunSequencesWhatIsWritten: the goroutine takes events without being asked, and the rest at
// the end.
func TestRunSequencesWhatIsWritten(t *testing.T) {
	storetest.Each(t, parts, func(t *testing.T, s *store.Store) {
		l := open(t, s)
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { l.Run(ctx); close(done) }()
		add(t, s, 1, 3)
		for waited := 0; ; waited++ {
			if _, err := l.Certificate(t.Context(), 1, 1); err == nil {
				break
			}
			if waited > 500 {
				t.Fatal("the sequencer did not take the events")
			}
			time.Sleep(10 * time.Millisecond)
		}
		add(t, s, 1, 1)
		cancel()
		<-done
		public, _ := log.ParsePublicKey(l.PublicKey())
		head, err := l.Head(t.Context(), 1)
		if err != nil {
			t.Fatal(err)
		}
		if checkpoint, err := public.Open(head); err != nil || checkpoint.Size != 4 {
			t.Errorf("after the end the head has size %d, %v", checkpoint.Size, err)
		}
	}, storetest.WithoutReplay) // a transaction that ran twice has used up the first number
}

func FuzzVerifyCertificate(f *testing.F) {
	signer, _ := log.NewSigner("terrace.example/test", key('k'))
	public, _ := log.ParsePublicKey(signer.PublicKey())
	f.Add("c2sp.org/tlog-proof@v1\nextra e30=\nindex 0\n\nterrace.example/test/1\n1\nAAAA\n\n— x y\n")
	f.Fuzz(func(t *testing.T, text string) {
		if proven, err := log.VerifyCertificate(text, public); err == nil {
			t.Fatalf("a made-up certificate proves %+v", proven)
		}
	})
}
