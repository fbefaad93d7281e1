-- +goose Up

-- A collective economic organisation, or the body that acts in its place.
CREATE TABLE organisation (
    home            BIGINT   NOT NULL,
    id              BIGINT   NOT NULL,
    version         BIGINT   NOT NULL,
    place           BIGINT   NOT NULL,
    level           SMALLINT NOT NULL,
    name            TEXT     NOT NULL,
    code            TEXT     NOT NULL,
    acting          BOOLEAN  NOT NULL,
    acting_body     TEXT     NOT NULL,
    status          TEXT     NOT NULL,
    established     TEXT     NOT NULL,
    ended           TEXT     NOT NULL,
    members         BIGINT   NOT NULL,
    representatives BIGINT   NOT NULL,
    survey_area     BIGINT   NOT NULL,
    note            TEXT     NOT NULL,
    PRIMARY KEY (home, id)
);
CREATE INDEX organisation_place ON organisation (place, status);
-- One that is active at a place; two that are entered at once cannot both pass.
CREATE UNIQUE INDEX organisation_active ON organisation (home, place) WHERE status = 'active';
-- Everything that the list filters by, in its order, so that it reads no row that it does not show.
CREATE INDEX organisation_list ON organisation (home, id, level, status, acting, name, code);

-- Which organisation has a credit code: one row a code, in the city's home, so that a code stands once.
CREATE TABLE organisation_code (
    home         BIGINT NOT NULL,
    code         TEXT   NOT NULL,
    version      BIGINT NOT NULL,
    owner_home   BIGINT NOT NULL,
    organisation BIGINT NOT NULL,
    PRIMARY KEY (home, code)
);

-- What became of an organisation: merged into or divided into another.
CREATE TABLE organisation_link (
    home      BIGINT NOT NULL,
    id        BIGINT NOT NULL,
    version   BIGINT NOT NULL,
    kind      TEXT   NOT NULL,
    source    BIGINT NOT NULL,
    target    BIGINT NOT NULL,
    share     BIGINT NOT NULL,
    happened  TEXT   NOT NULL,
    document  TEXT   NOT NULL,
    approved  TEXT   NOT NULL,
    told      TEXT   NOT NULL,
    PRIMARY KEY (home, id)
);
CREATE INDEX organisation_link_source ON organisation_link (home, source);
CREATE INDEX organisation_link_target ON organisation_link (home, target);

-- Who holds an office in an organisation. Name and telephone are sealed.
CREATE TABLE officer (
    home         BIGINT NOT NULL,
    id           BIGINT NOT NULL,
    version      BIGINT NOT NULL,
    organisation BIGINT NOT NULL,
    office       TEXT   NOT NULL,
    name         BYTEA  NOT NULL,
    name_find    BYTEA  NOT NULL,
    phone        BYTEA  NOT NULL,
    since        TEXT   NOT NULL,
    until        TEXT   NOT NULL,
    PRIMARY KEY (home, id)
);
CREATE INDEX officer_organisation ON officer (home, organisation, office);
