/*
 * PostgreSQL, in libpq's pipeline mode: commands are sent as they come, and their answers are
 * waited for only where somebody needs one. BEGIN travels with the first statement,
 * db_change_later() with the next, and all of them with COMMIT: a write whose changes need no
 * answer is one round trip.
 *
 * Integers and text go out in binary (their types are said when a statement is prepared) and come
 * back as text, because sums of BIGINT are NUMERIC.
 */
#include <assert.h>
#include <endian.h>
#include <libpq-fe.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "store/store_engine.h"

enum {
    CONNECTION_ARENA_BYTES = 16 * 1024 * 1024,
    PARAMETERS_MAX = 64,
    LATER_MAX = 500,                  /* changes under way without an answer */
    EXPECTED_MAX = 2 * LATER_MAX + 8, /* each may be prepared first */
    PORTION_ROWS = 1000,              /* of a result that streams */
    NAME_BYTES = 24,
    /* pg_type.h's, which libpq does not install */
    OID_BYTEA = 17,
    OID_INT8 = 20,
    OID_TEXT = 25,
};

enum expected_kind { EXPECT_CONTROL, EXPECT_PREPARE, EXPECT_STATEMENT, EXPECT_COMMIT, EXPECT_SYNC };
struct expected {
    enum expected_kind kind;
    const char *what; /* for the log */
    int number;       /* EXPECT_PREPARE: in the cache */
};

/* What opens and ends transactions, prepared with the connection. */
enum control {
    CONTROL_BEGIN_READ,
    CONTROL_BEGIN_WRITE,
    CONTROL_BEGIN_MIGRATION,
    CONTROL_COMMIT,
    CONTROL_ROLLBACK,
    CONTROL_COUNT,
};
static const struct {
    const char *name;
    const char *text;
} CONTROLS[CONTROL_COUNT] = {
    [CONTROL_BEGIN_READ] = {"begin_read", "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"},
    [CONTROL_BEGIN_WRITE] = {"begin_write", "BEGIN ISOLATION LEVEL SERIALIZABLE"},
    [CONTROL_BEGIN_MIGRATION] = {"begin_migration", "BEGIN ISOLATION LEVEL READ COMMITTED"},
    [CONTROL_COMMIT] = {"commit", "COMMIT"},
    [CONTROL_ROLLBACK] = {"rollback", "ROLLBACK"},
};

enum prepared_state { NOT_PREPARED, PREPARE_SENT, PREPARED };
struct prepared {
    const struct statement *statement; /* whose it is: tests have lists of their own */
    enum prepared_state state;
};

/* The first thing that went wrong in a pipeline; what follows it was skipped. */
struct failure {
    bool has_failed;
    bool is_lost;     /* the connection, before the answer came */
    bool is_early;    /* the server said so of a command before the commit */
    bool is_conflict; /* worth running again */
    char line[400];   /* for the log */
};

struct postgres_connection {
    struct connection base;
    PGconn *handle;
    bool reads;
    int limit_seconds; /* statement_timeout, as it is set */
    int portals;       /* opened so far: their names */
    bool committed;    /* what the last commit was answered */
    struct failure failure;
    struct expected *expected; /* sent and not answered, in order */
    int expecting;
    struct prepared *prepared; /* by the statement's number */
    size_t prepared_count;
};

struct postgres_cursor {
    struct cursor base;
    PGresult *result;
    int row; /* the current one; -1 before the first */
    int rows;
    int portal; /* its number where it streams, or 0 */
};

static struct postgres_connection *own(struct connection *connection)
{
    return (struct postgres_connection *)connection;
}

/* --- answers --- */

static void expect(struct postgres_connection *connection, enum expected_kind kind,
                   const char *what, int number)
{
    assert(connection->expecting < EXPECTED_MAX);
    connection->expected[connection->expecting++] = (struct expected){kind, what, number};
}

/* Class 22 quotes the value that it dislikes, and DETAIL whole rows: people's data stays out of the
 * log. */
