/*
 * A roster of 100,000 rows, half of them people who are registered already among 1,000,000: read,
 * each cell checked, looked for in the file and in the registry, in one pass.
 *
 *     roster_bench fill FOLDER              the database and the two files
 *     roster_bench check|parse|insert FILE FOLDER    one measurement; prints the microseconds
 *
 * Each measurement is a process of its own, so that its peak of memory is its own: bench/roster.py.
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bare.h"
#include "base/arena.h"
#include "registry/registry.h"
#include "roster/roster.h"
#include "sheet/sheet.h"
#include "simulate/simulate_people.h"
#include "store/store.h"
#include "vault/vault.h"

enum { PEOPLE = 1000000, ROWS = 100000, PORTION = 5000, SEED = 3 };

static struct store *open_store(struct arena *arena, const char *folder)
{
    struct message fault;
    struct store *store = store_open(
        &(struct store_options){.url = arena_printf(arena, "sqlite:%s/roster.sqlite", folder),
                                .create = true},
        arena, &fault);
    if (store == NULL || !store_migrate(store, arena, &fault))
        bare_stop(fault.key);
    return store;
}

static struct ctx context(struct arena *arena, struct id_source *ids)
{
    struct instant now = clock_now();
    return (struct ctx){.arena = arena, .now = now, .today = instant_day(now), .ids = ids};
}

static bool open_keys(struct ctx *ctx, void *argument)
{
    const struct master_key master = {{1}};
    struct message fault;
    struct vault **vault = argument;
    vault_create(ctx, &master, CIPHER_SUITE_INTL); /* false: they are there */
    *vault = vault_load(ctx, &master, ctx->arena, &fault);
    return *vault != NULL;
}

static void take_keys(struct store *store, struct ctx *ctx)
{
    if (store_write(store, ctx, open_keys, &ctx->vault) != STORE_DONE)
        bare_stop("the keys do not open");
}

/* --- the database and the files */

static bool register_some(struct ctx *ctx, void *first)
{
    for (int64_t i = *(int64_t *)first; i < *(int64_t *)first + PORTION; i++) {
        struct arena_mark mark = arena_mark(ctx->arena);
        person_id id;
        struct made_person made = simulate__person(ctx, SEED, i, "530129");
        struct person_args args = {
            .identity_no = made.identity_no, .name = made.name, .phone = made.phone};
        if (registry_person_register(ctx, &args, &id) != PERSON_REGISTER_DONE)
            return false;
        arena_release(ctx->arena, mark);
    }
    return true;
}

static void fill_database(const char *folder)
{
    struct arena *arena = arena_new((size_t)256 << 20);
    struct id_source ids = {0};
    struct ctx ctx = context(arena, &ids);
    struct store *store = open_store(arena, folder);
    take_keys(store, &ctx);
    for (int64_t first = 0; first < PEOPLE; first += PORTION)
        if (store_write(store, &ctx, register_some, &first) != STORE_DONE)
            bare_stop("the people cannot be registered");
    store_close(store);
    arena_free(arena);
}

static void write_file(const char *path, enum sheet_format format)
{
    struct arena *arena = arena_new((size_t)1 << 30);
    struct ctx ctx = context(arena, NULL);
    const struct sheet_column columns[] = {
        {.title = "序号"}, {.title = "姓名"}, {.title = "身份证号"}, {.title = "手机号"}};
    struct sheet_table table = {format, "名册", columns, 4, NULL};
    struct sheet_writer *writer = sheet_writer_new(arena, &table);
    sheet_write_titles(writer);
    for (int64_t row = 0; row < ROWS; row++) {
        struct arena_mark mark = arena_mark(arena);
        int64_t i = row % 2 == 0 ? row * 9 : PEOPLE + row; /* known, new */
        struct made_person made = simulate__person(&ctx, SEED, i, "530129");
        struct sheet_value values[] = {{arena_printf(arena, "%lld", (long long)row + 1), NULL},
                                       {made.name, NULL},
                                       {made.identity_no, NULL},
                                       {made.phone, NULL}};
        sheet_write_row(writer, values, 4);
        if (format == SHEET_XLSX)
            arena_release(arena, mark);
    }
    struct bytes file = sheet_writer_finish(writer);
    FILE *out = fopen(path, "wb");
    if (out == NULL || fwrite(file.data, 1, file.length, out) != file.length || fclose(out) != 0)
        bare_stop(path);
    arena_free(arena);
}

static void fill(const char *folder)
{
    char path[512];
    fill_database(folder);
    snprintf(path, sizeof path, "%s/roster.csv", folder);
    write_file(path, SHEET_CSV);
    snprintf(path, sizeof path, "%s/roster.xlsx", folder);
    write_file(path, SHEET_XLSX);
}

