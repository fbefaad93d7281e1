-- +goose Up

-- The depreciation of a book's month, as it was posted; amount 0: there was nothing to post.
CREATE TABLE accrual_month (
    home         BIGINT NOT NULL,
    book         BIGINT NOT NULL,
    month        TEXT   NOT NULL,
    version      BIGINT NOT NULL,
    organisation BIGINT NOT NULL,
    cards        BIGINT NOT NULL,
    amount       BIGINT NOT NULL,
    voucher      BIGINT NOT NULL,
    PRIMARY KEY (home, book, month)
);

-- What an approved check changed in the books.
CREATE TABLE accrual_check (
    home         BIGINT NOT NULL,
    inventory    BIGINT NOT NULL,
    version      BIGINT NOT NULL,
    organisation BIGINT NOT NULL,
    book         BIGINT NOT NULL,
    year         BIGINT NOT NULL,
    day          TEXT   NOT NULL,
    gain         BIGINT NOT NULL,
    loss         BIGINT NOT NULL,
    claimed      BIGINT NOT NULL,
    left_over    BIGINT NOT NULL,
    found        BIGINT NOT NULL,
    decided      BIGINT NOT NULL,
    decision     TEXT   NOT NULL,
    document     TEXT   NOT NULL,
    PRIMARY KEY (home, inventory)
);
CREATE INDEX accrual_check_book ON accrual_check (home, book);
