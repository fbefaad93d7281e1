-- +goose Up

-- Numbers given out per home.
CREATE TABLE sequence (
    home BIGINT NOT NULL,
    name TEXT   NOT NULL,
    next BIGINT NOT NULL,
    PRIMARY KEY (home, name)
);

-- What happened: append-only, one row an act, written with the change itself.
CREATE TABLE event (
    home    BIGINT NOT NULL,
    id      BIGINT NOT NULL,
    at      BIGINT NOT NULL,
    actor   BIGINT NOT NULL,
    place   BIGINT NOT NULL,
    kind    TEXT   NOT NULL,
    subject TEXT   NOT NULL,
    body    TEXT   NOT NULL,
    rows    BYTEA  NOT NULL,
    salt    BYTEA  NOT NULL,
    PRIMARY KEY (home, id)
);
CREATE INDEX event_subject ON event (home, subject, id);
CREATE INDEX event_at ON event (at, home, id); -- the auditors' list crosses homes

-- Events that the sequencer has not yet put into the home's Merkle log.
CREATE TABLE event_pending (
    home  BIGINT NOT NULL,
    event BIGINT NOT NULL,
    PRIMARY KEY (home, event)
);
