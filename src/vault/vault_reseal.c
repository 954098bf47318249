/* The walk that seals anew what older keys sealed, and blinds anew after a change of suite. */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "vault/vault.h"

enum { ROWS_A_STEP = 200, COLUMNS_MAX = 8 };

/* One row: what was read of it, and what is to be written. */
struct row {
    int64_t id;
    struct bytes held[COLUMNS_MAX];
    struct value written[1 + COLUMNS_MAX];
    int64_t renewed; /* values that change */
};

static size_t place_of(const struct sealed_table *table, const char *column)
{
    size_t i = 0;
    while (!text_equal(table->columns[i].name, column))
        i++;
    return i;
}

static struct value text_value(const char *text)
{
    return (struct value){.type = STORE_TEXT,
                          .is_null = text == NULL,
                          .bytes = text,
                          .length = text == NULL ? 0 : strlen(text)};
}

static struct bytes open_column(struct ctx *ctx, const struct sealed_table *table,
                                const struct row *row, size_t column)
{
    struct sealed_place place = {table->columns[column].name, row->id};
    return vault_open(ctx, place, row->held[column]);
}

static void renew(struct ctx *ctx, const struct sealed_table *table, struct row *row, size_t column)
{
    const struct sealed_column *about = &table->columns[column];
    struct bytes held = row->held[column];
    if (about->index_of != NULL) {
        struct bytes plain = open_column(ctx, table, row, place_of(table, about->index_of));
        const char *index = vault_blind(ctx, about->index_of, plain.data);
        row->renewed += !text_equal(index, held.data);
        row->written[1 + column] = text_value(index);
        return;
    }
    if (held.data != NULL && vault_key_of(held) != vault_current_key(ctx)) {
        struct bytes plain = open_column(ctx, table, row, column);
        held = vault_seal(ctx, (struct sealed_place){about->name, row->id}, plain);
        row->renewed++;
    }
    row->written[1 + column] = (struct value){.type = STORE_BYTES,
                                              .is_null = held.data == NULL,
                                              .bytes = held.data,
                                              .length = held.length};
}

static void read_row(struct cursor *cursor, const struct sealed_table *table, struct row *row)
{
    row->id = db_integer(cursor, 0);
    for (size_t i = 0; i < table->count; i++) {
        int column = (int)i + 1;
        if (db_is_null(cursor, column))
            continue;
        if (table->columns[i].index_of != NULL)
            row->held[i].data = db_text(cursor, column);
        else
            row->held[i].data = db_bytes(cursor, column, &row->held[i].length);
    }
}

static size_t read_rows(struct ctx *ctx, const struct sealed_table *table, int64_t after,
                        struct row *rows)
{
    const struct value asked[] = {{.type = STORE_INTEGER, .integer = after},
                                  {.type = STORE_INTEGER, .integer = ROWS_A_STEP}};
    struct cursor *cursor = db_query(ctx, table->read, asked);
    size_t count = 0;
    while (db_next(cursor))
        read_row(cursor, table, &rows[count++]);
    return count;
}

static int64_t reseal_row(struct ctx *ctx, const struct sealed_table *table, struct row *row)
{
    row->written[0] = (struct value){.type = STORE_INTEGER, .integer = row->id};
    for (size_t i = 0; i < table->count; i++)
        renew(ctx, table, row, i);
    if (row->renewed > 0)
        db_change_later(ctx, table->write, row->written);
    return row->renewed;
}

bool vault_reseal(struct ctx *ctx, struct resealing *progress)
{
    const struct sealed_table *table = &vault_sealed_tables[progress->table];
    if (table->name == NULL)
        return false;
    struct row *rows = arena_array(ctx->arena, ROWS_A_STEP, struct row);
    size_t count = read_rows(ctx, table, progress->after, rows);
    for (size_t i = 0; i < count; i++)
        progress->sealed += reseal_row(ctx, table, &rows[i]);
    bool is_through = count < ROWS_A_STEP;
    progress->table += is_through;
    progress->after = is_through ? 0 : rows[count - 1].id;
    return true;
}
