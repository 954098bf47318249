/* The auditor's list of what was done and tried, and one entry of it. */
#include <string.h>

#include "audit/audit_room.h"
#include "audit_html.h"
#include "audit_sql.h"
#include "base/text.h"
#include "dictionary/table.h"
#include "registry/registry.h"
#include "web/show.h"

enum { PEOPLE_SHOWN = 200, PROVINCE_DIGITS = 2 };

static const struct table_column COLUMNS[] = {{"noted_at", .leads = true},
                                              {"action", .may_filter = true},
                                              {"login", .may_filter = true},
                                              {"role", .may_filter = true},
                                              {.field = "organisation"},
                                              {"address", .may_filter = true},
                                              {"route", .may_filter = true},
                                              {.field = "subject"},
                                              {.field = "person_count"},
                                              {.field = "reason"},
                                              {.field = "row_count"},
                                              {"since", .asks_only = true, .may_filter = true},
                                              {"until", .asks_only = true, .may_filter = true},
                                              {"person", .asks_only = true, .may_filter = true},
                                              {0}};

/* What is asked, typed. */
struct question {
    struct instant since, until;
    enum audit_action action;
    enum role role;
    const char *login, *address, *route;
    person_id person;
    const char *region_prefix; /* the auditor's own */
    const char *nowhere;       /* where visitors' entries stand: the province looks after them */
};

/* A day's beginning, `days` later; none where no day was typed. */
static struct instant bound_of(const struct table_query *query, const char *name, int32_t days)
{
    struct day day;
    const char *text = table_wanted(query, &audit_line_entity, name);
    if (text == NULL || !day_parse(text, &day))
        return INSTANT_NONE;
    return day_at(day_plus(day, days), 0);
}

static const char *nowhere_of(struct ctx *ctx)
{
    const char *prefix = registry_actor_region_prefix(ctx);
    return strlen(prefix) <= PROVINCE_DIGITS ? prefix : "-";
}

/* The list's questions are the same for an entry's own page. */
static bool covers(struct ctx *ctx, const struct audit_entry *entry)
{
    const char *region = entry->region == NULL ? nowhere_of(ctx) : entry->region;
    return text_starts(region, registry_actor_region_prefix(ctx));
}

static struct question question_of(struct ctx *ctx, const struct table_query *query)
{
    struct question question = {
        .since = bound_of(query, "since", 0),
        .until = bound_of(query, "until", 1),
        .login = table_wanted(query, &audit_line_entity, "login"),
        .address = table_wanted(query, &audit_line_entity, "address"),
        .route = table_wanted(query, &audit_line_entity, "route"),
        .region_prefix = registry_actor_region_prefix(ctx),
        .nowhere = nowhere_of(ctx),
    };
    const char *action = table_wanted(query, &audit_line_entity, "action");
    const char *role = table_wanted(query, &audit_line_entity, "role");
    const char *person = table_wanted(query, &audit_line_entity, "person");
    if (action == NULL || !audit_action_parse(action, &question.action))
        question.action = AUDIT_ACTION_NONE;
    if (role == NULL || !role_parse(role, &question.role))
        question.role = ROLE_NONE;
    if (person == NULL || !id_parse(person, &question.person.v))
        question.person.v = 0;
    return question;
}

static void *open_rows(struct ctx *ctx, const struct table_query *query, void *argument)
{
    (void)argument;
    struct question asked = question_of(ctx, query);
    if (asked.person.v != 0)
        return sql_audit_entries_about(ctx, &(struct sql_audit_entries_about){
                                                .person = asked.person,
                                                .since = asked.since,
                                                .until = asked.until,
                                                .action = asked.action,
                                                .role = asked.role,
                                                .login = asked.login,
                                                .address = asked.address,
                                                .route = asked.route,
                                                .after = {query->after},
                                                .most = query->most,
                                                .region_prefix = asked.region_prefix,
                                                .nowhere = asked.nowhere,
                                            });
    return sql_audit_entries(ctx, &(struct sql_audit_entries){
                                      .since = asked.since,
                                      .until = asked.until,
                                      .action = asked.action,
                                      .role = asked.role,
                                      .login = asked.login,
                                      .address = asked.address,
                                      .route = asked.route,
                                      .after = {query->after},
                                      .most = query->most,
                                      .region_prefix = asked.region_prefix,
                                      .nowhere = asked.nowhere,
                                  });
}

static const char *subject_text(struct ctx *ctx, const struct audit_entry *entry)
{
    return entry->subject_kind == NULL ? NULL
                                       : arena_printf(ctx->arena, "%s %s", entry->subject_kind,
                                                      show_id(ctx, entry->subject));
}

