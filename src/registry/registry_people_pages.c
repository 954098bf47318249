/* The officers' list of people, and their search. Numbers are masked everywhere. */
#include "base/text.h"
#include "dictionary/table.h"
#include "registry/registry_room.h"
#include "registry_html.h"
#include "registry_sql.h"
#include "web/show.h"

enum {
    FOUND_MAX = 20, /* who finds more knows too little of whom they look for */
    HEAD_CHARACTERS = 2,
    COUNTY_DIGITS = 6,
};

/* A name's beginning, and the characters that it is looked up by. */
struct beginning {
    const char *head, *name;
};

/* False where it is no name, or too little of one. */
static bool read_beginning(struct ctx *ctx, const char *text, struct beginning *ret)
{
    uint32_t character;
    if (name_read(ctx->arena, text, &ret->name, &character) != NAME_OK)
        return false;
    const char *at = ret->name;
    for (int i = 0; i < HEAD_CHARACTERS; i++) {
        if (*at == '\0')
            return false;
        text_next(&at);
    }
    ret->head = arena_text_n(ctx->arena, ret->name, (size_t)(at - ret->name));
    return true;
}

/* --- the list: by region, document and the beginning of a name --- */

static const struct table_column COLUMNS[] = {{"name", .leads = true},
                                              {.field = "identity_no"},
                                              {"document_kind", .may_filter = true},
                                              {.field = "sex"},
                                              {.field = "born_on"},
                                              {"region", .may_filter = true},
                                              {0}};

/* What is asked, typed. */
struct question {
    const char *region_prefix;
    enum document_kind kind;
    bool has_name;
    struct beginning name;
};

static struct question question_of(struct ctx *ctx, const struct table_query *query)
{
    const char *kind = table_wanted(query, &person_row_entity, "document_kind");
    const char *region = table_wanted(query, &person_row_entity, "region");
    struct question question = {.region_prefix = registry_filter_prefix(ctx, region),
                                .has_name = query->q != NULL};
    if (kind != NULL && !document_kind_parse(kind, &question.kind))
        question.kind = DOCUMENT_KIND_NONE;
    if (question.has_name && !read_beginning(ctx, query->q, &question.name))
        question.name = (struct beginning){"", ""}; /* nobody's */
    return question;
}

static void *open_rows(struct ctx *ctx, const struct table_query *query, void *argument)
{
    (void)argument;
    struct question question = question_of(ctx, query);
    if (question.has_name)
        return sql_people_named(ctx,
                                &(struct sql_people_named){.head = question.name.head,
                                                           .beginning = question.name.name,
                                                           .region_prefix = question.region_prefix,
                                                           .kind = question.kind,
                                                           .after = {query->after},
                                                           .most = query->most});
    return sql_people_in_region(ctx, question.region_prefix, question.kind,
                                (person_id){query->after}, query->most);
}

static bool next_row(struct ctx *ctx, void *rows, void *ret)
{
    struct person person;
    if (!sql_person_next(rows, &person))
        return false;
    *(struct person_row *)ret = (struct person_row){
        .name = person.name,
        .identity_no = person.identity_no,
        .document_kind = person.document_kind,
        .sex = person.sex,
        .born_on = person.born_on,
        .region = arena_printf(ctx->arena, "%.*s", COUNTY_DIGITS, person.region),
        .person = person.id,
    };
    return true;
}

static int64_t count_rows(struct ctx *ctx, const struct table_query *query, int64_t most,
                          void *argument)
{
    (void)argument;
    struct question question = question_of(ctx, query);
    if (question.has_name)
        return sql_people_named_count(
            ctx, &(struct sql_people_named_count){.head = question.name.head,
                                                  .beginning = question.name.name,
                                                  .region_prefix = question.region_prefix,
                                                  .kind = question.kind,
                                                  .most = most});
    return sql_people_in_region_count(ctx, question.region_prefix, question.kind, most);
}

static const char *row_path(struct ctx *ctx, const void *row)
{
    return arena_printf(ctx->arena, "/desk/person/%s",
                        show_id(ctx, ((const struct person_row *)row)->person.v));
}

struct reply registry__show_people(struct ctx *ctx)
{
    struct table table = {.entity = &person_row_entity,
                          .path = "/desk/people",
                          .keyed_by = "person",
                          .shows = "person",
                          .columns = COLUMNS,
                          .may_search = true,
                          .seeks_names = true,
                          .offers_files = true,
                          .lists = registry_lists,
                          .source = {NULL, open_rows, next_row, count_rows, row_path}};
    struct table_query query = table_query_of(ctx, &table, request_query);
    struct reply file;
    if (table_file(ctx, &table, &query, request_query(ctx, "as"), &file))
        return file;
    struct people_page_model *model = arena_one(ctx->arena, struct people_page_model);
    *model = (struct people_page_model){
        .may_register = registry_permits(ctx, PERMISSION_PERSON_REGISTER),
        .form = {.entity = &person_search_entity},
        .people = table_view_of(ctx, &table, &query),
    };
    return page_people_page(ctx, model);
}

/* --- the search; posted, so that no number stands in an address or a log */

/* By the whole number, else by the beginning of the name. */
static struct person_list find_people(struct ctx *ctx, const char *wanted)
{
    struct person_list found = {0, arena_one(ctx->arena, struct person)};
    if (registry_person_by_number(ctx, wanted, found.items)) {
        found.count = registry_actor_covers_person(ctx, found.items) ? 1 : 0;
        return found;
    }
    struct beginning beginning;
    if (!read_beginning(ctx, wanted, &beginning))
        return found;
    return sql_people_of_name(
        ctx, &(struct sql_people_of_name){.head = beginning.head,
                                          .beginning = beginning.name,
                                          .region_prefix = registry_actor_region_prefix(ctx),
                                          .most = FOUND_MAX + 1});
}

static struct reply found_reply(struct ctx *ctx, const struct field_faults *faults,
                                const struct person_list *found)
{
    struct people_found_page_model *model = arena_one(ctx->arena, struct people_found_page_model);
    size_t count = found == NULL ? 0 : found->count;
    *model = (struct people_found_page_model){.is_asked = found != NULL,
                                              .has_more = count > FOUND_MAX,
                                              .form = {.entity = &person_search_entity,
                                                       .faults = faults,
                                                       .is_echo = request_is_post(ctx)}};
    model->found.count = count > FOUND_MAX ? FOUND_MAX : count;
    model->found.items = arena_array(ctx->arena, count, struct people_found_page_found);
    for (size_t i = 0; i < model->found.count; i++) {
        const struct person *person = &found->items[i];
        request_shows(ctx, person->id.v);
        model->found.items[i] = (struct people_found_page_found){
            .id = person->id,
            .name = person->name,
            .identity_no = mask_identity_no(ctx->arena, person->identity_no),
            .born_on = person->born_on,
            .region_name = registry__region_name(ctx, person->region),
        };
    }
    return reply_page(&people_found_page_page, model, faults == NULL ? 200 : 422);
}

struct reply registry__post_people(struct ctx *ctx)
{
    struct person_search form;
    struct field_faults *faults = arena_one(ctx->arena, struct field_faults);
    if (!entity_read(ctx, &person_search_entity, form_source, NULL, NULL, &form, faults))
        return found_reply(ctx, faults, NULL);
    struct person_list found = find_people(ctx, form.wanted);
    return found_reply(ctx, NULL, &found);
}
