-- +goose Up
-- Reference tables: the same on every node, without a home. Changes are events of the city.

-- What held of a place from a day to another. code is its statistical code; those of other schemes
-- stand in place_code.
CREATE TABLE place_state (
    place BIGINT NOT NULL,
    since TEXT NOT NULL,
    until TEXT NOT NULL,
    version BIGINT NOT NULL,
    parent BIGINT NOT NULL,
    level SMALLINT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    code TEXT NOT NULL,
    category SMALLINT NOT NULL,
    event BIGINT NOT NULL,
    PRIMARY KEY (place, since)
);
CREATE INDEX place_state_code ON place_state (code);

CREATE TABLE place_code (
    scheme TEXT NOT NULL,
    code TEXT NOT NULL,
    since TEXT NOT NULL,
    until TEXT NOT NULL,
    version BIGINT NOT NULL,
    place BIGINT NOT NULL,
    event BIGINT NOT NULL,
    PRIMARY KEY (scheme, code, since)
);
CREATE INDEX place_code_place ON place_code (place);

CREATE TABLE place_event (
    id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    place BIGINT NOT NULL,
    effective TEXT NOT NULL,
    document TEXT NOT NULL,
    note TEXT NOT NULL,
    mark TEXT NOT NULL,
    origin TEXT NOT NULL,
    edition BIGINT NOT NULL,
    actor BIGINT NOT NULL,
    recorded BIGINT NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX place_event_place ON place_event (place, effective);
CREATE INDEX place_event_effective ON place_event (effective);
CREATE INDEX place_event_origin ON place_event (origin);

-- Which share (0.0001) of a place went where by an event; to_place 0 is nowhere.
CREATE TABLE place_event_part (
    event BIGINT NOT NULL,
    number BIGINT NOT NULL,
    from_place BIGINT NOT NULL,
    to_place BIGINT NOT NULL,
    basis TEXT NOT NULL,
    share BIGINT NOT NULL,
    PRIMARY KEY (event, number)
);
CREATE INDEX place_event_part_from ON place_event_part (from_place);
CREATE INDEX place_event_part_to ON place_event_part (to_place);

CREATE TABLE place_area (
    id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    label TEXT NOT NULL,
    name TEXT NOT NULL,
    english TEXT NOT NULL,
    kind TEXT NOT NULL,
    since TEXT NOT NULL,
    until TEXT NOT NULL,
    document TEXT NOT NULL,
    note TEXT NOT NULL,
    mark TEXT NOT NULL,
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX place_area_label ON place_area (label);

CREATE TABLE place_area_member (
    area BIGINT NOT NULL,
    place BIGINT NOT NULL,
    since TEXT NOT NULL,
    until TEXT NOT NULL,
    version BIGINT NOT NULL,
    mark TEXT NOT NULL,
    PRIMARY KEY (area, place, since)
);
CREATE INDEX place_area_member_place ON place_area_member (place);

-- Today's tree, derived: path is four bytes for each place from the top to itself. On SQLite an INTEGER
-- PRIMARY KEY is the row's own number and costs no index; ids of places fit four bytes anyway.
CREATE TABLE place_path (
    place INTEGER PRIMARY KEY NOT NULL,
    path BYTEA NOT NULL,
    home BIGINT NOT NULL,
    level SMALLINT NOT NULL
);
CREATE INDEX place_path_path ON place_path (path);

-- One row: how often the places have changed, and which day and which change place_path shows.
CREATE TABLE place_tree (
    id BIGINT NOT NULL,
    changes BIGINT NOT NULL,
    shown BIGINT NOT NULL,
    shown_on TEXT NOT NULL,
    PRIMARY KEY (id)
);
INSERT INTO place_tree (id, changes, shown, shown_on) VALUES (1, 0, 0, '');
