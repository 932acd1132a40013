-- One schema for SQLite and PostgreSQL. What is in "sealed" opens with a key that is not in
-- the database; what opens a session is stored as a hash; and what stands in the open beside
-- either is authenticated with that key ("mac", or as associated data of "sealed").
--
-- Every id begins with the second in which its login or session was begun, so that rows, and
-- their places in each index, stand in the order in which they come and go: what is added and
-- what is removed touches few pages, however many rows there are.

-- Logins that were begun.
CREATE TABLE attempts (
    -- Made from its state, which cannot be made from it.
    id         TEXT PRIMARY KEY,
    -- Whose callback completes it.
    initiator  TEXT   NOT NULL,
    generation BIGINT NOT NULL,
    -- When it may be removed, in seconds since the epoch.
    remove_at  BIGINT NOT NULL,
    key_name   TEXT   NOT NULL,
    sealed     BYTEA  NOT NULL
);
CREATE INDEX attempts_remove_at ON attempts (remove_at);

-- The provider's tokens, and where they stand.
CREATE TABLE grants (
    -- The attempt that it came from.
    id         TEXT PRIMARY KEY,
    purpose    TEXT   NOT NULL,
    -- A keyed hash of who was onboarded, once that is known.
    subject    TEXT,
    -- Of two who read the same, one changes it.
    generation BIGINT NOT NULL,
    remove_at  BIGINT NOT NULL,
    key_name   TEXT   NOT NULL,
    sealed     BYTEA  NOT NULL
);
CREATE INDEX grants_remove_at ON grants (remove_at);
CREATE INDEX grants_subject ON grants (subject, purpose) WHERE subject IS NOT NULL;

-- What opens a grant: a cookie, or the tokens of an app.
CREATE TABLE sessions (
    id                         TEXT PRIMARY KEY,
    grant_id                   TEXT    NOT NULL REFERENCES grants (id) ON DELETE CASCADE,
    generation                 BIGINT  NOT NULL,
    remove_at                  BIGINT  NOT NULL,
    -- The hash of the cookie, or of the access token.
    access_hash                BYTEA   NOT NULL,
    access_expires_at          BIGINT  NOT NULL,
    -- The one before, which serves until it expires.
    previous_access_hash       BYTEA,
    previous_access_expires_at BIGINT,
    -- The hash of the refresh token, where there is one, and of the one before.
    refresh_hash               BYTEA,
    previous_refresh_hash      BYTEA,
    -- Whether what opens it now was used: then it has arrived, and what was before is spent.
    is_used                    BOOLEAN NOT NULL,
    -- The grant of the login that this one takes the place of, once it has arrived.
    replaces                   TEXT,
    -- The keyed hash of all of the above.
    key_name                   TEXT    NOT NULL,
    mac                        BYTEA   NOT NULL
);
CREATE INDEX sessions_grant_id ON sessions (grant_id);
CREATE INDEX sessions_remove_at ON sessions (remove_at);
