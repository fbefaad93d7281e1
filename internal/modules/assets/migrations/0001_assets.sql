-- +goose Up

-- A card of an asset or resource.
CREATE TABLE asset (
    home          BIGINT   NOT NULL,
    id            BIGINT   NOT NULL,
    version       BIGINT   NOT NULL,
    organisation  BIGINT   NOT NULL,
    place         BIGINT   NOT NULL,
    number        TEXT     NOT NULL,
    name          TEXT     NOT NULL,
    form          TEXT     NOT NULL,
    category      TEXT     NOT NULL,
    kind          TEXT     NOT NULL,
    class         TEXT     NOT NULL,
    origin        TEXT     NOT NULL,
    title         TEXT     NOT NULL,
    certificate   TEXT     NOT NULL,
    parcel        TEXT     NOT NULL,
    custodian     TEXT     NOT NULL,
    location      TEXT     NOT NULL,
    latitude      BIGINT   NOT NULL,
    longitude     BIGINT   NOT NULL,
    acquired      TEXT     NOT NULL,
    quantity      BIGINT   NOT NULL,
    unit          TEXT     NOT NULL,
    area          BIGINT   NOT NULL,
    floor_area    BIGINT   NOT NULL,
    boundary      TEXT     NOT NULL,
    cost          BIGINT   NOT NULL,
    salvage       BIGINT   NOT NULL,
    method        TEXT     NOT NULL,
    months        BIGINT   NOT NULL,
    in_use        TEXT     NOT NULL,
    base          BIGINT   NOT NULL,
    work          BIGINT   NOT NULL,
    work_done     BIGINT   NOT NULL,
    use_state     TEXT     NOT NULL,
    land_use      TEXT     NOT NULL,
    user_name     TEXT     NOT NULL,
    contract      TEXT     NOT NULL,
    term_from     TEXT     NOT NULL,
    term_to       TEXT     NOT NULL,
    annual_fee    BIGINT   NOT NULL,
    arrears       BIGINT   NOT NULL,
    state         TEXT     NOT NULL,
    ended         TEXT     NOT NULL,
    note          TEXT     NOT NULL,
    profile       BIGINT   NOT NULL,
    PRIMARY KEY (home, id)
);
CREATE UNIQUE INDEX asset_number ON asset (home, organisation, number);
CREATE INDEX asset_place ON asset (place);
CREATE INDEX asset_profile ON asset (home, profile);
-- The most valuable first, across homes: it crosses them, and holds what the filters ask.
CREATE INDEX asset_value ON asset (cost DESC, home, id, profile);
CREATE INDEX asset_parcel ON asset (parcel) WHERE parcel <> '';
CREATE INDEX asset_certificate ON asset (certificate) WHERE certificate <> '';
CREATE INDEX asset_position ON asset (home, latitude) WHERE latitude <> 0;

-- Where a card came from: split, transfer, or a gain found by a check.
CREATE TABLE asset_link (
    home        BIGINT NOT NULL,
    id          BIGINT NOT NULL,
    kind        TEXT   NOT NULL,
    source_home BIGINT NOT NULL,
    source      BIGINT NOT NULL,
    target_home BIGINT NOT NULL,
    target      BIGINT NOT NULL,
    happened    TEXT   NOT NULL,
    document    TEXT   NOT NULL,
    PRIMARY KEY (home, id)
);
CREATE INDEX asset_link_source ON asset_link (home, source);
CREATE INDEX asset_link_target ON asset_link (home, target);

-- What happened to a card, as its page tells it: one line an act, with the event that proves it.
CREATE TABLE asset_change (
    home     BIGINT NOT NULL,
    asset    BIGINT NOT NULL,
    number   BIGINT NOT NULL,
    kind     TEXT   NOT NULL,
    happened TEXT   NOT NULL,
    at       BIGINT NOT NULL,
    actor    BIGINT NOT NULL,
    amount   BIGINT NOT NULL,
    document TEXT   NOT NULL,
    reason   TEXT   NOT NULL,
    detail   TEXT   NOT NULL,
    decision TEXT   NOT NULL,
    event    BIGINT NOT NULL,
    PRIMARY KEY (home, asset, number)
);

-- How many cards of each profile a home has, with their cost and area: derived, kept in the
-- transaction that changes a card. Unsettled and ended cards have a profile of their own.
CREATE TABLE asset_total (
    home      BIGINT NOT NULL,
    profile   BIGINT NOT NULL,
    form      TEXT   NOT NULL,
    kind      TEXT   NOT NULL,
    class     TEXT   NOT NULL,
    origin    TEXT   NOT NULL,
    title     TEXT   NOT NULL,
    use_state TEXT   NOT NULL,
    state     TEXT   NOT NULL,
    number    BIGINT NOT NULL,
    cost      BIGINT NOT NULL,
    area      BIGINT NOT NULL,
    PRIMARY KEY (home, profile)
);
