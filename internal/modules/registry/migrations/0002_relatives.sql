-- +goose Up

-- Near relatives of officers, as they declared them: contracts and payments are compared with their names.
-- The name is sealed.
CREATE TABLE officer_relative (
    home         BIGINT NOT NULL,
    id           BIGINT NOT NULL,
    version      BIGINT NOT NULL,
    organisation BIGINT NOT NULL,
    officer      BIGINT NOT NULL,
    relation     TEXT   NOT NULL,
    name         BYTEA  NOT NULL,
    name_find    BYTEA  NOT NULL,
    PRIMARY KEY (home, id)
);
CREATE INDEX officer_relative_officer ON officer_relative (home, organisation, officer);
CREATE INDEX officer_relative_name ON officer_relative (home, name_find);
CREATE INDEX officer_name ON officer (home, name_find);
