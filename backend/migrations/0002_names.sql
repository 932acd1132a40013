-- Columns are called by what they hold. A purpose is stored in the general word, and no longer
-- in the word of one provider.

ALTER TABLE grants RENAME COLUMN function TO purpose;
UPDATE grants SET purpose = CASE purpose
    WHEN 'confirm-signup' THEN 'onboarding'
    WHEN 'login-session' THEN 'login'
    WHEN 'idv' THEN 'identity-verification'
    ELSE purpose
END;

ALTER TABLE sessions RENAME COLUMN opens TO access_hash;
ALTER TABLE sessions RENAME COLUMN opens_until TO access_expires_at;
ALTER TABLE sessions RENAME COLUMN opened TO previous_access_hash;
ALTER TABLE sessions RENAME COLUMN opened_until TO previous_access_expires_at;
ALTER TABLE sessions RENAME COLUMN refreshes TO refresh_hash;
ALTER TABLE sessions RENAME COLUMN refreshed TO previous_refresh_hash;
