-- +goose Up

-- A loan, a lending or a guarantee of a collective.
CREATE TABLE commitment (
    home           BIGINT  NOT NULL,
    id             BIGINT  NOT NULL,
    version        BIGINT  NOT NULL,
    organisation   BIGINT  NOT NULL,
    place          BIGINT  NOT NULL,
    kind           TEXT    NOT NULL,
    number         TEXT    NOT NULL,
    party          TEXT    NOT NULL,
    party_kind     TEXT    NOT NULL,
    related        BOOLEAN NOT NULL,
    creditor       TEXT    NOT NULL,
    purpose        TEXT    NOT NULL,
    pledge         TEXT    NOT NULL,
    amount         BIGINT  NOT NULL,
    rate           BIGINT  NOT NULL,
    day            TEXT    NOT NULL,
    due            TEXT    NOT NULL,
    decision       TEXT    NOT NULL,
    decision_body  TEXT    NOT NULL,
    decided        TEXT    NOT NULL,
    decision_valid BOOLEAN NOT NULL,
    attachments    BIGINT  NOT NULL,
    settled        BIGINT  NOT NULL,
    state          TEXT    NOT NULL,
    ended          TEXT    NOT NULL,
    note           TEXT    NOT NULL,
    PRIMARY KEY (home, id)
);
CREATE UNIQUE INDEX commitment_number ON commitment (home, organisation, number);
CREATE INDEX commitment_place ON commitment (place, id);

-- Money that went back under a loan or a lending.
CREATE TABLE commitment_repayment (
    home       BIGINT NOT NULL,
    id         BIGINT NOT NULL,
    version    BIGINT NOT NULL,
    commitment BIGINT NOT NULL,
    day        TEXT   NOT NULL,
    amount     BIGINT NOT NULL,
    manner     TEXT   NOT NULL,
    voucher    BIGINT NOT NULL,
    document   TEXT   NOT NULL,
    PRIMARY KEY (home, id)
);
CREATE INDEX commitment_repayment_commitment ON commitment_repayment (home, commitment, id);
CREATE INDEX commitment_repayment_voucher ON commitment_repayment (home, voucher) WHERE voucher > 0;

-- An amount that county finance announced to a collective.
CREATE TABLE commitment_transfer (
    home         BIGINT NOT NULL,
    id           BIGINT NOT NULL,
    version      BIGINT NOT NULL,
    organisation BIGINT NOT NULL,
    place        BIGINT NOT NULL,
    document     TEXT   NOT NULL,
    kind         TEXT   NOT NULL,
    project      TEXT   NOT NULL,
    amount       BIGINT NOT NULL,
    day          TEXT   NOT NULL,
    course       TEXT   NOT NULL,
    voucher      BIGINT NOT NULL,
    booked       TEXT   NOT NULL,
    manner       TEXT   NOT NULL,
    note         TEXT   NOT NULL,
    PRIMARY KEY (home, id)
);
CREATE UNIQUE INDEX commitment_transfer_line ON commitment_transfer (home, organisation, document, kind, project)
    WHERE course <> 'withdrawn';
CREATE INDEX commitment_transfer_place ON commitment_transfer (place, id);
CREATE INDEX commitment_transfer_open ON commitment_transfer (home, organisation, day) WHERE course = 'announced';
CREATE INDEX commitment_transfer_voucher ON commitment_transfer (home, voucher) WHERE voucher > 0;

-- What happened to a commitment or a transfer, one line a version.
CREATE TABLE commitment_change (
    home     BIGINT NOT NULL,
    subject  BIGINT NOT NULL,
    number   BIGINT NOT NULL,
    kind     TEXT   NOT NULL,
    happened TEXT   NOT NULL,
    at       BIGINT NOT NULL,
    actor    BIGINT NOT NULL,
    amount   BIGINT NOT NULL,
    voucher  BIGINT NOT NULL,
    document TEXT   NOT NULL,
    reason   TEXT   NOT NULL,
    event    BIGINT NOT NULL,
    PRIMARY KEY (home, subject, number)
);

-- What repayments and transfers take of a voucher: derived. Whoever takes adds here first, so that of two who take
-- at once the second sees the first.
CREATE TABLE commitment_taken (
    home    BIGINT NOT NULL,
    voucher BIGINT NOT NULL,
    role    TEXT   NOT NULL,
    amount  BIGINT NOT NULL,
    PRIMARY KEY (home, voucher, role)
);
