-- What was said with a step, and by whose name, is blanked when somebody is forgotten; nothing
-- else of the history is ever altered.

CREATE TRIGGER application_event_only_blanked BEFORE UPDATE ON application_event
    FOR EACH ROW WHEN (NEW.id IS DISTINCT FROM OLD.id
        OR NEW.application IS DISTINCT FROM OLD.application
        OR NEW.at IS DISTINCT FROM OLD.at
        OR NEW.move IS DISTINCT FROM OLD.move
        OR NEW.state_before IS DISTINCT FROM OLD.state_before
        OR NEW.state_after IS DISTINCT FROM OLD.state_after
        OR NEW.step IS DISTINCT FROM OLD.step
        OR NEW.account IS DISTINCT FROM OLD.account
        OR NEW.office IS DISTINCT FROM OLD.office
        OR NEW.noted IS DISTINCT FROM OLD.noted
        OR (NEW.name <> OLD.name AND NEW.name <> '***')
        OR (NEW.words <> OLD.words AND NEW.words <> '***')
        OR (NEW.reason IS DISTINCT FROM OLD.reason AND NEW.reason IS NOT NULL))
    EXECUTE FUNCTION refuse_alteration();
DROP TRIGGER application_event_no_update ON application_event;
