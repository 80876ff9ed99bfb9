import type { Migration } from './migration.ts';

/**
 * Of people who are assigned: whether what their stores still have to follow takes something from them. And a backend of the release
 * before, at work beside this one, knows nobody who is assigned: where it changes a store's row of somebody who is, that store no longer
 * has them as they are. It says nothing of `person_revision`, which this release sets with each such change; where there was none, a row that
 * goes is as it should be.
 */
export const peopleSettled: Migration = {
  number: 43,
  name: 'people settled',
  sql: `
    ALTER TABLE people ADD COLUMN takes_away boolean NOT NULL DEFAULT false;
    CREATE FUNCTION note_row_of_person() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      UPDATE people SET settled_revision = LEAST(settled_revision, 0) - 1
        WHERE tenant_id = NEW.tenant_id AND staff_id = NEW.staff_id;
      IF FOUND THEN
        NEW.person_revision := -1;
      END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER row_of_person_made BEFORE INSERT ON staff
      FOR EACH ROW WHEN (NEW.person_revision IS NULL)
      EXECUTE FUNCTION note_row_of_person();
    CREATE TRIGGER row_of_person_changed BEFORE UPDATE ON staff
      FOR EACH ROW WHEN (NEW.person_revision IS NOT DISTINCT FROM OLD.person_revision
        AND NOT (NEW.deleted AND OLD.person_revision IS NULL)
        AND ((NEW.name, NEW.deleted) IS DISTINCT FROM (OLD.name, OLD.deleted)
          OR NEW.pin IS DISTINCT FROM OLD.pin AND NEW.pin -> 'sealed' IS NULL))
      EXECUTE FUNCTION note_row_of_person();
  `,
};
