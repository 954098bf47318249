/* The lists of classes: what the public can still join, and what a desk has to do with. */
#include "base/text.h"
#include "dictionary/table.h"
#include "policy/policy.h"
#include "registry/registry.h"
#include "training/training_room.h"
#include "training_sql.h"
#include "web/show.h"

/* --- the code lists --- */

static bool has_programme(const struct ctx *ctx, const char *code)
{
    return pack_programme(ctx->pack, code) != NULL;
}

static bool programme_at(struct ctx *ctx, size_t i, const char **ret_code, const char **ret_label)
{
    if (i >= ctx->pack->programmes.count)
        return false;
    *ret_code = ctx->pack->programmes.items[i].code;
    *ret_label = pack_say(ctx->pack->programmes.items[i].name, ctx->language);
    return true;
}

static bool has_occupation(const struct ctx *ctx, const char *code)
{
    return pack_occupation(ctx->pack, code) != NULL;
}

static bool occupation_at(struct ctx *ctx, size_t i, const char **ret_code, const char **ret_label)
{
    if (i >= ctx->pack->occupations.count)
        return false;
    *ret_code = ctx->pack->occupations.items[i].code;
    *ret_label = pack_say(ctx->pack->occupations.items[i].name, ctx->language);
    return true;
}

/* Groups of people, by their names: whom programmes are for. */
static bool has_group(const struct ctx *ctx, const char *code)
{
    const struct pack_tag *tag = pack_tag(ctx->pack, code);
    return tag != NULL && tag->of == TAG_OF_PERSON;
}

static bool group_at(struct ctx *ctx, size_t i, const char **ret_code, const char **ret_label)
{
    const struct pack_tag_list *tags = &ctx->pack->tags;
    size_t at = 0;
    for (size_t seen = 0; at < tags->count; at++)
        if (tags->items[at].of == TAG_OF_PERSON && seen++ == i)
            break;
    if (at == tags->count)
        return false;
    *ret_code = tags->items[at].code;
    *ret_label = pack_say(tags->items[at].name, ctx->language);
    return true;
}

const struct code_list *training__lists(struct ctx *ctx)
{
    enum { OWN = 3 };
    size_t count = 0;
    while (registry_lists[count].name != NULL)
        count++;
    struct code_list *lists = arena_array(ctx->arena, OWN + count + 1, struct code_list);
    lists[0] = (struct code_list){"programmes", has_programme, programme_at};
    lists[1] = (struct code_list){"occupations", has_occupation, occupation_at};
    lists[2] = (struct code_list){"groups", has_group, group_at};
    for (size_t i = 0; i < count; i++)
        lists[OWN + i] = registry_lists[i];
    return lists;
}

/* --- the lists --- */

static const struct table_column COLUMNS[] = {{"name", .leads = true},
                                              {.field = "institution"},
                                              {"region", .may_filter = true},
                                              {.field = "place"},
                                              {"programme", .may_filter = true},
                                              {"starts_on", .may_sort = true},
                                              {"lesson_hours", .may_sort = true},
                                              {.field = "enrolled"},
                                              {"capacity", .may_sort = true},
                                              {"state", .may_filter = true},
                                              {0}};

/* Whose classes a list is about; 0 and DAY_NONE: everybody's. */
struct scope {
    organisation_id organisation;
    organisation_id evaluator;
    struct day open_on; /* of the public: not over by this day */
};

static struct scope scope_of_desk(const struct ctx *ctx)
{
    struct scope scope = {.open_on = DAY_NONE};
    if (ctx->actor->role == ROLE_EVALUATOR)
        scope.evaluator = ctx->actor->organisation;
    else if (ctx->actor->organisation.v != 0 && ctx->actor->role <= ROLE_TEACHER)
        scope.organisation = ctx->actor->organisation;
    return scope;
}

struct falling_behind_list training_falling_behind(struct ctx *ctx)
{
    enum { CLASSES_LOOKED_AT = 40 };
    struct scope scope = scope_of_desk(ctx);
    bool is_everywhere = scope.organisation.v != 0 || scope.evaluator.v != 0;
    struct running_class_list running = sql_classes_running(
        ctx, &(struct sql_classes_running){
                 .region_prefix = is_everywhere ? "" : registry_actor_region_prefix(ctx),
                 .organisation = scope.organisation,
                 .evaluator = scope.evaluator,
                 .most = CLASSES_LOOKED_AT + 1});
    struct falling_behind_list list = {.has_more = running.count > CLASSES_LOOKED_AT};
    list.looked_at = list.has_more ? CLASSES_LOOKED_AT : running.count;
    list.items = arena_array(ctx->arena, list.looked_at, struct falling_behind);
    for (size_t i = 0; i < list.looked_at; i++) {
        struct falling_behind behind = {running.items[i].id, running.items[i].name, 0};
        struct attendance_list attendance = training_attendance(ctx, behind.class);
        for (size_t j = 0; j < attendance.count; j++)
            behind.trainee_count += attendance.items[j].is_low;
        if (behind.trainee_count > 0)
            list.items[list.count++] = behind;
    }
    return list;
}

