-- +goose Up

-- A form in a period in a county: what opens the reports of its units.
CREATE TABLE report_round (
    home      BIGINT  NOT NULL,
    id        BIGINT  NOT NULL,
    version   BIGINT  NOT NULL,
    form      TEXT    NOT NULL,
    period    TEXT    NOT NULL,
    place     BIGINT  NOT NULL,
    opens     TEXT    NOT NULL,
    due       TEXT    NOT NULL,
    locks     TEXT    NOT NULL,
    emergency BOOLEAN NOT NULL,
    opener    BIGINT  NOT NULL,
    approver  BIGINT  NOT NULL,
    reason    TEXT    NOT NULL,
    state     TEXT    NOT NULL,
    units     BIGINT  NOT NULL,
    held      BIGINT  NOT NULL,
    PRIMARY KEY (home, id)
);
CREATE UNIQUE INDEX report_round_form ON report_round (home, form, period);

-- The report of one unit in one round.
CREATE TABLE report (
    home         BIGINT   NOT NULL,
    id           BIGINT   NOT NULL,
    version      BIGINT   NOT NULL,
    form         TEXT     NOT NULL,
    edition      BIGINT   NOT NULL,
    period       TEXT     NOT NULL,
    organisation BIGINT   NOT NULL,
    place        BIGINT   NOT NULL,
    village      BIGINT   NOT NULL,
    month        TEXT     NOT NULL,
    level        SMALLINT NOT NULL,
    name         TEXT     NOT NULL,
    opens        TEXT     NOT NULL,
    due          TEXT     NOT NULL,
    locks        TEXT     NOT NULL,
    stage        TEXT     NOT NULL,
    procedure_case BIGINT NOT NULL,
    round        BIGINT   NOT NULL,
    asked        BIGINT   NOT NULL,
    seconds      BIGINT   NOT NULL,
    typed        TEXT     NOT NULL,
    cells        TEXT     NOT NULL,
    submitted    TEXT     NOT NULL,
    approved     TEXT     NOT NULL,
    PRIMARY KEY (home, id)
);
CREATE UNIQUE INDEX report_unit ON report (home, form, period, organisation, place);
CREATE INDEX report_board ON report (form, period, home, place, stage, due, submitted, round);
CREATE INDEX report_asks ON report (home, month, village, asked, form);
CREATE INDEX report_place ON report (place, period);
CREATE INDEX report_history ON report (home, form, organisation, place, period);

-- What an approved report adds to its places: derived from it.
CREATE TABLE report_total (
    home    BIGINT NOT NULL,
    report  BIGINT NOT NULL,
    form    TEXT   NOT NULL,
    period  TEXT   NOT NULL,
    place   BIGINT NOT NULL,
    layout  TEXT   NOT NULL,
    figures BYTEA  NOT NULL,
    PRIMARY KEY (home, report)
);
CREATE INDEX report_total_form ON report_total (form, period, home);

-- What validation found in a report as it was submitted.
CREATE TABLE report_finding (
    home        BIGINT NOT NULL,
    report      BIGINT NOT NULL,
    number      BIGINT NOT NULL,
    version     BIGINT NOT NULL,
    round       BIGINT NOT NULL,
    layer       TEXT   NOT NULL,
    rule        TEXT   NOT NULL,
    severity    TEXT   NOT NULL,
    cell        TEXT   NOT NULL,
    facts       TEXT   NOT NULL,
    explanation TEXT   NOT NULL,
    explained   BIGINT NOT NULL,
    PRIMARY KEY (home, report, number)
);

-- Other days for one unit, or that it need not report.
CREATE TABLE report_exception (
    home     BIGINT  NOT NULL,
    id       BIGINT  NOT NULL,
    version  BIGINT  NOT NULL,
    report   BIGINT  NOT NULL,
    due      TEXT    NOT NULL,
    locks    TEXT    NOT NULL,
    excused  BOOLEAN NOT NULL,
    reason   TEXT    NOT NULL,
    document TEXT    NOT NULL,
    entered  TEXT    NOT NULL,
    PRIMARY KEY (home, id)
);
CREATE INDEX report_exception_report ON report_exception (home, report);

-- The roll-up of a place: a township's to the county, a county's to the city.
CREATE TABLE report_roll_up (
    home    BIGINT   NOT NULL,
    id      BIGINT   NOT NULL,
    version BIGINT   NOT NULL,
    form    TEXT     NOT NULL,
    period  TEXT     NOT NULL,
    place   BIGINT   NOT NULL,
    level   SMALLINT NOT NULL,
    stage   TEXT     NOT NULL,
    procedure_case BIGINT NOT NULL,
    units   BIGINT   NOT NULL,
    hash    TEXT     NOT NULL,
    PRIMARY KEY (home, id)
);
CREATE UNIQUE INDEX report_roll_up_place ON report_roll_up (home, form, period, place);

-- A form that a place wants beside those of the pack.
CREATE TABLE report_form (
    home     BIGINT NOT NULL,
    id       BIGINT NOT NULL,
    version  BIGINT NOT NULL,
    name     TEXT   NOT NULL,
    place    BIGINT NOT NULL,
    state    TEXT   NOT NULL,
    procedure_case BIGINT NOT NULL,
    definition TEXT NOT NULL,
    proposer BIGINT NOT NULL,
    proposed TEXT   NOT NULL,
    sunset   TEXT   NOT NULL,
    PRIMARY KEY (home, id)
);
CREATE INDEX report_form_state ON report_form (state, home, id);
