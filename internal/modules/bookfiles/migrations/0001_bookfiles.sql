-- +goose Up

-- The conversion of a book's balances to the next chart of accounts: prepared by one person, approved by another.
CREATE TABLE bookfiles_run (
    home         BIGINT NOT NULL,
    id           BIGINT NOT NULL,
    version      BIGINT NOT NULL,
    book         BIGINT NOT NULL,
    organisation BIGINT NOT NULL,
    place        BIGINT NOT NULL,
    chart        TEXT   NOT NULL, -- the next one
    day          TEXT   NOT NULL, -- first day under it
    state        TEXT   NOT NULL,
    decided      TEXT   NOT NULL, -- JSON: where balances go that somebody has to decide about
    hash         TEXT   NOT NULL, -- over the older balances as they were handed in
    reason       TEXT   NOT NULL, -- why it was returned
    maker        BIGINT NOT NULL,
    checker      BIGINT NOT NULL,
    created      BIGINT NOT NULL,
    submitted    BIGINT NOT NULL,
    approved     BIGINT NOT NULL,
    next_book    BIGINT NOT NULL, -- opened with the new balances; 0 not yet
    PRIMARY KEY (home, id)
);
CREATE INDEX bookfiles_run_book ON bookfiles_run (home, book, id);
CREATE UNIQUE INDEX bookfiles_run_open ON bookfiles_run (home, book) WHERE state <> 'withdrawn';
