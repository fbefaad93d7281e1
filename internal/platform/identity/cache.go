package identity

import (
	"sync"

	"github.com/terrace-project/terrace/internal/pure/period"
)

// cacheMax is how many tokens are remembered at once.
const cacheMax = 20_000

// actorCache remembers for CacheTime whom a token stands for. What changes about an account in this
// process is forgotten at once; an answer that was read before the change and comes after it is not taken
// in (generation).
type actorCache struct {
	mu         sync.Mutex
	byKey      map[string]known
	generation int64
}

func newActorCache() *actorCache { return &actorCache{byKey: map[string]known{}} }

func (c *actorCache) get(key string, now period.Instant) (known, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	k, ok := c.byKey[key]
	if ok && k.loaded.Add(CacheTime) <= now {
		delete(c.byKey, key)
		return known{}, false
	}
	return k, ok
}

func (c *actorCache) current() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.generation
}

func (c *actorCache) put(key string, k known, generation int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if generation != c.generation {
		return
	}
	if len(c.byKey) >= cacheMax {
		clear(c.byKey)
	}
	c.byKey[key] = k
}

func (c *actorCache) seen(key string, now period.Instant) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if k, ok := c.byKey[key]; ok {
		k.seen = now
		c.byKey[key] = k
	}
}

// forget drops what is remembered of an account.
func (c *actorCache) forget(account int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.generation++
	for key, k := range c.byKey {
		if k.actor.Account == account {
			delete(c.byKey, key)
		}
	}
}

func (c *actorCache) forgetToken(token string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.generation++
	delete(c.byKey, "c"+token)
}