static void note_failure(struct postgres_connection *connection, const char *what,
                         const PGresult *result)
{
    struct failure *failure = &connection->failure;
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *said = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    const char *constraint = PQresultErrorField(result, PG_DIAG_CONSTRAINT_NAME);
    if (failure->has_failed)
        return;
    failure->has_failed = true;
    failure->is_lost = PQstatus(connection->handle) == CONNECTION_BAD || state == NULL ||
                       text_starts(state, "57P") || text_starts(state, "08");
    failure->is_conflict = state != NULL && (text_starts(state, "40"));
    if (state == NULL)
        said = "the connection was lost";
    else if (said == NULL || text_starts(state, "22"))
        said = constraint != NULL ? constraint : "a value is not of its type";
    snprintf(failure->line, sizeof failure->line, "%s: %s (SQLSTATE %s)", what, said,
             state == NULL ? "none" : state);
}

static void take_answer(struct postgres_connection *connection, const struct expected *expected,
                        PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);
    bool good =
        status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_PIPELINE_SYNC;
    if (!good && status != PGRES_PIPELINE_ABORTED && !connection->failure.has_failed) {
        note_failure(connection, expected->what, result);
        connection->failure.is_early = PQresultErrorField(result, PG_DIAG_SQLSTATE) != NULL &&
                                       expected->kind != EXPECT_COMMIT &&
                                       expected->kind != EXPECT_SYNC;
    }
    if (expected->kind == EXPECT_COMMIT)
        connection->committed = good && text_equal(PQcmdStatus(result), "COMMIT");
    if (expected->kind == EXPECT_PREPARE) {
        struct prepared *entry = &connection->prepared[expected->number];
        entry->state = good ? PREPARED : NOT_PREPARED;
    }
}

static void send_sync(struct postgres_connection *connection)
{
    if (PQpipelineSync(connection->handle) == 1)
        expect(connection, EXPECT_SYNC, "sync", 0);
    else
        note_failure(connection, "sync", NULL);
}

/* The answer of the oldest command under way, which may have to be waited for. The caller clears
 * it. */
static PGresult *next_answer(struct postgres_connection *connection, int at)
{
    const struct expected *expected = &connection->expected[at];
    PGresult *result = PQgetResult(connection->handle);
    take_answer(connection, expected, result);
    if (result != NULL && expected->kind != EXPECT_SYNC) {
        PGresult *end = PQgetResult(connection->handle);
        assert(end == NULL || connection->failure.has_failed);
        PQclear(end);
    }
    return result;
}

/*
 * Waits for all that is under way. True where all of it went well; ret_last, where it is given, is
 * the answer of the last command. Otherwise connection->failure says what went wrong first.
 */
static bool collect(struct postgres_connection *connection, PGresult **ret_last)
{
    PGresult *last = NULL;
    send_sync(connection);
    for (int i = 0; i < connection->expecting; i++) {
        PGresult *result = next_answer(connection, i);
        if (connection->expected[i].kind == EXPECT_SYNC) {
            PQclear(result);
        } else {
            PQclear(last);
            last = result;
        }
    }
    connection->expecting = 0;
    bool good = !connection->failure.has_failed;
    if (good && ret_last != NULL)
        *ret_last = last;
    else
        PQclear(last);
    return good;
}

/* --- connections --- */

static void ignore_notice(void *argument, const char *message)
{
    (void)argument;
    (void)message;
}

/*
 * A server may be set up to answer before a commit is on the disk; this program promises more.
 * Whoever chose to wait for more than the own disk keeps that.
 */
static const char SESSION[] = "SET idle_in_transaction_session_timeout = '120s';"
                              "SELECT set_config('synchronous_commit', 'on', false)"
                              " WHERE current_setting('synchronous_commit') = 'off'";

static bool set_up(struct postgres_connection *connection, struct why *ret_why)
{
    PQsetNoticeProcessor(connection->handle, ignore_notice, NULL);
    PGresult *result = PQexec(connection->handle, SESSION);
    bool good = PQresultStatus(result) == PGRES_TUPLES_OK;
    PQclear(result);
    good = good && PQenterPipelineMode(connection->handle) == 1;
    for (int i = 0; i < CONTROL_COUNT && good; i++) {
        good = PQsendPrepare(connection->handle, CONTROLS[i].name, CONTROLS[i].text, 0, NULL) == 1;
        expect(connection, EXPECT_CONTROL, CONTROLS[i].text, 0);
    }
    if (good && collect(connection, NULL))
        return true;
    store__why(ret_why, "PostgreSQL: %s", PQerrorMessage(connection->handle));
    return false;
}

static void postgres_disconnect(struct connection *connection)
{
    PQfinish(own(connection)->handle);
    arena_free(connection->arena);
}

