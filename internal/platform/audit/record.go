package audit

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"

	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// The record of sign-ins is sealed day by day: an event in the city's log holds the number and the
// hash of a finished day's rows, so that a row changed, added or removed afterwards is found.
const (
	signInsSubject = "sign_ins"
	sealedKind     = "sign_ins.sealed"
	purgedKind     = "sign_ins.purged"
	settleTime     = 10 * time.Minute // after midnight, for tries under way
)

type sealedDay struct {
	Day  period.Date `json:"day"`
	Rows int64       `json:"rows"`
	Hash string      `json:"hash"` // SHA-256, hexadecimal
}

type purgedDays struct {
	Before period.Date `json:"before"`
	Rows   int64       `json:"rows"`
}

// Tidy seals finished days of the record of sign-ins and removes days that have been kept long
// enough. It is run every few minutes and may be run by several servers.
func (s *Service) Tidy(ctx context.Context) error {
	for {
		more, err := s.sealNextDay(ctx)
		if err != nil {
			return err
		}
		if !more {
			return s.purge(ctx)
		}
	}
}

// sealNextDay seals the first finished day with rows that is not sealed yet.
func (s *Service) sealNextDay(ctx context.Context) (more bool, err error) {
	err = s.store.Write(ctx, func(tx *store.Tx) error {
		more = false
		last, err := lastSealed(tx)
		if err != nil {
			return err
		}
		from := period.Instant(0)
		if last != "" {
			from = last.End()
		}
		first, found, err := signIns.First(tx, "WHERE home = ? AND at >= ? ORDER BY at LIMIT 1", store.City,
			from)
		if err != nil || !found || first.At.Date() >= tx.Now().Add(-settleTime).Date() {
			return err
		}
		more = true
		sealed, err := hashDay(tx, first.At.Date())
		if err != nil {
			return err
		}
		_, err = tx.Record(store.Event{Kind: sealedKind, Subject: signInsSubject, Body: sealed})
		return err
	})
	return more, err
}

// lastSealed is the newest sealed day, or "".
func lastSealed(r store.Reader) (period.Date, error) {
	body, found, err := store.First[string](r, `SELECT body FROM event WHERE home = ? AND subject = ?
		AND kind = ? ORDER BY id DESC LIMIT 1`, store.City, signInsSubject, sealedKind)
	if err != nil || !found {
		return "", err
	}
	var d sealedDay
	err = json.Unmarshal([]byte(body), &d)
	return d.Day, err
}

// hashDay counts and hashes the rows of a day, each as a line of JSON, in the order of their
// numbers.
func hashDay(r store.Reader, day period.Date) (sealedDay, error) {
	hash, d := sha256.New(), sealedDay{Day: day}
	for row, err := range store.Each[signInRow](r, `SELECT home, id, at, account, place, login, address,
		network, agent, method, result FROM sign_in WHERE home = ? AND at >= ? AND at < ? ORDER BY id`,
		store.City, day.Start(), day.End()) {
		if err != nil {
			return d, err
		}
		line, err := json.Marshal(row)
		if err != nil {
			return d, err
		}
		hash.Write(append(line, '\n'))
		d.Rows++
	}
	d.Hash = hex.EncodeToString(hash.Sum(nil))
	return d, nil
}

// purge removes whole sealed days that have been kept long enough.
func (s *Service) purge(ctx context.Context) error {
	return s.store.Write(ctx, func(tx *store.Tx) error {
		last, err := lastSealed(tx)
		if err != nil || last == "" {
			return err
		}
		before := min(tx.Now().Add(-s.policy.SignInsKept).Date(), last.AddDays(1))
		n, err := tx.Exec(`DELETE FROM sign_in WHERE home = ? AND at < ?`, store.City, before.Start())
		if err != nil || n == 0 {
			return err
		}
		_, err = tx.Record(store.Event{Kind: purgedKind, Subject: signInsSubject,
			Body: purgedDays{before, n}})
		return err
	})
}

// Check proves the record of sign-ins against the sealed days that are still kept.
func (s *Service) Check(ctx context.Context, report func(fault.Finding)) error {
	return s.store.View(ctx, func(v *store.View) error {
		kept, err := keptDays(v)
		if err != nil {
			return err
		}
		for _, want := range kept {
			got, err := hashDay(v, want.Day)
			if err != nil {
				return err
			}
			if got != want {
				report(fault.Wrong("audit.sign_ins_altered", string(want.Day), want.Rows, got.Rows))
			}
		}
		return nil
	})
}

// keptDays are the sealed days since the newest purge.
func keptDays(v *store.View) ([]sealedDay, error) {
	type stored struct {
		Kind string `db:"kind"`
		Body string `db:"body"`
	}
	rows, err := store.All[stored](v, `SELECT kind, body FROM event WHERE home = ? AND subject = ?
		ORDER BY id`, store.City, signInsSubject)
	if err != nil {
		return nil, err
	}
	var days []sealedDay
	before := period.Date("")
	for _, r := range rows {
		var d sealedDay
		var p purgedDays
		if r.Kind == purgedKind {
			err = json.Unmarshal([]byte(r.Body), &p)
			before = max(before, p.Before)
		} else if err = json.Unmarshal([]byte(r.Body), &d); err == nil {
			days = append(days, d)
		}
		if err != nil {
			return nil, err
		}
	}
	var kept []sealedDay
	for _, d := range days {
		if d.Day >= before {
			kept = append(kept, d)
		}
	}
	return kept, nil
}
