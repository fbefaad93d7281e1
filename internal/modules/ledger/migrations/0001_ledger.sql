-- +goose Up

-- The books of an organisation under a chart.
CREATE TABLE ledger_book (
    home         BIGINT  NOT NULL,
    id           BIGINT  NOT NULL,
    version      BIGINT  NOT NULL,
    organisation BIGINT  NOT NULL,
    place        BIGINT  NOT NULL,
    chart        TEXT    NOT NULL,
    begins       TEXT    NOT NULL,
    ends         TEXT    NOT NULL,
    closed       TEXT    NOT NULL,
    year_closed  BIGINT  NOT NULL,
    opening      BOOLEAN NOT NULL,
    opening_hash TEXT    NOT NULL,
    PRIMARY KEY (home, id)
);
CREATE UNIQUE INDEX ledger_book_organisation ON ledger_book (home, organisation, begins);
CREATE INDEX ledger_book_place ON ledger_book (place);
CREATE INDEX ledger_book_closed ON ledger_book (home, closed, id);

-- Whoever posts into a book or closes it passes here one after another: posted counts the passages.
CREATE TABLE ledger_gate (
    home   BIGINT NOT NULL,
    book   BIGINT NOT NULL,
    posted BIGINT NOT NULL,
    PRIMARY KEY (home, book)
);

-- The last number given in a book, month and series.
CREATE TABLE ledger_number (
    home   BIGINT NOT NULL,
    book   BIGINT NOT NULL,
    month  TEXT   NOT NULL,
    series TEXT   NOT NULL,
    last   BIGINT NOT NULL,
    PRIMARY KEY (home, book, month, series)
);

-- A voucher. Its postings are in content while it is a draft, in ledger_posting once it is posted.
CREATE TABLE ledger_voucher (
    home        BIGINT NOT NULL,
    id          BIGINT NOT NULL,
    version     BIGINT NOT NULL,
    book        BIGINT NOT NULL,
    series      TEXT   NOT NULL,
    date        TEXT   NOT NULL,
    month       TEXT   NOT NULL,
    number      BIGINT NOT NULL,
    status      TEXT   NOT NULL,
    summary     TEXT   NOT NULL,
    total       BIGINT NOT NULL,
    hash        TEXT   NOT NULL,
    source      TEXT   NOT NULL,
    maker       BIGINT NOT NULL,
    checker     BIGINT NOT NULL,
    entered     BIGINT NOT NULL,
    posted      BIGINT NOT NULL,
    reverses    BIGINT NOT NULL,
    reversed_by BIGINT NOT NULL,
    reason      TEXT   NOT NULL,
    attachments BIGINT NOT NULL,
    files       TEXT   NOT NULL,
    content     TEXT   NOT NULL,
    PRIMARY KEY (home, id)
);
CREATE UNIQUE INDEX ledger_voucher_number ON ledger_voucher (home, book, month, series, number) WHERE number > 0;
CREATE UNIQUE INDEX ledger_voucher_source ON ledger_voucher (home, book, source) WHERE source <> '';
CREATE INDEX ledger_voucher_open ON ledger_voucher (home, book, date, id) WHERE status <> 'posted';

-- A line of a posted voucher; the voucher's hash proves it.
CREATE TABLE ledger_posting (
    home         BIGINT  NOT NULL,
    voucher      BIGINT  NOT NULL,
    line         BIGINT  NOT NULL,
    book         BIGINT  NOT NULL,
    date         TEXT    NOT NULL,
    account      TEXT    NOT NULL,
    amount       BIGINT  NOT NULL,
    red          BOOLEAN NOT NULL,
    counterparty TEXT    NOT NULL,
    member       TEXT    NOT NULL,
    asset        TEXT    NOT NULL,
    project      TEXT    NOT NULL,
    fund         TEXT    NOT NULL,
    note         TEXT    NOT NULL,
    detailed     BOOLEAN NOT NULL,
    closing      BOOLEAN NOT NULL,
    PRIMARY KEY (home, voucher, line)
);
CREATE INDEX ledger_posting_account ON ledger_posting (home, book, account, date, voucher, line);

-- What stood on an account when a year began: the first year's proved by the book, later ones derived.
CREATE TABLE ledger_opening (
    home         BIGINT NOT NULL,
    book         BIGINT NOT NULL,
    year         BIGINT NOT NULL,
    account      TEXT   NOT NULL,
    counterparty TEXT   NOT NULL,
    amount       BIGINT NOT NULL,
    PRIMARY KEY (home, book, year, account, counterparty)
);

-- What moved on an account in a month: derived from the postings. closing: carried over at the year's end.
-- The bounds keep sums over months within 64 bits.
CREATE TABLE ledger_turnover (
    home         BIGINT  NOT NULL,
    book         BIGINT  NOT NULL,
    year         BIGINT  NOT NULL,
    account      TEXT    NOT NULL,
    month        TEXT    NOT NULL,
    counterparty TEXT    NOT NULL,
    closing      BOOLEAN NOT NULL,
    debit        BIGINT  NOT NULL CHECK (debit BETWEEN -36028797018963968 AND 36028797018963968),
    credit       BIGINT  NOT NULL CHECK (credit BETWEEN -36028797018963968 AND 36028797018963968),
    PRIMARY KEY (home, book, year, account, month, counterparty, closing)
);

-- What was done to a month of a book: closed, reopened. Rows are only added.
CREATE TABLE ledger_period (
    home     BIGINT NOT NULL,
    book     BIGINT NOT NULL,
    month    TEXT   NOT NULL,
    act      BIGINT NOT NULL,
    kind     TEXT   NOT NULL,
    at       BIGINT NOT NULL,
    actor    BIGINT NOT NULL,
    hash     TEXT   NOT NULL,
    reason   TEXT   NOT NULL,
    decision TEXT   NOT NULL,
    PRIMARY KEY (home, book, month, act)
);

-- Money set aside for a draft.
CREATE TABLE ledger_hold (
    home         BIGINT NOT NULL,
    id           BIGINT NOT NULL,
    version      BIGINT NOT NULL,
    book         BIGINT NOT NULL,
    voucher      BIGINT NOT NULL,
    account      TEXT   NOT NULL,
    amount       BIGINT NOT NULL,
    state        TEXT   NOT NULL,
    expires      TEXT   NOT NULL,
    actor        BIGINT NOT NULL,
    at           BIGINT NOT NULL,
    PRIMARY KEY (home, id)
);
CREATE INDEX ledger_hold_reserved ON ledger_hold (home, book, account, expires) WHERE state = 'reserved';
CREATE INDEX ledger_hold_voucher ON ledger_hold (home, voucher);

-- What was answered to a request that carried a key.
CREATE TABLE ledger_key (
    home        BIGINT NOT NULL,
    account     BIGINT NOT NULL,
    name        TEXT   NOT NULL,
    fingerprint TEXT   NOT NULL,
    voucher     BIGINT NOT NULL,
    refusal     TEXT   NOT NULL,
    at          BIGINT NOT NULL,
    PRIMARY KEY (home, account, name)
);

-- The statements of a book's closed month as one vector: for sums over a city.
CREATE TABLE ledger_sheet (
    home   BIGINT NOT NULL,
    month  TEXT   NOT NULL,
    book   BIGINT NOT NULL,
    place  BIGINT NOT NULL,
    chart  TEXT   NOT NULL,
    cells  BYTEA  NOT NULL,
    PRIMARY KEY (home, month, book)
);