/* The first connection is made while the store is opened, by one thread. */
static struct connection *remember_user(struct store *store, struct postgres_connection *connection)
{
    if (store->user == NULL)
        store->user = arena_text(store->arena, PQuser(connection->handle));
    return &connection->base;
}

/* libpq quotes what it cannot read, a password perhaps. */
static bool is_readable(const char *address)
{
    PQconninfoOption *options = PQconninfoParse(address, NULL);
    PQconninfoFree(options);
    return options != NULL;
}

static struct connection *postgres_connect(struct store *store, bool writer, struct why *ret_why)
{
    static const char *const names[] = {
        "connect_timeout", "fallback_application_name", "client_encoding", "user", "dbname", NULL};
    /* Whom nobody named libpq looks up each time, in a file that a server has given up. */
    const char *const values[] = {"10", "dianji", "UTF8", store->user, store->location, NULL};
    (void)writer;
    struct arena *arena = arena_new(CONNECTION_ARENA_BYTES);
    struct postgres_connection *connection = arena_one(arena, struct postgres_connection);
    connection->base = (struct connection){.store = store, .arena = arena};
    connection->expected = arena_array(arena, EXPECTED_MAX, struct expected);
    connection->handle = PQconnectdbParams(names, values, /* expand_dbname= */ 1);
    if (!is_readable(store->location))
        store__why(ret_why, "PostgreSQL: the address cannot be read");
    else if (PQstatus(connection->handle) != CONNECTION_OK)
        store__why(ret_why, "PostgreSQL: %s", PQerrorMessage(connection->handle));
    else if (set_up(connection, ret_why))
        return remember_user(store, connection);
    ret_why->text[strcspn(ret_why->text, "\n")] = '\0';
    postgres_disconnect(&connection->base);
    return NULL;
}

/*
 * An idle connection has nothing to say: where its socket can be read, that is most likely its end.
 * One that was used a moment ago may still owe the answer to a read's end, which the next answer
 * brings along.
 */
static bool postgres_usable(struct connection *base)
{
    struct postgres_connection *connection = own(base);
    connection->failure = (struct failure){0};
    struct pollfd socket = {.fd = PQsocket(connection->handle), .events = POLLIN};
    if (socket.fd < 0)
        return false;
    bool speaks = poll(&socket, 1, 0) > 0;
    if (connection->expecting > 0 && !speaks)
        return PQstatus(connection->handle) == CONNECTION_OK;
    if (connection->expecting > 0)
        collect(connection, NULL);
    else if (speaks && PQconsumeInput(connection->handle) != 1)
        return false;
    return PQstatus(connection->handle) == CONNECTION_OK &&
           PQtransactionStatus(connection->handle) == PQTRANS_IDLE;
}

/* --- transactions --- */

static void send_command(struct postgres_connection *connection, const char *text, const char *what)
{
    if (PQsendQueryParams(connection->handle, text, 0, NULL, NULL, NULL, NULL, 0) == 1)
        expect(connection, EXPECT_CONTROL, what, 0);
    else
        note_failure(connection, what, NULL);
}

static void send_control(struct postgres_connection *connection, enum control control)
{
    if (PQsendQueryPrepared(connection->handle, CONTROLS[control].name, 0, NULL, NULL, NULL, 0) ==
        1)
        expect(connection, control == CONTROL_COMMIT ? EXPECT_COMMIT : EXPECT_CONTROL,
               CONTROLS[control].text, 0);
    else
        note_failure(connection, CONTROLS[control].text, NULL);
}

/* Before the transaction, as its rollback would take the setting back with it. */
static void limit_statements(struct postgres_connection *connection, int seconds)
{
    if (connection->limit_seconds == seconds)
        return;
    char text[64];
    snprintf(text, sizeof text, "SET statement_timeout = '%ds'", seconds);
    send_command(connection, text, "SET statement_timeout");
    send_sync(connection);
    connection->limit_seconds = seconds;
}

/*
 * Reads are of one snapshot, which never fails. The afterwork's turn must be taken before its
 * snapshot: LOCK TABLE does that, whereas a SELECT of an advisory lock takes the snapshot first and
 * then waits. Migration sees each commit as it comes, and for it an advisory lock will do before
 * there is any table.
 */
static const char LOCK_AFTERWORK[] = "LOCK TABLE schema_step IN SHARE ROW EXCLUSIVE MODE";
static const char LOCK_MIGRATION[] = "SELECT pg_advisory_xact_lock(hashtext('dianji.schema'))";

