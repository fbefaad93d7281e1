-- +goose Up

-- Long work. A row is enqueued with the data it is about and claimed by a worker with a lease.
CREATE TABLE job (
    home         BIGINT  NOT NULL,
    id           BIGINT  NOT NULL,
    kind         TEXT    NOT NULL,
    slot         TEXT    NOT NULL, -- what makes it one of its kind: a night, an import; else its own id
    subject      TEXT    NOT NULL,
    place        BIGINT  NOT NULL,
    actor        BIGINT  NOT NULL,
    args         TEXT    NOT NULL,
    state        TEXT    NOT NULL,
    step         TEXT    NOT NULL, -- where the work stands, in the words of its kind
    done         BIGINT  NOT NULL,
    total        BIGINT  NOT NULL,
    attempts     BIGINT  NOT NULL,
    run_after    BIGINT  NOT NULL,
    lease_until  BIGINT  NOT NULL,
    lease_by     TEXT    NOT NULL,
    cancelled_by BIGINT  NOT NULL, -- the account that asked to stop it; 0: nobody
    error        TEXT    NOT NULL, -- dictionary key of the last refusal
    error_args   TEXT    NOT NULL,
    created      BIGINT  NOT NULL,
    begun        BIGINT  NOT NULL, -- when the present attempt began
    begun_done   BIGINT  NOT NULL, -- and how much was done by then
    finished     BIGINT  NOT NULL,
    PRIMARY KEY (home, id)
);
CREATE UNIQUE INDEX job_slot ON job (home, kind, slot);
-- Lists that cross homes: what is due, what is mine.
CREATE INDEX job_due ON job (state, home, run_after, id);
CREATE INDEX job_mine ON job (actor, created);
