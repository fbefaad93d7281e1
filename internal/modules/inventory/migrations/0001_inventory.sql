-- +goose Up

-- The check of one organisation in a campaign.
CREATE TABLE inventory_check (
    home         BIGINT   NOT NULL,
    id           BIGINT   NOT NULL,
    version      BIGINT   NOT NULL,
    year         BIGINT   NOT NULL,
    organisation BIGINT   NOT NULL,
    place        BIGINT   NOT NULL,
    level        SMALLINT NOT NULL,
    name         TEXT     NOT NULL,
    reference    TEXT     NOT NULL,
    procedure_case BIGINT NOT NULL,
    stage        TEXT     NOT NULL,
    carried      BOOLEAN  NOT NULL,
    sample       TEXT     NOT NULL,
    recheck      TEXT     NOT NULL,
    recheck_note TEXT     NOT NULL,
    recheck_by   BIGINT   NOT NULL,
    rows         BIGINT   NOT NULL,
    counted      BIGINT   NOT NULL,
    approved     BIGINT   NOT NULL,
    PRIMARY KEY (home, id)
);
CREATE UNIQUE INDEX inventory_check_organisation ON inventory_check (home, year, organisation);
CREATE INDEX inventory_check_stage ON inventory_check (home, year, stage, id);
CREATE INDEX inventory_check_progress ON inventory_check (year, home, stage, sample, place);
CREATE UNIQUE INDEX inventory_check_case ON inventory_check (home, procedure_case);
CREATE INDEX inventory_check_place ON inventory_check (place, year);

-- The totals of an approved check: derived from its rows.
CREATE TABLE inventory_total (
    home     BIGINT NOT NULL,
    inventory BIGINT NOT NULL,
    year     BIGINT NOT NULL,
    place    BIGINT NOT NULL,
    layout   TEXT   NOT NULL,
    figures  BYTEA  NOT NULL,
    PRIMARY KEY (home, year, inventory)
);

-- Who counts: the team of a check. Names are sealed.
CREATE TABLE inventory_member (
    home    BIGINT NOT NULL,
    inventory BIGINT NOT NULL,
    number  BIGINT NOT NULL,
    version BIGINT NOT NULL,
    role    TEXT   NOT NULL,
    name    BYTEA  NOT NULL,
    PRIMARY KEY (home, inventory, number)
);

-- A row of a check.
CREATE TABLE inventory_row (
    home            BIGINT NOT NULL,
    inventory BIGINT NOT NULL,
    number          BIGINT NOT NULL,
    version         BIGINT NOT NULL,
    form            TEXT   NOT NULL,
    asset           BIGINT NOT NULL,
    name            TEXT   NOT NULL,
    class           TEXT   NOT NULL,
    kind            TEXT   NOT NULL,
    title           TEXT   NOT NULL,
    quantity        BIGINT NOT NULL,
    unit            TEXT   NOT NULL,
    book            BIGINT NOT NULL,
    counted         BIGINT NOT NULL,
    increases       BIGINT NOT NULL,
    decreases       BIGINT NOT NULL,
    verified        BIGINT NOT NULL,
    gain            BIGINT NOT NULL,
    loss            BIGINT NOT NULL,
    written_off     BIGINT NOT NULL,
    book_area       BIGINT NOT NULL,
    counted_area    BIGINT NOT NULL,
    area_increases  BIGINT NOT NULL,
    area_decreases  BIGINT NOT NULL,
    verified_area   BIGINT NOT NULL,
    gain_area       BIGINT NOT NULL,
    loss_area       BIGINT NOT NULL,
    verdict         TEXT   NOT NULL,
    use_state       TEXT   NOT NULL,
    land_use        TEXT   NOT NULL,
    keeper          TEXT   NOT NULL,
    remark          TEXT   NOT NULL,
    detail          TEXT   NOT NULL,
    latitude        BIGINT NOT NULL,
    longitude       BIGINT NOT NULL,
    photo           BIGINT NOT NULL,
    counted_on      TEXT   NOT NULL,
    counted_by      BIGINT NOT NULL,
    PRIMARY KEY (home, inventory, number)
);
CREATE INDEX inventory_row_asset ON inventory_row (home, asset, inventory);

-- What a cross-check found, and how it was explained.
CREATE TABLE inventory_finding (
    home        BIGINT  NOT NULL,
    inventory BIGINT  NOT NULL,
    number      BIGINT  NOT NULL,
    version     BIGINT  NOT NULL,
    round       BIGINT  NOT NULL,
    rule        TEXT    NOT NULL,
    severity    TEXT    NOT NULL,
    row         BIGINT  NOT NULL,
    facts       TEXT    NOT NULL,
    explanation TEXT    NOT NULL,
    explained   BIGINT  NOT NULL,
    PRIMARY KEY (home, inventory, number)
);

-- A correction, in a later year, of what was locked.
CREATE TABLE inventory_adjustment (
    home         BIGINT NOT NULL,
    id           BIGINT NOT NULL,
    version      BIGINT NOT NULL,
    year         BIGINT NOT NULL,
    organisation BIGINT NOT NULL,
    inventory BIGINT NOT NULL,
    row          BIGINT NOT NULL,
    asset        BIGINT NOT NULL,
    form         TEXT   NOT NULL,
    name         TEXT   NOT NULL,
    amount       BIGINT NOT NULL,
    area         BIGINT NOT NULL,
    reason       TEXT   NOT NULL,
    document     TEXT   NOT NULL,
    entered      BIGINT NOT NULL,
    PRIMARY KEY (home, id)
);
CREATE INDEX inventory_adjustment_organisation ON inventory_adjustment (home, organisation, year);