static bool postgres_begin(struct connection *base, enum store__mode mode)
{
    struct postgres_connection *connection = own(base);
    connection->failure = (struct failure){0};
    connection->reads = mode == STORE__READ;
    limit_statements(connection, mode == STORE__READ ? base->store->read_seconds_max : 0);
    switch (mode) {
    case STORE__READ:
        send_control(connection, CONTROL_BEGIN_READ);
        break;
    case STORE__WRITE:
        send_control(connection, CONTROL_BEGIN_WRITE);
        break;
    case STORE__AFTERWORK:
        send_control(connection, CONTROL_BEGIN_WRITE);
        send_command(connection, LOCK_AFTERWORK, LOCK_AFTERWORK);
        break;
    case STORE__MIGRATION:
        send_control(connection, CONTROL_BEGIN_MIGRATION);
        send_command(connection, LOCK_MIGRATION, LOCK_MIGRATION);
        break;
    }
    return !connection->failure.has_failed;
}

/* A read need not wait for its end: the next one who takes the connection does. */
static void postgres_rollback(struct connection *base)
{
    struct postgres_connection *connection = own(base);
    connection->failure = (struct failure){0};
    if (connection->reads) {
        send_control(connection, CONTROL_COMMIT);
        send_sync(connection);
        return;
    }
    if (connection->expecting > 0)
        collect(connection, NULL);
    connection->failure = (struct failure){0};
    send_control(connection, CONTROL_ROLLBACK);
    collect(connection, NULL);
}

/* The server answers in order: what it said of an earlier command, the commit never came to. */
static enum store__commit postgres_commit(struct connection *base)
{
    struct postgres_connection *connection = own(base);
    if (store__test_fails(base->store)) {
        store__log("COMMIT: fails for a test");
        postgres_rollback(base);
        return STORE__ROLLED_BACK;
    }
    connection->committed = false;
    send_control(connection, CONTROL_COMMIT);
    collect(connection, NULL);
    if (connection->committed)
        return STORE__COMMITTED;
    struct failure failure = connection->failure;
    bool again = failure.is_conflict || (failure.is_lost && failure.is_early);
    if (!again)
        store__log("%s", failure.has_failed ? failure.line : "COMMIT: rolled back");
    if (!failure.is_lost)
        postgres_rollback(base);
    if (again)
        return STORE__CONFLICT;
    return failure.is_lost ? STORE__UNKNOWN : STORE__ROLLED_BACK;
}

/* Several statements need the simple protocol, which a pipeline does not have. */
static bool postgres_script(struct connection *base, const char *sql, struct why *ret_why)
{
    struct postgres_connection *connection = own(base);
    if (store__test_fails(base->store)) {
        store__why(ret_why, "fails for a test");
        return false;
    }
    if (!collect(connection, NULL) || PQexitPipelineMode(connection->handle) != 1) {
        store__why(ret_why, "%s", connection->failure.line);
        return false;
    }
    PGresult *result = PQexec(connection->handle, sql);
    bool good =
        PQresultStatus(result) == PGRES_COMMAND_OK || PQresultStatus(result) == PGRES_TUPLES_OK;
    if (!good)
        store__why(ret_why, "%s", PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY));
    PQclear(result);
    return PQenterPipelineMode(connection->handle) == 1 && good;
}

/* --- statements --- */

static _Noreturn void fail(struct db *db)
{
    const struct failure *failure = &own(db->connection)->failure;
    if (!failure->is_conflict)
        store__log("%s", failure->line);
    store__fail(db, failure->is_conflict || failure->is_lost ? FAULT_RETRY : FAULT_STORE);
}

/* The parameters of one call as libpq takes them. */
struct arguments {
    int64_t integers[PARAMETERS_MAX];
    const char *values[PARAMETERS_MAX];
    int lengths[PARAMETERS_MAX];
    int formats[PARAMETERS_MAX];
    Oid types[PARAMETERS_MAX];
};

static Oid type_of(enum store_type type)
{
    switch (type) {
    case STORE_INTEGER:
        return OID_INT8;
    case STORE_TEXT:
        return OID_TEXT;
    case STORE_BYTES:
        return OID_BYTEA;
    }
    assert(!"a type of its own");
    return OID_TEXT;
}

