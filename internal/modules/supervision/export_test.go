package supervision

import (
	"context"
	"errors"

	"github.com/terrace-project/terrace/internal/platform/store"
)

// ErrKilled ends a run that is killed.
var ErrKilled = errors.New("killed")

// RunKilled runs the rules of a county from a step on, as the job does, and is killed after so many portions;
// it gives the step that was saved with the last.
func (m *Supervision) RunKilled(ctx context.Context, home int64, from, portions int) (int, error) {
	step := from
	_, err := m.whole(ctx, home, from, func(ctx context.Context, done, _ int,
		fn func(*store.Tx) error) error {
		if portions == 0 {
			return ErrKilled
		}
		portions--
		if err := m.host.Store.Write(ctx, fn); err != nil {
			return err
		}
		step = done
		return nil
	})
	return step, err
}
