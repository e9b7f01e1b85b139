-- What figures rest on: which change altered a subject last, so that whoever keeps figures
-- that were made from it knows whether they still hold. null: none since it was made.
ALTER TABLE institution ADD COLUMN changed_by TEXT REFERENCES change (id);
ALTER TABLE place ADD COLUMN changed_by TEXT REFERENCES change (id);
ALTER TABLE person ADD COLUMN changed_by TEXT REFERENCES change (id);
ALTER TABLE rural_doctor ADD COLUMN changed_by TEXT REFERENCES change (id);

-- A part of the records is found without reading the rest.
CREATE INDEX institution_profile_area ON institution_profile (area);
CREATE INDEX institution_profile_parent ON institution_profile (parent);
CREATE INDEX institution_profile_consortium ON institution_profile (consortium);
CREATE INDEX rural_doctor_profile_area ON rural_doctor_profile (area);
