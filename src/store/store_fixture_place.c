/*
 * Where a fixture's database lies: in memory, in a temporary file, or in a schema of its own on a
 * PostgreSQL server. To migrate such a schema takes half a second; so the next fixture of the same
 * program gets it emptied instead, where the test has not changed its tables.
 */
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/text.h"
#include "store/store_engine.h"
#include "store/store_fixture.h"

/* The schema that waits for the next fixture, or "". */
static char kept[sizeof((struct store_fixture *)NULL)->place]; /* allowed: outlives the fixtures */

void store__place_stop(const char *what, const char *why)
{
    fprintf(stderr, "store_fixture: %s: %s\n", what, why);
    exit(1);
}

/* --- PostgreSQL ------------------------------------------------------------------------------- */

/* In any order: what refers to what does not matter where everything goes. */
static const char EMPTY[] = "SET session_replication_role = replica;"
                            "DO $$ DECLARE t record; BEGIN"
                            " FOR t IN SELECT tablename FROM pg_tables"
                            "  WHERE schemaname = current_schema() AND tablename <> 'schema_step'"
                            " LOOP EXECUTE format('DELETE FROM %I', t.tablename); END LOOP; END $$";

static PGconn *server_of(const char *url)
{
    PGconn *server = PQconnectdb(url);
    if (PQstatus(server) != CONNECTION_OK)
        store__place_stop("PostgreSQL", PQerrorMessage(server));
    return server;
}

static void run(PGconn *server, const char *command)
{
    PGresult *result = PQexec(server, command);
    if (PQresultStatus(result) != PGRES_COMMAND_OK)
        store__place_stop(command, PQerrorMessage(server));
    PQclear(result);
    PQfinish(server);
}

/* CREATE, or DROP … CASCADE, of a schema. */
static void run_for(const char *verb, const char *schema, const char *rest)
{
    char command[192];
    snprintf(command, sizeof command, "SET client_min_messages = error; %s SCHEMA %s %s", verb,
             schema, rest);
    run(server_of(getenv("DIANJI_TEST_DB")), command);
}

static void drop_kept(void)
{
    if (*kept != '\0')
        run_for("DROP", kept, "CASCADE");
}

static const char *postgres_url(struct store_fixture *fixture, const char *server)
{
    uint64_t random = 0;
    bool is_new = *kept == '\0';
    if (getrandom(&random, sizeof random, 0) != (ssize_t)sizeof random)
        store__place_stop("getrandom", "failed");
    if (is_new)
        snprintf(kept, sizeof kept, "test_%016llx", (unsigned long long)random);
    memcpy(fixture->place, kept, sizeof kept);
    *kept = '\0';
    const char *url =
        arena_printf(fixture->arena, "%s%coptions=-csearch_path%%3D%s&application_name=%s", server,
                     strchr(server, '?') == NULL ? '?' : '&', fixture->place, fixture->place);
    if (is_new)
        run_for("CREATE", fixture->place, "");
    else
        run(server_of(url), EMPTY);
    return url;
}

/* Rows that a schema step itself puts in would be gone from an emptied schema. */
static bool steps_put_rows(void)
{
    for (int i = 0; i < store_schema_steps_count; i++) {
        if (strstr(store_schema_steps[i].postgres, "INSERT INTO") != NULL)
            return true;
    }
    return false;
}

/* One schema is kept, from the first fixture that ends on to the program's end. */
static void keep_or_drop(const struct store_fixture *fixture, bool is_as_migrated)
{
    static bool drops_at_exit; /* allowed: atexit() belongs to the program */
    if (!is_as_migrated || *kept != '\0' || steps_put_rows()) {
        run_for("DROP", fixture->place, "CASCADE");
        return;
    }
    memcpy(kept, fixture->place, sizeof kept);
    if (!drops_at_exit)
        drops_at_exit = atexit(drop_kept) == 0;
}

/* --- SQLite ------------------------------------------------------------------------------------
 */

static const char *file_url(struct store_fixture *fixture)
{
    const char *folder = getenv("TMPDIR") == NULL ? "/tmp" : getenv("TMPDIR");
    snprintf(fixture->place, sizeof fixture->place, "%s/dianji-test-XXXXXX", folder);
    int file = mkstemp(fixture->place);
    if (file < 0)
        store__place_stop("no temporary file", fixture->place);
    close(file);
    return arena_printf(fixture->arena, "sqlite:%s", fixture->place);
}

static void remove_files(const char *path)
{
    static const char *const endings[] = {"", "-wal", "-shm", "-lock"};
    char name[160];
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        snprintf(name, sizeof name, "%s%s", path, endings[i]);
        unlink(name);
    }
}

/* --- either -------------------------------------------------------------------------------------
 */

void store__place_take(struct store_fixture *fixture, bool is_shared)
{
    const char *wanted = getenv("DIANJI_TEST_DB");
    bool is_memory = text_empty(wanted) || text_equal(wanted, "sqlite");
    if (is_memory && !is_shared)
        fixture->url = "sqlite::memory:";
    else if (is_memory || text_equal(wanted, "sqlite-file"))
        fixture->url = file_url(fixture);
    else
        fixture->url = postgres_url(fixture, wanted);
}

void store__place_give(struct store_fixture *fixture, bool is_as_migrated)
{
    if (!text_starts(fixture->url, "sqlite:"))
        keep_or_drop(fixture, is_as_migrated);
    else if (*fixture->place != '\0')
        remove_files(fixture->place);
}
