/* People and organisations; accounts and sessions are in registry_account.c. */
#include "registry/registry.h"

#include <string.h>

#include "base/text.h"
#include "ledger/ledger.h"
#include "policy/policy.h"
#include "registry_sql.h"

static const char *const MIDDLE_DOTS[] = {"·", "•", "・", "．", "‧", "∙"};

bool registry_same_name(struct ctx *ctx, const char *a, const char *b)
{
    const char *left = text_compact(ctx->arena, a), *right = text_compact(ctx->arena, b);
    while (*left != '\0' && *right != '\0') {
        size_t skip_left = 0, skip_right = 0;
        for (size_t i = 0; i < sizeof MIDDLE_DOTS / sizeof MIDDLE_DOTS[0]; i++) {
            size_t length = strlen(MIDDLE_DOTS[i]);
            if (strncmp(left, MIDDLE_DOTS[i], length) == 0)
                skip_left = length;
            if (strncmp(right, MIDDLE_DOTS[i], length) == 0)
                skip_right = length;
        }
        if (skip_left == 0 && skip_right == 0 && *left != *right)
            return false;
        if ((skip_left == 0) != (skip_right == 0))
            return false;
        left += skip_left == 0 ? 1 : skip_left;
        right += skip_right == 0 ? 1 : skip_right;
    }
    return *left == *right;
}

const char *registry_join_tags(struct ctx *ctx, const char *a, const char *b)
{
    struct buffer joined = buffer_new(ctx->arena, strlen(a) + strlen(b) + 2);
    buffer_add(&joined, text_empty(a) ? "|" : a);
    for (const char *tag = b; *tag == '|' && tag[1] != '\0'; tag += strcspn(tag + 1, "|") + 1) {
        const char *name = arena_text_n(ctx->arena, tag + 1, strcspn(tag + 1, "|"));
        if (!ledger_has_tag(joined.bytes, name)) {
            buffer_add(&joined, name);
            buffer_add_char(&joined, '|');
        }
    }
    return joined.bytes;
}

static const char *sex_code(enum sex sex)
{
    return sex == SEX_MALE ? "male" : sex == SEX_FEMALE ? "female" : NULL;
}

static enum person_register refresh(struct ctx *ctx, const struct person_args *args,
                                    const struct person *known, person_id *ret)
{
    *ret = known->id;
    if (!registry_same_name(ctx, known->name, args->name))
        return PERSON_REGISTER_NAME_DIFFERS;
    sql_person_refresh(ctx, &(struct sql_person_refresh){
                                .id = known->id,
                                .phone = args->phone,
                                .region = args->region,
                                .bank_account = args->bank_account,
                                .bank_name = args->bank_name,
                                .tags = registry_join_tags(ctx, known->tags,
                                                           args->tags == NULL ? "|" : args->tags)});
    return PERSON_REGISTER_KNOWN;
}

enum person_register registry_person_register(struct ctx *ctx, const struct person_args *args,
                                              person_id *ret)
{
    struct identity identity;
    struct person known;
    const char *number = text_compact(ctx->arena, args->identity_no);
    if (identity_read(number, ctx->today, &identity) != IDENTITY_OK)
        return PERSON_REGISTER_NUMBER_INVALID;
    if (sql_person_by_number(ctx, identity.number, &known))
        return refresh(ctx, args, &known, ret);
    *ret = (person_id){id_next(ctx->ids, ctx->now)};
    int64_t inserted = sql_person_insert(ctx, &(struct sql_person_insert){
                                                  .id = *ret,
                                                  .document_kind = identity.kind,
                                                  .identity_no = identity.number,
                                                  .name = text_clean(ctx->arena, args->name),
                                                  .sex = sex_code(identity.sex),
                                                  .born_on = identity.born_on,
                                                  .phone = args->phone,
                                                  .region = args->region,
                                                  .bank_account = args->bank_account,
                                                  .bank_name = args->bank_name,
                                                  .tags = text_empty(args->tags) ? "|" : args->tags,
                                                  .created_at = ctx->now,
                                              });
    if (inserted > 0)
        return PERSON_REGISTER_DONE;
    /* Somebody registered the number meanwhile. */
    return sql_person_by_number(ctx, identity.number, &known) ? refresh(ctx, args, &known, ret)
                                                              : PERSON_REGISTER_NUMBER_INVALID;
}

bool registry_person(struct ctx *ctx, person_id id, struct person *ret)
{
    return sql_person_by_id(ctx, id, ret);
}

bool registry_person_by_number(struct ctx *ctx, const char *identity_no, struct person *ret)
{
    return sql_person_by_number(ctx, identity_no, ret);
}

int64_t registry_others_of_bank_account(struct ctx *ctx, const char *bank_account, person_id person)
{
    return sql_people_of_bank_account(ctx, bank_account, person);
}