/* --- one measurement */

struct check {
    struct bytes file;
    struct roster_reading reading;
};

static bool check_all(struct ctx *ctx, void *argument)
{
    struct check *check = argument;
    roster_read(ctx, check->file, (struct roster_options){.asks_registry = true}, &check->reading);
    return true;
}

static void check_file(struct arena *arena, struct bytes file, const char *folder)
{
    struct ctx ctx = context(arena, NULL);
    struct check check = {.file = file};
    struct store *store = open_store(arena, folder);
    take_keys(store, &ctx);
    int64_t began = bare_now_us();
    enum store_result result = store_read(store, &ctx, check_all, &check);
    int64_t took = bare_now_us() - began;
    if (result != STORE_DONE || check.reading.rows != ROWS || check.reading.accepted != ROWS ||
        check.reading.registered != ROWS / 2)
        bare_stop("rows are judged wrongly");
    printf("%lld\n", (long long)took);
    store_close(store);
}

static void parse_file(struct bytes file)
{
    bool is_book = memcmp(file.data, "PK", 2) == 0;
    int64_t began = bare_now_us();
    int64_t rows = is_book ? bare_workbook(file, "xl/worksheets/sheet1.xml") : bare_lines(file);
    int64_t took = bare_now_us() - began;
    if (rows != ROWS + 1)
        bare_stop("rows are missing");
    printf("%lld\n", (long long)took);
}

/* The same rows into a bare table, in one transaction. */
static void insert_rows(const char *folder)
{
    struct arena *arena = arena_new((size_t)256 << 20);
    struct ctx ctx = context(arena, NULL);
    struct made_person *people = arena_array(arena, ROWS, struct made_person);
    for (int64_t row = 0; row < ROWS; row++)
        people[row] = simulate__person(&ctx, SEED, PEOPLE + row, "530129");
    sqlite3 *base;
    sqlite3_stmt *insert;
    bool is_open =
        sqlite3_open(arena_printf(arena, "%s/bare.sqlite", folder), &base) == SQLITE_OK &&
        sqlite3_exec(base,
                     "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; DROP TABLE IF EXISTS line;"
                     "CREATE TABLE line (n INTEGER PRIMARY KEY, name TEXT, number TEXT UNIQUE, "
                     "phone TEXT); BEGIN",
                     NULL, NULL, NULL) == SQLITE_OK &&
        sqlite3_prepare_v2(base, "INSERT INTO line VALUES (?, ?, ?, ?)", -1, &insert, NULL) ==
            SQLITE_OK;
    int64_t began = bare_now_us();
    for (int64_t row = 0; is_open && row < ROWS; row++) {
        sqlite3_bind_int64(insert, 1, row);
        sqlite3_bind_text(insert, 2, people[row].name, -1, SQLITE_STATIC);
        sqlite3_bind_text(insert, 3, people[row].identity_no, -1, SQLITE_STATIC);
        sqlite3_bind_text(insert, 4, people[row].phone, -1, SQLITE_STATIC);
        is_open = sqlite3_step(insert) == SQLITE_DONE && sqlite3_reset(insert) == SQLITE_OK;
    }
    if (!is_open || sqlite3_exec(base, "COMMIT", NULL, NULL, NULL) != SQLITE_OK)
        bare_stop("the rows cannot be inserted");
    printf("%lld\n", (long long)(bare_now_us() - began));
    sqlite3_finalize(insert);
    sqlite3_close(base);
    arena_free(arena);
}

static struct bytes read_file(struct arena *arena, const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        bare_stop(path);
    struct buffer content = buffer_new(arena, (size_t)1 << 20);
    size_t got;
    while ((got = fread(buffer_reserve(&content, 1 << 20), 1, 1 << 20, file)) > 0)
        content.length += got;
    fclose(file);
    return (struct bytes){content.bytes, content.length};
}

int main(int count, char **words)
{
    if (count == 2 && strcmp(words[1], "sheet-child") == 0)
        return sheet_child_main();
    if (count == 3 && strcmp(words[1], "fill") == 0) {
        fill(words[2]);
        return 0;
    }
    if (count != 4)
        bare_stop("usage: roster_bench fill FOLDER | check|parse|insert FILE FOLDER");
    struct arena *arena = arena_new((size_t)256 << 20);
    struct bytes file = read_file(arena, words[2]);
    if (strcmp(words[1], "check") == 0)
        check_file(arena, file, words[3]);
    else if (strcmp(words[1], "parse") == 0)
        parse_file(file);
    else
        insert_rows(words[3]);
    arena_free(arena);
    return 0;
}