/* Offices look within their region; an organisation's own list goes wherever it works. */
static const char *prefix_of(struct ctx *ctx, const struct table_query *query,
                             const struct scope *scope)
{
    const char *region = table_wanted(query, &class_line_entity, "region");
    bool is_everywhere =
        !day_is_none(scope->open_on) || scope->organisation.v != 0 || scope->evaluator.v != 0;
    return is_everywhere ? registry_public_prefix(ctx, region)
                         : registry_filter_prefix(ctx, region);
}

static enum class_state state_of(const struct table_query *query)
{
    enum class_state state;
    const char *code = table_wanted(query, &class_line_entity, "state");
    return code != NULL && class_state_parse(code, &state) ? state : CLASS_STATE_NONE;
}

static void *open_rows(struct ctx *ctx, const struct table_query *query, void *argument)
{
    const struct scope *scope = argument;
    const char *sort = query->sort != NULL           ? query->sort->name
                       : day_is_none(scope->open_on) ? ""
                                                     : "starts_on";
    return sql_class_lines(ctx,
                           &(struct sql_class_lines){
                               .region_prefix = prefix_of(ctx, query, scope),
                               .organisation = scope->organisation,
                               .evaluator = scope->evaluator,
                               .open_on = scope->open_on,
                               .state = state_of(query),
                               .programme = table_wanted(query, &class_line_entity, "programme"),
                               .wanted = query->q,
                               .sort = sort,
                               .direction = table_direction(query),
                               .first = query->first,
                               .most = query->most,
                           });
}

static bool next_row(struct ctx *ctx, void *rows, void *ret)
{
    (void)ctx;
    struct class_entry entry;
    if (!sql_class_entry_next(rows, &entry))
        return false;
    *(struct class_line *)ret = (struct class_line){
        .name = entry.name,
        .institution = entry.institution,
        .region = entry.region,
        .place = entry.place,
        .programme = entry.programme,
        .starts_on = entry.starts_on,
        .ends_on = entry.ends_on,
        .lesson_hours = entry.lesson_hours,
        .enrolled = entry.enrolled,
        .capacity = entry.capacity,
        .state = entry.state,
        .class = entry.id,
    };
    return true;
}

static int64_t count_rows(struct ctx *ctx, const struct table_query *query, int64_t most,
                          void *argument)
{
    const struct scope *scope = argument;
    return sql_class_line_count(
        ctx, &(struct sql_class_line_count){
                 .region_prefix = prefix_of(ctx, query, scope),
                 .organisation = scope->organisation,
                 .evaluator = scope->evaluator,
                 .open_on = scope->open_on,
                 .state = state_of(query),
                 .programme = table_wanted(query, &class_line_entity, "programme"),
                 .wanted = query->q,
                 .most = most,
             });
}

static const char *public_path(struct ctx *ctx, const void *row)
{
    return arena_printf(ctx->arena, "/class/%s",
                        show_id(ctx, ((const struct class_line *)row)->class.v));
}

static const char *desk_path(struct ctx *ctx, const void *row)
{
    return arena_printf(ctx->arena, "/desk/class/%s",
                        show_id(ctx, ((const struct class_line *)row)->class.v));
}

static struct table table_of(struct ctx *ctx, struct scope *scope)
{
    return (struct table){.entity = &class_line_entity,
                          .columns = COLUMNS,
                          .may_search = true,
                          .lists = training__lists(ctx),
                          .source = {scope, open_rows, next_row, count_rows, NULL}};
}

struct reply training__list_public(struct ctx *ctx)
{
    struct scope scope = {.open_on = ctx->today};
    struct table table = table_of(ctx, &scope);
    table.path = "/classes";
    table.source.path = public_path;
    return table_reply(
        ctx, &table,
        &(struct table_head){.title = "training.classes", .help = "training.classes_public_help"});
}

struct reply training__list_desk(struct ctx *ctx)
{
    struct scope scope = scope_of_desk(ctx);
    struct table table = table_of(ctx, &scope);
    table.path = "/desk/classes";
    table.source.path = desk_path;
    struct table_head head = {.title = "training.classes", .up = "desk.title", .up_path = "/desk"};
    if (registry_permits(ctx, PERMISSION_CLASS_APPLY)) {
        head.act = "training.open_class";
        head.act_path = "/desk/class/new";
    }
    return table_reply(ctx, &table, &head);
}
