-- +goose Up

-- A bank account of an organisation. Of its number the last digits are kept, and a keyed hash of the whole
-- by which it is recognised.
CREATE TABLE bank_account (
    home         BIGINT  NOT NULL,
    id           BIGINT  NOT NULL,
    version      BIGINT  NOT NULL,
    organisation BIGINT  NOT NULL,
    place        BIGINT  NOT NULL,
    bank         TEXT    NOT NULL,
    tail         TEXT    NOT NULL,
    number_find  BYTEA   NOT NULL,
    format       TEXT    NOT NULL,
    account      TEXT    NOT NULL,
    detail       TEXT    NOT NULL,
    since        TEXT    NOT NULL,
    opening      BIGINT  NOT NULL,
    ended        TEXT    NOT NULL,
    PRIMARY KEY (home, id)
);
CREATE INDEX bank_account_organisation ON bank_account (home, organisation, id);
CREATE UNIQUE INDEX bank_account_number ON bank_account (home, organisation, number_find);

-- A file that was read and waits for whoever sent it to take it. Its lines lie encrypted and go with it.
CREATE TABLE bank_staged (
    home    BIGINT NOT NULL,
    id      BIGINT NOT NULL,
    account BIGINT NOT NULL,
    actor   BIGINT NOT NULL,
    at      BIGINT NOT NULL,
    file    TEXT   NOT NULL,
    name    TEXT   NOT NULL,
    content BYTEA  NOT NULL,
    PRIMARY KEY (home, id)
);
CREATE INDEX bank_staged_account ON bank_staged (home, account);

-- A statement that was taken.
CREATE TABLE bank_statement (
    home        BIGINT NOT NULL,
    id          BIGINT NOT NULL,
    account     BIGINT NOT NULL,
    place       BIGINT NOT NULL,
    file        TEXT   NOT NULL,
    name        TEXT   NOT NULL,
    format      TEXT   NOT NULL,
    begins      TEXT   NOT NULL,
    ends        TEXT   NOT NULL,
    lines       BIGINT NOT NULL,
    added       BIGINT NOT NULL,
    warnings    BIGINT NOT NULL,
    explanation TEXT   NOT NULL,
    actor       BIGINT NOT NULL,
    at          BIGINT NOT NULL,
    PRIMARY KEY (home, id)
);
CREATE UNIQUE INDEX bank_statement_file ON bank_statement (home, account, file);

-- A line of an account, once. Who and what for is encrypted.
CREATE TABLE bank_line (
    home        BIGINT  NOT NULL,
    id          BIGINT  NOT NULL,
    account     BIGINT  NOT NULL,
    statement   BIGINT  NOT NULL,
    file_row    BIGINT  NOT NULL,
    day         TEXT    NOT NULL,
    amount      BIGINT  NOT NULL,
    balance     BIGINT  NOT NULL,
    has_balance BOOLEAN NOT NULL,
    serial      TEXT    NOT NULL,
    content     BYTEA   NOT NULL,
    PRIMARY KEY (home, id)
);
CREATE INDEX bank_line_day ON bank_line (home, account, day, id);

-- What a person confirmed to be the same money.
CREATE TABLE bank_match (
    home      BIGINT NOT NULL,
    id        BIGINT NOT NULL,
    version   BIGINT NOT NULL,
    account   BIGINT NOT NULL,
    state     TEXT   NOT NULL,
    amount    BIGINT NOT NULL,
    lines     TEXT   NOT NULL,
    postings  TEXT   NOT NULL,
    actor     BIGINT NOT NULL,
    at        BIGINT NOT NULL,
    undone_by BIGINT NOT NULL,
    undone_at BIGINT NOT NULL,
    reason    TEXT   NOT NULL,
    PRIMARY KEY (home, id)
);
CREATE INDEX bank_match_account ON bank_match (home, account, state);

-- Each line and each posting of a match in force, once: derived from bank_match.
CREATE TABLE bank_matched (
    home   BIGINT NOT NULL,
    member TEXT   NOT NULL,
    match  BIGINT NOT NULL,
    PRIMARY KEY (home, member)
);

-- The balance of a day as both sides had it when somebody asserted it.
CREATE TABLE bank_assertion (
    home           BIGINT NOT NULL,
    id             BIGINT NOT NULL,
    version        BIGINT NOT NULL,
    account        BIGINT NOT NULL,
    day            TEXT   NOT NULL,
    bank_balance   BIGINT NOT NULL,
    books_balance  BIGINT NOT NULL,
    bank_received  BIGINT NOT NULL,
    bank_paid      BIGINT NOT NULL,
    books_received BIGINT NOT NULL,
    books_paid     BIGINT NOT NULL,
    difference     BIGINT NOT NULL,
    unreached      BIGINT NOT NULL,
    explanation    TEXT   NOT NULL,
    actor          BIGINT NOT NULL,
    at             BIGINT NOT NULL,
    PRIMARY KEY (home, id)
);
CREATE UNIQUE INDEX bank_assertion_day ON bank_assertion (home, account, day);
