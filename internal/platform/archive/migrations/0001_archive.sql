-- +goose Up

-- The backups that were made, so that everybody can see how old the last one is.
CREATE TABLE backup (
    home   BIGINT  NOT NULL,
    id     BIGINT  NOT NULL,
    at     BIGINT  NOT NULL,
    name   TEXT    NOT NULL, -- of the file, without its folder
    size   BIGINT  NOT NULL,
    hash   TEXT    NOT NULL,
    parts  BIGINT  NOT NULL,
    keyed  BOOLEAN NOT NULL, -- whether it holds the keys
    PRIMARY KEY (home, id)
);
