/*
 * Rules by a column. In a table of two thousand rules, by trade and level, a trade's name leaves
 * five: a hash of the column's constants finds them, and the rules that say something else there
 * are tried besides.
 */
#include <string.h>

#include "dmn/dmn_room.h"

enum { RULES_LEAST = 12, LOAD_SHARE = 2 };

struct key {
    bool is_number; /* a whole one */
    int64_t number;
    struct feel_text text;
};

/* All rules of one constant, one behind the other in the index's `rules`. */
struct bucket {
    struct key key;
    uint32_t first;
    uint32_t count; /* 0: nothing is here */
};

struct dmn__index {
    size_t column;
    struct bucket *buckets;
    size_t bucket_mask;
    uint32_t *rules;
    uint32_t *others;
    size_t other_count;
};

static bool key_of(const struct feel_value *value, struct key *ret)
{
    *ret = (struct key){0};
    if (value->kind == FEEL_STRING) {
        ret->text = value->text;
        return true;
    }
    ret->is_number = value->kind == FEEL_NUMBER;
    return ret->is_number && feel_number_integer(value->number, &ret->number);
}

/* FNV-1a. */
static size_t hash_of(const struct key *key)
{
    uint64_t hash = 0xcbf29ce484222325u;
    const char *bytes = key->is_number ? (const char *)&key->number : key->text.bytes;
    size_t length = key->is_number ? sizeof key->number : key->text.length;
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)bytes[i]) * 0x100000001b3u;
    return (size_t)(hash ^ hash >> 32);
}

static struct bucket *bucket_of(const struct dmn__index *index, const struct key *key)
{
    for (size_t at = hash_of(key);; at++) {
        struct bucket *bucket = &index->buckets[at & index->bucket_mask];
        bool is_same = bucket->key.is_number == key->is_number &&
                       (key->is_number ? bucket->key.number == key->number
                                       : feel_text_equal(bucket->key.text, key->text));
        if (bucket->count == 0 || is_same)
            return bucket;
    }
}

/* The cell's constants; false where it has others than texts and whole numbers. */
static bool keys_of(struct arena *arena, const struct feel_program *cell, struct feel_tests *ret)
{
    struct key key;
    if (cell == NULL || !feel_program_tests(arena, cell, ret) || ret->is_negated)
        return false;
    for (size_t i = 0; i < ret->count; i++)
        if (!key_of(&ret->items[i], &key))
            return false;
    return true;
}

struct column {
    const struct dmn__table *table;
    struct feel_tests *tests; /* of each rule; count 0: something else */
    size_t key_count;
    size_t other_count;
};

static struct column read_column(struct arena *arena, const struct dmn__table *table, size_t i)
{
    size_t rules = table->shown.rule_count, inputs = table->shown.input_count;
    struct column column = {.table = table, .tests = arena_array(arena, rules, struct feel_tests)};
    for (size_t rule = 0; rule < rules; rule++) {
        struct feel_tests *tests = &column.tests[rule];
        if (!keys_of(arena, table->cells[rule * inputs + i], tests))
            *tests = (struct feel_tests){0};
        column.key_count += tests->count;
        column.other_count += tests->count == 0;
    }
    return column;
}

/* Counts each constant's rules, gives each its place, then puts them there: ascending. */
static void fill(struct dmn__index *index, struct arena *arena, const struct column *column)
{
    size_t rules = column->table->shown.rule_count;
    uint32_t *ends = arena_array(arena, index->bucket_mask + 1, uint32_t);
    uint32_t next = 0;
    for (size_t rule = 0; rule < rules; rule++)
        for (size_t i = 0; i < column->tests[rule].count; i++) {
            struct key key;
            key_of(&column->tests[rule].items[i], &key);
            struct bucket *bucket = bucket_of(index, &key);
            bucket->key = key;
            bucket->count++;
        }
    for (size_t i = 0; i <= index->bucket_mask; i++) {
        index->buckets[i].first = ends[i] = next;
        next += index->buckets[i].count;
    }
    for (uint32_t rule = 0; rule < rules; rule++) {
        if (column->tests[rule].count == 0)
            index->others[index->other_count++] = rule;
        for (size_t i = 0; i < column->tests[rule].count; i++) {
            struct key key;
            key_of(&column->tests[rule].items[i], &key);
            index->rules[ends[bucket_of(index, &key) - index->buckets]++] = rule;
        }
    }
}

/* How many rules are left to be tried, on average; the fewer the better. */
static size_t left_by(struct arena *arena, const struct column *column)
{
    struct dmn__index trial = {.bucket_mask = 1};
    while (trial.bucket_mask < column->key_count * LOAD_SHARE)
        trial.bucket_mask = trial.bucket_mask * 2 + 1;
    trial.buckets = arena_array(arena, trial.bucket_mask + 1, struct bucket);
    size_t distinct = 1;
    for (size_t rule = 0; rule < column->table->shown.rule_count; rule++)
        for (size_t i = 0; i < column->tests[rule].count; i++) {
            struct key key;
            key_of(&column->tests[rule].items[i], &key);
            struct bucket *bucket = bucket_of(&trial, &key);
            distinct += bucket->count == 0;
            bucket->key = key;
            bucket->count++;
        }
    return column->other_count + column->key_count / distinct;
}

const struct dmn__index *dmn__index_table(struct arena *arena, const struct dmn__table *table)
{
    size_t rules = table->shown.rule_count, best = rules / 2;
    struct column column = {0};
    struct dmn__index *index = arena_one(arena, struct dmn__index);
    for (size_t i = 0; rules >= RULES_LEAST && i < table->shown.input_count; i++) {
        struct column candidate = read_column(arena, table, i);
        size_t left = left_by(arena, &candidate);
        if (left >= best)
            continue;
        best = left;
        column = candidate;
        index->column = i;
    }
    if (column.table == NULL)
        return NULL;
    index->bucket_mask = 1;
    while (index->bucket_mask < column.key_count * LOAD_SHARE)
        index->bucket_mask = index->bucket_mask * 2 + 1;
    index->buckets = arena_array(arena, index->bucket_mask + 1, struct bucket);
    index->rules = arena_array(arena, column.key_count, uint32_t);
    index->others = arena_array(arena, column.other_count, uint32_t);
    fill(index, arena, &column);
    return index;
}

bool dmn__index_find(const struct dmn__index *index, const struct feel_value *inputs,
                     struct dmn__candidates *ret)
{
    const struct feel_value *input = &inputs[index->column];
    struct key key;
    *ret = (struct dmn__candidates){
        .column = index->column, .others = index->others, .other_count = index->other_count};
    if (!key_of(input, &key))
        return input->kind == FEEL_NUMBER; /* a broken number equals none of the whole ones */
    const struct bucket *bucket = bucket_of(index, &key);
    ret->found = index->rules + bucket->first;
    ret->found_count = bucket->count;
    return true;
}

/* --- plain tests --- */

struct feel_tests dmn__plain_tests(struct arena *arena, const struct feel_program *program)
{
    struct feel_tests tests = {0};
    if (program == NULL || !feel_program_tests(arena, program, &tests))
        return (struct feel_tests){0};
    size_t texts = 0, truths = 0;
    for (size_t i = 0; i < tests.count; i++) {
        texts += tests.items[i].kind == FEEL_STRING;
        truths += tests.items[i].kind == FEEL_BOOLEAN;
    }
    return texts == tests.count || truths == tests.count ? tests : (struct feel_tests){0};
}
