-- +goose Up

-- A statement that was published, with a hash over its figures as they were then.
CREATE TABLE ledger_publication (
    home      BIGINT NOT NULL,
    id        BIGINT NOT NULL,
    version   BIGINT NOT NULL,
    book      BIGINT NOT NULL,
    place     BIGINT NOT NULL,
    statement TEXT   NOT NULL,
    period    TEXT   NOT NULL,
    hash      TEXT   NOT NULL,
    actor     BIGINT NOT NULL,
    at        BIGINT NOT NULL,
    withdrawn BIGINT NOT NULL,
    PRIMARY KEY (home, id)
);
CREATE UNIQUE INDEX ledger_publication_period ON ledger_publication (home, book, statement, period);
CREATE INDEX ledger_publication_latest ON ledger_publication (at);