/* What was refused says so by its outcome; a reason that was asked for, by its own words. */
static const char *reason_text(struct ctx *ctx, const struct audit_entry *entry)
{
    if (entry->reason != NULL)
        return words(ctx, entry->reason);
    bool is_refusal = entry->status >= 400 && entry->outcome != NULL;
    return is_refusal ? words(ctx, entry->outcome) : NULL;
}

static bool next_row(struct ctx *ctx, void *rows, void *ret)
{
    struct audit_entry entry;
    if (!sql_audit_entry_next(rows, &entry))
        return false;
    *(struct audit_line *)ret = (struct audit_line){
        .noted_at = show_instant(ctx, entry.noted_at),
        .action = entry.action,
        .login = entry.login,
        .role = entry.role,
        .organisation = entry.organisation_name,
        .address = entry.address,
        .route = entry.route,
        .subject = subject_text(ctx, &entry),
        .person_count = entry.person_count,
        .outcome = entry.outcome,
        .reason = reason_text(ctx, &entry),
        .row_count = entry.row_count,
        .entry = entry.id,
        .since = DAY_NONE,
        .until = DAY_NONE,
    };
    return true;
}

static int64_t count_rows(struct ctx *ctx, const struct table_query *query, int64_t most,
                          void *argument)
{
    (void)argument;
    struct question asked = question_of(ctx, query);
    if (asked.person.v != 0)
        return sql_audit_entry_count_about(ctx, &(struct sql_audit_entry_count_about){
                                                    .person = asked.person,
                                                    .since = asked.since,
                                                    .until = asked.until,
                                                    .action = asked.action,
                                                    .role = asked.role,
                                                    .login = asked.login,
                                                    .address = asked.address,
                                                    .route = asked.route,
                                                    .most = most,
                                                    .region_prefix = asked.region_prefix,
                                                    .nowhere = asked.nowhere,
                                                });
    return sql_audit_entry_count(ctx, &(struct sql_audit_entry_count){
                                          .since = asked.since,
                                          .until = asked.until,
                                          .action = asked.action,
                                          .role = asked.role,
                                          .login = asked.login,
                                          .address = asked.address,
                                          .route = asked.route,
                                          .most = most,
                                          .region_prefix = asked.region_prefix,
                                          .nowhere = asked.nowhere,
                                      });
}

static const char *entry_path(struct ctx *ctx, const void *row)
{
    return arena_printf(ctx->arena, "/desk/audit/%s",
                        show_id(ctx, ((const struct audit_line *)row)->entry.v));
}

struct reply audit__list(struct ctx *ctx)
{
    struct table table = {.entity = &audit_line_entity,
                          .path = "/desk/audit",
                          .keyed_by = "entry",
                          .columns = COLUMNS,
                          .source = {NULL, open_rows, next_row, count_rows, entry_path}};
    return table_reply(
        ctx, &table,
        &(struct table_head){
            .title = "audit.title", .help = "audit.help", .up = "desk.title", .up_path = "/desk"});
}

/* --- one entry --- */

struct reply audit__show_entry(struct ctx *ctx)
{
    audit_entry_id id;
    struct audit_entry entry;
    if (!request_id(ctx, "entry", &id.v) || !sql_audit_entry_by_id(ctx, id, &entry) ||
        !covers(ctx, &entry))
        return reply_not_found(ctx);
    struct audited_person_list people = sql_audit_people_of(ctx, id, PEOPLE_SHOWN);
    struct audit_entry_page_model *model = arena_one(ctx->arena, struct audit_entry_page_model);
    *model = (struct audit_entry_page_model){
        .id = id,
        .noted_at = entry.noted_at,
        .action = entry.action,
        .login = entry.login,
        .role = entry.role,
        .organisation_name = entry.organisation_name,
        .region = entry.region,
        .address = entry.address,
        .route = entry.route,
        .subject = subject_text(ctx, &entry),
        .answer = entry.status,
        .outcome = entry.outcome,
        .reason = reason_text(ctx, &entry),
        .note = entry.note,
        .row_count = entry.row_count,
        .filter = entry.filter,
        .request = entry.request,
        .is_program = entry.is_program,
        .person_count = entry.person_count,
        .has_more = entry.person_count > PEOPLE_SHOWN,
    };
    model->people.count = people.count;
    model->people.items = arena_array(ctx->arena, people.count, struct audit_entry_page_person);
    for (size_t i = 0; i < people.count; i++)
        model->people.items[i] = (struct audit_entry_page_person){people.items[i].person};
    return page_audit_entry_page(ctx, model);
}
