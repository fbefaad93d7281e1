-- +goose Up

-- A statement that was taken by mistake and taken back. Its lines stay for the record and count no more.
CREATE TABLE bank_withdrawal (
    home      BIGINT NOT NULL,
    statement BIGINT NOT NULL,
    account   BIGINT NOT NULL,
    lines     BIGINT NOT NULL,
    reason    TEXT   NOT NULL,
    actor     BIGINT NOT NULL,
    at        BIGINT NOT NULL,
    PRIMARY KEY (home, statement)
);
CREATE INDEX bank_withdrawal_account ON bank_withdrawal (home, account);
-- The file may be taken again.
DROP INDEX bank_statement_file;
CREATE INDEX bank_statement_file ON bank_statement (home, account, file);
CREATE INDEX bank_line_statement ON bank_line (home, statement);
