-- +goose Up

-- A contract of a collective.
CREATE TABLE contract (
    home           BIGINT  NOT NULL,
    id             BIGINT  NOT NULL,
    version        BIGINT  NOT NULL,
    organisation   BIGINT  NOT NULL,
    place          BIGINT  NOT NULL,
    number         TEXT    NOT NULL,
    name           TEXT    NOT NULL,
    kind           TEXT    NOT NULL,
    party          TEXT    NOT NULL,
    party_kind     TEXT    NOT NULL,
    party_code     TEXT    NOT NULL,
    related        BOOLEAN NOT NULL,
    begins         TEXT    NOT NULL,
    ends           TEXT    NOT NULL,
    signed         TEXT    NOT NULL,
    area           BIGINT  NOT NULL,
    price_class    TEXT    NOT NULL,
    terms          TEXT    NOT NULL,
    yearly         BIGINT  NOT NULL,
    total          BIGINT  NOT NULL,
    unit_price     BIGINT  NOT NULL,
    prepaid        BIGINT  NOT NULL,
    manner         TEXT    NOT NULL,
    project        TEXT    NOT NULL,
    decision       TEXT    NOT NULL,
    decision_body  TEXT    NOT NULL,
    decided        TEXT    NOT NULL,
    decision_valid BOOLEAN NOT NULL,
    decision_share BIGINT  NOT NULL,
    approval       TEXT    NOT NULL,
    approved       TEXT    NOT NULL,
    household_end  TEXT    NOT NULL,
    buy_back       BOOLEAN NOT NULL,
    paper          BOOLEAN NOT NULL,
    attachments    BIGINT  NOT NULL,
    state          TEXT    NOT NULL,
    ended          TEXT    NOT NULL,
    claims_from    TEXT    NOT NULL,
    next_due       TEXT    NOT NULL,
    received       BIGINT  NOT NULL,
    note           TEXT    NOT NULL,
    PRIMARY KEY (home, id)
);
CREATE UNIQUE INDEX contract_number ON contract (home, organisation, number);
CREATE INDEX contract_place ON contract (place, id);
-- What the nightly run looks for: what falls due, and whose term has passed.
CREATE INDEX contract_next ON contract (home, next_due) WHERE next_due < '9999-12-31';
CREATE INDEX contract_ends ON contract (home, ends) WHERE state = 'in_force';
CREATE INDEX contract_list ON contract (home, id, organisation, state, kind, ends, decision_valid);

-- What a contract is about: a card, a parcel, or a share of one.
CREATE TABLE contract_object (
    home     BIGINT  NOT NULL,
    contract BIGINT  NOT NULL,
    number   BIGINT  NOT NULL,
    version  BIGINT  NOT NULL,
    object   TEXT    NOT NULL,
    share    BIGINT  NOT NULL,
    begins   TEXT    NOT NULL,
    ends     TEXT    NOT NULL,
    live     BOOLEAN NOT NULL,
    PRIMARY KEY (home, contract, number)
);
CREATE INDEX contract_object_object ON contract_object (home, object, begins);

-- An instalment that has fallen due, with what is booked, paid and given up of it.
CREATE TABLE contract_due (
    home         BIGINT NOT NULL,
    contract     BIGINT NOT NULL,
    number       BIGINT NOT NULL,
    version      BIGINT NOT NULL,
    organisation BIGINT NOT NULL,
    begins       TEXT   NOT NULL,
    ends         TEXT   NOT NULL,
    day          TEXT   NOT NULL,
    amount       BIGINT NOT NULL,
    booked       BIGINT NOT NULL,
    bookings     BIGINT NOT NULL,
    voucher      BIGINT NOT NULL,
    paid         BIGINT NOT NULL,
    written      BIGINT NOT NULL,
    PRIMARY KEY (home, contract, number)
);
CREATE INDEX contract_due_open ON contract_due (home, day, contract) WHERE paid + written < amount;
CREATE INDEX contract_due_owed ON contract_due (home, organisation, day) WHERE paid + written < amount;

-- A payment under a contract.
CREATE TABLE contract_receipt (
    home     BIGINT NOT NULL,
    id       BIGINT NOT NULL,
    version  BIGINT NOT NULL,
    contract BIGINT NOT NULL,
    day      TEXT   NOT NULL,
    amount   BIGINT NOT NULL,
    manner   TEXT   NOT NULL,
    voucher  BIGINT NOT NULL,
    line     BIGINT NOT NULL,
    document TEXT   NOT NULL,
    note     TEXT   NOT NULL,
    PRIMARY KEY (home, id)
);
CREATE INDEX contract_receipt_contract ON contract_receipt (home, contract, id);
-- A posting settles one payment.
CREATE UNIQUE INDEX contract_receipt_line ON contract_receipt (home, voucher, line) WHERE line > 0;

-- What was written off: still claimable, kept off the books.
CREATE TABLE contract_write_off (
    home     BIGINT NOT NULL,
    id       BIGINT NOT NULL,
    version  BIGINT NOT NULL,
    contract BIGINT NOT NULL,
    due      BIGINT NOT NULL,
    day      TEXT   NOT NULL,
    amount   BIGINT NOT NULL,
    evidence TEXT   NOT NULL,
    decision TEXT   NOT NULL,
    approval TEXT   NOT NULL,
    voucher  BIGINT NOT NULL,
    PRIMARY KEY (home, id)
);
CREATE INDEX contract_write_off_contract ON contract_write_off (home, contract, id);

-- What happened to a contract, one line a version.
CREATE TABLE contract_change (
    home     BIGINT NOT NULL,
    contract BIGINT NOT NULL,
    number   BIGINT NOT NULL,
    kind     TEXT   NOT NULL,
    happened TEXT   NOT NULL,
    at       BIGINT NOT NULL,
    actor    BIGINT NOT NULL,
    amount   BIGINT NOT NULL,
    document TEXT   NOT NULL,
    reason   TEXT   NOT NULL,
    event    BIGINT NOT NULL,
    PRIMARY KEY (home, contract, number)
);