static void arrange(struct arguments *arguments, int count, const struct value *parameters)
{
    assert(count <= PARAMETERS_MAX);
    for (int i = 0; i < count; i++) {
        const struct value *value = &parameters[i];
        arguments->types[i] = type_of(value->type);
        arguments->formats[i] = 1;
        arguments->values[i] = value->bytes == NULL ? "" : value->bytes;
        arguments->lengths[i] = (int)value->length;
        if (value->type == STORE_INTEGER) {
            arguments->integers[i] = (int64_t)htobe64((uint64_t)value->integer);
            arguments->values[i] = (const char *)&arguments->integers[i];
            arguments->lengths[i] = sizeof(int64_t);
        }
        if (value->is_null)
            arguments->values[i] = NULL;
    }
}

/* NULL where the statement has no place in the cache, or another list's statement has it. */
static struct prepared *cache_entry(struct postgres_connection *connection,
                                    const struct statement *statement)
{
    if (statement->number < 0)
        return NULL;
    size_t at = (size_t)statement->number;
    if (at >= connection->prepared_count) {
        size_t more = (at + 1) * 2;
        connection->prepared = arena_grow(connection->base.arena, connection->prepared,
                                          connection->prepared_count * sizeof(struct prepared),
                                          more * sizeof(struct prepared));
        connection->prepared_count = more;
    }
    struct prepared *entry = &connection->prepared[at];
    if (entry->state == NOT_PREPARED)
        entry->statement = statement;
    return entry->statement == statement ? entry : NULL;
}

static void send_statement(struct db *db, const struct statement *statement,
                           const struct value *parameters)
{
    struct postgres_connection *connection = own(db->connection);
    struct arguments arguments;
    char name[NAME_BYTES];
    if (store__test_fails(db->store)) {
        store__log("%s: fails for a test", statement->name);
        store__fail(db, FAULT_STORE);
    }
    int count = statement->parameters;
    arrange(&arguments, count, parameters);
    struct prepared *entry = cache_entry(connection, statement);
    snprintf(name, sizeof name, "s%d", statement->number);
    if (entry != NULL && entry->state == NOT_PREPARED) {
        if (PQsendPrepare(connection->handle, name, statement->postgres, count, arguments.types) ==
            1) {
            expect(connection, EXPECT_PREPARE, statement->name, statement->number);
            entry->state = PREPARE_SENT;
        } else {
            note_failure(connection, statement->name, NULL);
        }
    }
    int sent =
        entry != NULL
            ? PQsendQueryPrepared(connection->handle, name, count, arguments.values,
                                  arguments.lengths, arguments.formats, /* resultFormat= */ 0)
            : PQsendQueryParams(connection->handle, statement->postgres, count, arguments.types,
                                arguments.values, arguments.lengths, arguments.formats,
                                /* resultFormat= */ 0);
    if (sent == 1)
        expect(connection, EXPECT_STATEMENT, statement->name, 0);
    else
        note_failure(connection, statement->name, NULL);
}

static void collect_or_fail(struct db *db, PGresult **ret_last)
{
    if (!collect(own(db->connection), ret_last))
        fail(db);
}

static int64_t postgres_change(struct db *db, const struct statement *statement,
                               const struct value *parameters)
{
    PGresult *result = NULL;
    int64_t changed = 0;
    send_statement(db, statement, parameters);
    collect_or_fail(db, &result);
    bool counted = text_integer(PQcmdTuples(result), &changed);
    PQclear(result);
    return counted ? changed : 0;
}

static void postgres_change_later(struct db *db, const struct statement *statement,
                                  const struct value *parameters)
{
    send_statement(db, statement, parameters);
    if (own(db->connection)->expecting >= LATER_MAX)
        collect_or_fail(db, NULL);
}

/* The commit waits for what is under way. */
static void postgres_flush(struct db *db)
{
    (void)db;
}

/* --- results --- */

static void send_fetch(struct postgres_connection *connection, int portal)
{
    char text[64];
    snprintf(text, sizeof text, "FETCH %d FROM portal%d", PORTION_ROWS, portal);
    send_command(connection, text, "FETCH");
}

static void open_portal(struct db *db, struct postgres_cursor *cursor,
                        const struct value *parameters)
{
    struct postgres_connection *connection = own(db->connection);
    struct statement declare = *cursor->base.statement;
    int portal = ++connection->portals;
    declare.postgres = arena_printf(db->ctx->arena, "DECLARE portal%d NO SCROLL CURSOR FOR %s",
                                    portal, declare.postgres);
    declare.number = -1;
    send_statement(db, &declare, parameters);
    send_fetch(connection, portal);
    cursor->portal = portal;
}

