-- +goose Up

-- The orders of the lists, with what their filters look at, so that no row is read to be passed over.
CREATE INDEX commitment_newest ON commitment (home, day, id, kind, state, related, due, purpose);
CREATE INDEX commitment_amount ON commitment (home, amount, id, kind, state, related, due, purpose);
CREATE INDEX commitment_due ON commitment (home, due, id, kind, state, related, purpose);
CREATE INDEX commitment_unvoted ON commitment (home, day, id) WHERE kind = 'loan' AND state = 'standing'
    AND NOT (decision_valid AND decided <> '' AND decided <= day);
CREATE INDEX commitment_transfer_newest ON commitment_transfer (home, day, id, kind, course);
CREATE INDEX commitment_transfer_amount ON commitment_transfer (home, amount, id, kind, course);