bool registry_teacher(struct ctx *ctx, const char *identity_no, const char *name, person_id *ret)
{
    struct person_args args = {.identity_no = identity_no, .name = name};
    enum person_register answer = registry_person_register(ctx, &args, ret);
    return answer == PERSON_REGISTER_DONE || answer == PERSON_REGISTER_KNOWN;
}

bool registry_organisation_add(struct ctx *ctx, const struct organisation_args *args,
                               organisation_id *ret)
{
    char code[19];
    enum credit_code_check check =
        credit_code_read(text_compact(ctx->arena, args->credit_code), code);
    if (check != CREDIT_CODE_OK && check != CREDIT_CODE_CHECKSUM)
        return false;
    *ret = (organisation_id){id_next(ctx->ids, ctx->now)};
    return sql_organisation_insert(ctx, &(struct sql_organisation_insert){
                                            .id = *ret,
                                            .credit_code = code,
                                            .is_code_doubted = check == CREDIT_CODE_CHECKSUM,
                                            .name = args->name,
                                            .kind = args->kind,
                                            .region = args->region,
                                            .bank_account = args->bank_account,
                                            .bank_name = args->bank_name,
                                            .created_at = ctx->now,
                                        }) > 0;
}

bool registry_organisation(struct ctx *ctx, organisation_id id, struct organisation *ret)
{
    return sql_organisation_by_id(ctx, id, ret);
}

bool registry_organisation_is_active(struct ctx *ctx, organisation_id id)
{
    struct organisation organisation;
    return sql_organisation_by_id(ctx, id, &organisation) &&
           organisation.state == ORGANISATION_STATE_ACTIVE;
}

bool registry_organisation_suspend(struct ctx *ctx, organisation_id id, const char *reason)
{
    if (sql_organisation_suspend(ctx, id) == 0)
        return false;
    registry_trace(ctx, "organisation", id.v, "organisation_suspend", reason);
    return true;
}

void registry_organisation_allow(struct ctx *ctx, organisation_id id, const char *programme)
{
    sql_organisation_scope_insert(ctx, id, programme);
}

bool registry_organisation_may_teach(struct ctx *ctx, organisation_id id, const char *programme)
{
    return sql_organisation_scope_has(ctx, id, programme) > 0;
}

/* --- the actor's scope */

bool registry_permits(const struct ctx *ctx, enum permission permission)
{
    if (permission == PERMISSION_PUBLIC)
        return true;
    if (ctx->actor == NULL)
        return false;
    return permission == PERMISSION_SIGNED_IN ||
           (permission_roles(permission) >> ctx->actor->role & 1) != 0;
}

/* 530000 → "53", 530100 → "5301", 530102 → "530102". */
static size_t prefix_length(const char *region)
{
    size_t length = strlen(region);
    while (length > 2 && region[length - 1] == '0' && region[length - 2] == '0')
        length -= 2;
    return length;
}

const char *registry_actor_region_prefix(struct ctx *ctx)
{
    const char *region = ctx->actor->region;
    return arena_text_n(ctx->arena, region, prefix_length(region));
}

bool registry_actor_covers_region(const struct ctx *ctx, const char *region)
{
    return ctx->actor != NULL &&
           strncmp(region, ctx->actor->region, prefix_length(ctx->actor->region)) == 0;
}

bool registry_actor_is_of(const struct ctx *ctx, organisation_id organisation)
{
    return ctx->actor != NULL && ctx->actor->organisation.v != 0 &&
           ctx->actor->organisation.v == organisation.v;
}

void registry_trace(struct ctx *ctx, const char *subject_kind, int64_t subject_id,
                    const char *action, const char *note)
{
    ledger_trace(ctx, &(struct trace_args){
                          .subject_kind = subject_kind,
                          .subject_id = subject_id,
                          .action = action,
                          .note = note,
                          .actor = ctx->actor == NULL ? (account_id){0} : ctx->actor->account,
                          .actor_name = ctx->actor == NULL ? "" : ctx->actor->name,
                      });
}

/* --- code lists */

static bool has_county(const struct ctx *ctx, const char *code)
{
    const struct pack_region *region = pack_region(ctx->pack, code);
    return region != NULL && region->level == REGION_LEVEL_COUNTY;
}

static bool county_at(struct ctx *ctx, size_t i, const char **ret_code, const char **ret_label)
{
    const struct pack_region_list *regions = &ctx->pack->regions;
    for (size_t k = 0; k < regions->count; k++) {
        const struct pack_region *region = &regions->items[k];
        if (region->level != REGION_LEVEL_COUNTY || i-- > 0)
            continue;
        *ret_code = region->code;
        *ret_label = arena_printf(ctx->arena, "%s %s", region->parent->name, region->name);
        return true;
    }
    return false;
}

const struct code_list registry_lists[] = {{"counties", has_county, county_at}, {NULL, NULL, NULL}};
