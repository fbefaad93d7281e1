-- +goose Up

-- The Merkle log of each home: one leaf an event.
CREATE TABLE log_leaf (
    home  BIGINT NOT NULL,
    seq   BIGINT NOT NULL,
    event BIGINT NOT NULL,
    hash  BYTEA  NOT NULL,
    PRIMARY KEY (home, seq)
);
CREATE UNIQUE INDEX log_leaf_event ON log_leaf (home, event);

-- Hashes of whole subtrees of 256, 65,536 … leaves, so that a proof reads few rows.
CREATE TABLE log_node (
    home  BIGINT   NOT NULL,
    level SMALLINT NOT NULL,
    pos   BIGINT   NOT NULL,
    hash  BYTEA    NOT NULL,
    PRIMARY KEY (home, level, pos)
);

-- The growing edge of each home's tree.
CREATE TABLE log_tree (
    home   BIGINT NOT NULL,
    size   BIGINT NOT NULL,
    hashes BYTEA  NOT NULL,
    PRIMARY KEY (home)
);

-- Signed tree heads.
CREATE TABLE log_checkpoint (
    home BIGINT NOT NULL,
    size BIGINT NOT NULL,
    at   BIGINT NOT NULL,
    note TEXT   NOT NULL,
    PRIMARY KEY (home, size)
);
