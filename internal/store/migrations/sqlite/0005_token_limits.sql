-- A token's document may have a line for the token's rate limit from here on (see
-- document.go). No table changes. A program that does not know the line cannot read such
-- a token; the number of this file keeps it from opening the database at all.
SELECT 1;
