"""The statements that SQL stores share; {texts} stands for how a store reads the JSON list that a parameter is."""

NEW_COMMIT = "INSERT INTO commits (id, parent, body, created) VALUES (:id, :parent, :body, :now)"
SPARE_COMMIT = f"{NEW_COMMIT} ON CONFLICT (id) DO UPDATE SET created = excluded.created"
WHOLE_COMMIT = "UPDATE commits SET parent = NULL, body = :body WHERE id = :id AND parent IS NOT NULL"
LINEAGE = """
WITH RECURSIVE known (id) AS ({known}), line (id, parent) AS (
    SELECT id, parent FROM commits WHERE id IN ({heads})
    UNION
    SELECT older.id, older.parent FROM commits older JOIN line ON older.id = line.parent
    WHERE older.id NOT IN (SELECT id FROM known)
)
SELECT id, commits.parent, body FROM commits JOIN line USING (id)"""
UNREACHED = """
DELETE FROM commits WHERE created < :before AND id NOT IN (
    WITH RECURSIVE reached (id) AS (
        SELECT head FROM worlds UNION SELECT initial FROM worlds UNION SELECT head FROM snapshots
        UNION SELECT id FROM commits WHERE created >= :before
        UNION
        SELECT commits.parent FROM commits JOIN reached USING (id) WHERE commits.parent IS NOT NULL
    )
    SELECT id FROM reached
)"""
STANDINGS = "SELECT name, version, initial FROM worlds WHERE name IN ({names})"
WORLDS = """
SELECT worlds.name, worlds.version, worlds.head, worlds.initial, worlds.records, worlds.source, worlds.ttl,
    worlds.used, worlds.epoch, snapshots.name, snapshots.head, snapshots.records
FROM worlds LEFT JOIN snapshots ON snapshots.world = worlds.name {chosen}
ORDER BY worlds.created, worlds.name, snapshots.position"""
CHOSEN_WORLDS = "WHERE worlds.name IN ({names})"
NEW_WORLD = """
INSERT INTO worlds (name, version, head, initial, records, source, ttl, created, used, epoch)
VALUES (:name, :version, :head, :initial, :records, :source, :ttl, :now, :used, :epoch)
ON CONFLICT (name) DO NOTHING"""
MOVE_WORLD = """
UPDATE worlds SET version = :version, head = :head, records = :records, source = :source, used = :used, epoch = :epoch
WHERE name = :name AND version = :was AND initial = :first"""
TURN = "SELECT 1 FROM worlds WHERE name = :name{lock}"
DELETE_WORLD = "DELETE FROM worlds WHERE name = :name AND version = :was AND initial = :first"
USE_WORLD = "UPDATE worlds SET used = :used WHERE name = :name AND used < :used"
DELETE_SNAPSHOTS = "DELETE FROM snapshots WHERE world = :world"
NEW_SNAPSHOT = """
INSERT INTO snapshots (world, name, position, head, records) VALUES (:world, :name, :position, :commit, :records)"""
MOURN = """
INSERT INTO gone (name, reason, change, at) VALUES (:name, :reason, :change, :now)
ON CONFLICT (name) DO UPDATE SET reason = :reason, change = :change, at = :now"""
FORGET_GONE = "DELETE FROM gone WHERE name = :name"
OLD_GONE = "DELETE FROM gone WHERE name IN (SELECT name FROM gone ORDER BY at DESC LIMIT :all OFFSET :most)"
WHY_GONE = "SELECT reason FROM gone WHERE name = :name"
TAKEN = "SELECT 1 FROM commits WHERE id = :id UNION SELECT 1 FROM gone WHERE change = :id"
NEXT_NUMBER = "UPDATE meta SET value = CAST(CAST(value AS BIGINT) + 1 AS TEXT) WHERE name = 'number'"
META = "SELECT value FROM meta WHERE name = :name"
NEW_META = "INSERT INTO meta (name, value) VALUES (:name, :value) ON CONFLICT (name) DO NOTHING"
SEEN = """
INSERT INTO servers (id, seen) VALUES (:server, :now) ON CONFLICT (id) DO UPDATE SET seen = excluded.seen"""
UNSEEN = "DELETE FROM servers WHERE seen < :before OR id = :gone"
OTHERS = "SELECT id FROM servers WHERE id <> :server AND seen >= :since"
NEW_QUESTION = "INSERT INTO questions (id, server, asked, at) VALUES (:id, :server, :asked, :now)"
OLD_QUESTIONS = "DELETE FROM questions WHERE at < :before OR id = :done"
QUESTIONS = """
SELECT id, asked FROM questions WHERE server <> :server
AND NOT EXISTS (SELECT 1 FROM answers WHERE question = questions.id AND answers.server = :server)"""
NEW_ANSWER = """
INSERT INTO answers (question, server, body) SELECT id, :server, :body FROM questions WHERE id = :question
ON CONFLICT (question, server) DO NOTHING"""
ANSWERS = "SELECT server, body FROM answers WHERE question = :question"
