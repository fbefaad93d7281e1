package identity

import "github.com/terrace-project/terrace/internal/platform/store"

// Work is how many password hashes the service has computed.
func (s *Service) Work() int64 { return s.hasher.Work() }

// MatchTOTP finds the step of a code.
var MatchTOTP = matchTOTP

// InsertPost adds a post as it is, recorded by an event.
func InsertPost(tx *store.Tx, p Post) error {
	if _, err := tx.Record(store.Event{Kind: "test"}); err != nil {
		return err
	}
	return posts.Insert(tx, &p)
}

// ApprovedPosts are all approved posts of an account.
func ApprovedPosts(r store.Reader, account int64) ([]Post, error) {
	return posts.All(r, "WHERE account = ? AND state = ?", account, Approved)
}

// Forget empties the cache of actors.
func (s *Service) Forget() { s.cache = newActorCache() }
