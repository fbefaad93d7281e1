-- +goose Up

-- The keyed hash of who is on the other side of a line: supervision compares it with the names of officers.
-- Derived from the line, whose content stays sealed.
CREATE TABLE bank_line_party (
    home    BIGINT NOT NULL,
    line    BIGINT NOT NULL,
    account BIGINT NOT NULL,
    find    BYTEA  NOT NULL,
    PRIMARY KEY (home, line)
);
CREATE INDEX bank_line_party_find ON bank_line_party (home, find);