static struct cursor *postgres_query(struct db *db, const struct statement *statement,
                                     const struct value *parameters)
{
    struct postgres_cursor *cursor = arena_one(db->ctx->arena, struct postgres_cursor);
    cursor->base = (struct cursor){.db = db, .statement = statement};
    cursor->row = -1;
    if (statement->streams && !statement->writes)
        open_portal(db, cursor, parameters);
    else
        send_statement(db, statement, parameters);
    collect_or_fail(db, &cursor->result);
    cursor->rows = PQntuples(cursor->result);
    cursor->base.next = db->open;
    db->open = &cursor->base;
    return &cursor->base;
}

static bool postgres_next(struct cursor *base)
{
    struct postgres_cursor *cursor = (struct postgres_cursor *)base;
    if (++cursor->row < cursor->rows)
        return true;
    if (cursor->portal == 0 || cursor->rows < PORTION_ROWS)
        return false;
    PQclear(cursor->result);
    cursor->result = NULL;
    send_fetch(own(base->db->connection), cursor->portal);
    collect_or_fail(base->db, &cursor->result);
    cursor->rows = PQntuples(cursor->result);
    cursor->row = 0;
    return cursor->rows > 0;
}

/* A portal that was not read to its end goes with the transaction, as after a failure nothing can
 * be sent. */
static void postgres_end(struct cursor *base)
{
    struct postgres_cursor *cursor = (struct postgres_cursor *)base;
    PQclear(cursor->result);
    cursor->result = NULL;
}

static PGresult *row_of(struct cursor *cursor, int *ret_row)
{
    assert(!cursor->ended && "a column of a result that was ended");
    *ret_row = ((struct postgres_cursor *)cursor)->row;
    return ((struct postgres_cursor *)cursor)->result;
}

static bool postgres_is_null(struct cursor *cursor, int column)
{
    int row;
    PGresult *result = row_of(cursor, &row);
    return PQgetisnull(result, row, column) != 0;
}

static int64_t postgres_integer(struct cursor *cursor, int column)
{
    int row;
    int64_t integer = 0;
    PGresult *result = row_of(cursor, &row);
    const char *text = PQgetvalue(result, row, column);
    if (*text == 't' || *text == 'f') /* SQLite's comparisons give 1 and 0 */
        return *text == 't';
    if (!text_integer(text, &integer) && !PQgetisnull(result, row, column)) {
        store__log("%s: column %d is no whole number", cursor->statement->name, column + 1);
        store__fail(cursor->db, FAULT_STORE);
    }
    return integer;
}

static int digit_of(char hexadecimal)
{
    return hexadecimal <= '9' ? hexadecimal - '0' : hexadecimal - 'a' + 10;
}

/* "\x0aff", as the server writes BYTEA, decoded in place: the result is this cursor's own. */
static const void *decode(char *text, size_t *ret_length)
{
    size_t length = 0;
    for (const char *at = text + 2; at[0] != '\0' && at[1] != '\0'; at += 2)
        text[length++] = (char)(digit_of(at[0]) << 4 | digit_of(at[1]));
    *ret_length = length;
    return text;
}

static const void *postgres_bytes(struct cursor *cursor, int column, size_t *ret_length)
{
    int row;
    PGresult *result = row_of(cursor, &row);
    *ret_length = 0;
    if (PQgetisnull(result, row, column))
        return NULL;
    char *text = PQgetvalue(result, row, column);
    if (PQftype(result, column) == OID_BYTEA) {
        char *copy =
            arena_text_n(cursor->db->ctx->arena, text, (size_t)PQgetlength(result, row, column));
        return decode(copy, ret_length);
    }
    *ret_length = (size_t)PQgetlength(result, row, column);
    return text;
}

const struct engine store__postgres = {
    .connect = postgres_connect,
    .disconnect = postgres_disconnect,
    .usable = postgres_usable,
    .begin = postgres_begin,
    .commit = postgres_commit,
    .rollback = postgres_rollback,
    .script = postgres_script,
    .change = postgres_change,
    .change_later = postgres_change_later,
    .flush = postgres_flush,
    .query = postgres_query,
    .next = postgres_next,
    .end = postgres_end,
    .is_null = postgres_is_null,
    .integer = postgres_integer,
    .bytes = postgres_bytes,
};
