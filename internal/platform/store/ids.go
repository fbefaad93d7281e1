package store

import "sync"

// idBlock is how many numbers are reserved at a time. A restart leaves a gap of at most as many.
const idBlock = 64

type idKey struct {
	home int64
	name string
}

// idBlocks hands out numbers from blocks reserved in the table sequence. On SQLite a block is
// reserved in the running transaction and forgotten when that is undone; on PostgreSQL in one of
// its own, so that writers of one home do not queue on the row.
type idBlocks struct {
	mu   sync.Mutex
	next map[idKey]int64
	end  map[idKey]int64
}

func (b *idBlocks) reset() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.next, b.end = map[idKey]int64{}, map[idKey]int64{}
}

const reserveIDs = `INSERT INTO sequence (home, name, next) VALUES (?, ?, ?)
	ON CONFLICT (home, name) DO UPDATE SET next = sequence.next + excluded.next RETURNING next`

// NextID gives the next number of a sequence of the home, usually named after a table. Numbers
// rise and are never given twice; they are not gapless.
func (tx *Tx) NextID(home int64, name string) (int64, error) {
	first, err := tx.NextIDs(home, name, 1)
	return first, err
}

// NextIDs gives the first of n consecutive numbers.
func (tx *Tx) NextIDs(home int64, name string, n int64) (int64, error) {
	b, key := &tx.store.ids, idKey{home, name}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.end[key]-b.next[key] < n {
		size := max(idBlock, n)
		end, err := tx.reserve(key, size)
		if err != nil {
			return 0, err
		}
		b.next[key], b.end[key] = end-size+1, end+1
	}
	first := b.next[key]
	b.next[key] += n
	return first, nil
}

// reserve raises the sequence by size and returns the last number of the block.
func (tx *Tx) reserve(key idKey, size int64) (int64, error) {
	if e, ok := tx.store.engine.(*postgresEngine); ok {
		var end int64
		row := e.ids.QueryRow(tx.ctx, numbered(reserveIDs), key.home, key.name, size)
		return end, translate(row.Scan(&end))
	}
	tx.wrote = true
	end, _, err := First[int64](tx, reserveIDs, key.home, key.name, size)
	return end, err
}
