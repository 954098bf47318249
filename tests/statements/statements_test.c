/*
 * Every statement of the house, on the database that the test runs on. The build has prepared each
 * on SQLite; only a server can say whether PostgreSQL understands it too, with the types that the
 * program binds and expects.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <libpq-fe.h>

#include "store/store_fixture.h"

/* PostgreSQL's names for its types, from its catalogue pg_type. */
enum { BOOL = 16, BYTEA = 17, INT8 = 20, INT2 = 21, INT4 = 23, TEXT = 25, NUMERIC = 1700 };
enum { PARAMETERS_MAX = 64, MESSAGE_BYTES = 400 };

static Oid bound_as(enum store_type type)
{
    return type == STORE_INTEGER ? INT8 : type == STORE_TEXT ? TEXT : BYTEA;
}

static bool is_read_as(Oid given, enum store_type wanted)
{
    switch (wanted) {
    case STORE_INTEGER:
        return given == INT8 || given == INT4 || given == INT2 || given == BOOL || given == NUMERIC;
    case STORE_TEXT:
        return given == TEXT;
    case STORE_BYTES:
        return given == BYTEA;
    }
    return false;
}

/* "" where PostgreSQL agrees with the statement, else what it says. */
static void check_statement(PGconn *server, const struct statement *statement,
                            char ret_why[MESSAGE_BYTES])
{
    Oid types[PARAMETERS_MAX];
    assert_in_range(statement->parameters, 0, PARAMETERS_MAX);
    for (int i = 0; i < statement->parameters; i++)
        types[i] = bound_as(statement->parameter_types[i]);
    ret_why[0] = '\0';
    PGresult *prepared =
        PQprepare(server, statement->name, statement->postgres, statement->parameters, types);
    PGresult *described = PQdescribePrepared(server, statement->name);
    if (PQresultStatus(prepared) != PGRES_COMMAND_OK)
        snprintf(ret_why, MESSAGE_BYTES, "%s", PQresultErrorMessage(prepared));
    else if (PQnfields(described) != statement->columns && statement->column_types != NULL)
        snprintf(ret_why, MESSAGE_BYTES, "%d columns, not %d", PQnfields(described),
                 statement->columns);
    else
        for (int i = 0; i < statement->columns; i++)
            if (!is_read_as(PQftype(described, i), statement->column_types[i]))
                snprintf(ret_why, MESSAGE_BYTES, "column %d has type %u", i + 1,
                         PQftype(described, i));
    PQclear(prepared);
    PQclear(described);
}

static PGconn *server_of(const struct store_fixture *house, const char *url)
{
    char path[200];
    PGconn *server = PQconnectdb(url);
    assert_int_equal(PQstatus(server), CONNECTION_OK);
    snprintf(path, sizeof path, "SET search_path = %s", house->place);
    PQclear(PQexec(server, path));
    return server;
}

static void every_statement_is_understood(void **state)
{
    const struct store_fixture *house = *state;
    const char *url = getenv("DIANJI_TEST_DB");
    if (store_engine(house->store) == STORE_SQLITE) {
        assert_true(store_statements_count > 0); /* the build has done it */
        return;
    }
    PGconn *server = server_of(house, url);
    int wrong = 0;
    for (int i = 0; i < store_statements_count; i++) {
        char why[MESSAGE_BYTES];
        check_statement(server, store_statements[i], why);
        if (why[0] != '\0')
            print_error("%s: %s\n", store_statements[i]->name, why);
        wrong += why[0] != '\0';
    }
    PQfinish(server);
    assert_int_equal(wrong, 0);
}

static void statements_stand_at_their_number(void **state)
{
    (void)state;
    for (int i = 0; i < store_statements_count; i++)
        assert_int_equal(store_statements[i]->number, i);
}

static void every_table_is_made(void **state)
{
    struct store_fixture *house = *state;
    assert_int_equal(store_schema(house->store), STORE_SCHEMA_CURRENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_FIXTURE_TEST(every_statement_is_understood),
        STORE_FIXTURE_TEST(statements_stand_at_their_number),
        STORE_FIXTURE_TEST(every_table_is_made),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
