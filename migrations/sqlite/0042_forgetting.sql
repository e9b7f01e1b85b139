-- What was said with a step, and by whose name, is blanked when somebody is forgotten; nothing
-- else of the history is ever altered.

CREATE TRIGGER application_event_only_blanked BEFORE UPDATE ON application_event
    WHEN (NEW.id IS NOT OLD.id
        OR NEW.application IS NOT OLD.application
        OR NEW.at IS NOT OLD.at
        OR NEW.move IS NOT OLD.move
        OR NEW.state_before IS NOT OLD.state_before
        OR NEW.state_after IS NOT OLD.state_after
        OR NEW.step IS NOT OLD.step
        OR NEW.account IS NOT OLD.account
        OR NEW.office IS NOT OLD.office
        OR NEW.noted IS NOT OLD.noted
        OR (NEW.name <> OLD.name AND NEW.name <> '***')
        OR (NEW.words <> OLD.words AND NEW.words <> '***')
        OR (NEW.reason IS NOT OLD.reason AND NEW.reason IS NOT NULL))
    BEGIN SELECT RAISE(ABORT, 'application_event_append_only'); END;
DROP TRIGGER application_event_no_update;
