-- +goose Up

-- What a file is evidence of. Its bytes lie on disk under their hash.
CREATE TABLE file (
    home      BIGINT  NOT NULL,
    id        BIGINT  NOT NULL,
    version   BIGINT  NOT NULL,
    subject   TEXT    NOT NULL, -- what it belongs to: asset/12
    place     BIGINT  NOT NULL,
    name      TEXT    NOT NULL,
    kind      TEXT    NOT NULL, -- media type, told from the content
    size      BIGINT  NOT NULL,
    hash      TEXT    NOT NULL, -- SHA-256 in hexadecimal
    taken_at  BIGINT  NOT NULL, -- by the camera's clock; 0: not told
    position  BYTEA   NOT NULL, -- encrypted; empty: not told
    actor     BIGINT  NOT NULL,
    at        BIGINT  NOT NULL,
    purpose   TEXT    NOT NULL,
    published BOOLEAN NOT NULL,
    PRIMARY KEY (home, id)
);
CREATE INDEX file_subject ON file (home, subject, id);
CREATE INDEX file_hash ON file (hash);
