/* Who acts, and how far that reaches; the code lists of forms. */
#include <string.h>

#include "base/text.h"
#include "ledger/ledger.h"
#include "policy/policy.h"
#include "registry/registry_room.h"

bool registry_permits(const struct ctx *ctx, enum permission permission)
{
    if (permission == PERMISSION_PUBLIC)
        return true;
    if (ctx->actor == NULL)
        return false;
    return permission == PERMISSION_SIGNED_IN ||
           (permission_roles(permission) >> ctx->actor->role & 1) != 0;
}

/* --- scope */

/* The others act for themselves or in one organisation: their post's region is where they are. */
static bool acts_in_region(enum role role)
{
    switch (role) {
    case ROLE_COUNTY_OFFICER:
    case ROLE_COUNTY_CHIEF:
    case ROLE_PREFECTURE_OFFICER:
    case ROLE_PROVINCE_OFFICER:
    case ROLE_FINANCE_CLERK:
    case ROLE_FINANCE_CHIEF:
    case ROLE_AUDITOR:
    case ROLE_ADMINISTRATOR:
        return true;
    case ROLE_NONE:
    case ROLE_WORKER:
    case ROLE_INSTITUTION_CLERK:
    case ROLE_INSTITUTION_HEAD:
    case ROLE_TEACHER:
    case ROLE_EVALUATOR:
        break;
    }
    return false;
}

/* 530000 → "53", 530100 → "5301", 530102 → all of it. */
size_t registry__prefix_length(const char *region)
{
    size_t length = strlen(region);
    while (length > 2 && region[length - 1] == '0' && region[length - 2] == '0')
        length -= 2;
    return length;
}

const char *registry_actor_region_prefix(struct ctx *ctx)
{
    const char *region = ctx->actor->region;
    return arena_text_n(ctx->arena, region, registry__prefix_length(region));
}

bool registry_actor_covers_region(const struct ctx *ctx, const char *region)
{
    if (ctx->actor == NULL || region == NULL || !acts_in_region(ctx->actor->role))
        return false;
    const char *own = ctx->actor->region;
    return strncmp(region, own, registry__prefix_length(own)) == 0;
}

const char *registry_filter_prefix(struct ctx *ctx, const char *region)
{
    if (region == NULL)
        return registry_actor_region_prefix(ctx);
    return registry_actor_covers_region(ctx, region) ? registry_public_prefix(ctx, region)
                                                     : "nowhere";
}

const char *registry_public_prefix(struct ctx *ctx, const char *region)
{
    return region == NULL ? "" : arena_text_n(ctx->arena, region, registry__prefix_length(region));
}

bool registry_actor_is_of(const struct ctx *ctx, organisation_id organisation)
{
    return ctx->actor != NULL && ctx->actor->organisation.v != 0 &&
           ctx->actor->organisation.v == organisation.v;
}

bool registry_actor_covers_person(const struct ctx *ctx, const struct person *person)
{
    if (ctx->actor != NULL && ctx->actor->person.v != 0 && ctx->actor->person.v == person->id.v)
        return true;
    return registry_permits(ctx, PERMISSION_PERSON_SEARCH) &&
           (person->region == NULL || registry_actor_covers_region(ctx, person->region));
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

enum { REGION_DIGITS = 6 };

const struct pack_region *registry__region(const struct ctx *ctx, const char *code)
{
    bool is_short = code != NULL && strlen(code) == REGION_DIGITS;
    return is_short ? pack_region(ctx->pack, code) : NULL;
}

/* 昆明市 五华区; Wuhua District, Kunming City; a province or prefecture stands alone. */
static const char *region_label(struct ctx *ctx, const struct pack_region *region)
{
    const char *name = pack_region_name(region, ctx->language);
    if (region->level != REGION_LEVEL_COUNTY)
        return name;
    const char *parent = pack_region_name(region->parent, ctx->language);
    return ctx->language == LANGUAGE_ZH ? arena_printf(ctx->arena, "%s %s", parent, name)
                                        : arena_printf(ctx->arena, "%s, %s", name, parent);
}

const char *registry__region_name(struct ctx *ctx, const char *code)
{
    const struct pack_region *region = code == NULL ? NULL : pack_region(ctx->pack, code);
    return region == NULL ? "" : region_label(ctx, region);
}

static bool has_county(const struct ctx *ctx, const char *code)
{
    const struct pack_region *region = registry__region(ctx, code);
    return region != NULL && region->level == REGION_LEVEL_COUNTY;
}

static bool has_region(const struct ctx *ctx, const char *code)
{
    return registry__region(ctx, code) != NULL;
}

/* The i-th region down to the counties, or of the counties alone. */
static bool nth_region(struct ctx *ctx, size_t i, bool counties_only, const char **ret_code,
                       const char **ret_label)
{
    const struct pack_region_list *regions = &ctx->pack->regions;
    for (size_t k = 0; k < regions->count; k++) {
        const struct pack_region *region = &regions->items[k];
        bool is_meant = counties_only ? region->level == REGION_LEVEL_COUNTY
                                      : strlen(region->code) == REGION_DIGITS;
        if (!is_meant || i-- > 0)
            continue;
        *ret_code = region->code;
        *ret_label = region_label(ctx, region);
        return true;
    }
    return false;
}

static bool county_at(struct ctx *ctx, size_t i, const char **ret_code, const char **ret_label)
{
    return nth_region(ctx, i, /* counties_only= */ true, ret_code, ret_label);
}

static bool region_at(struct ctx *ctx, size_t i, const char **ret_code, const char **ret_label)
{
    return nth_region(ctx, i, /* counties_only= */ false, ret_code, ret_label);
}

static bool has_ethnic_group(const struct ctx *ctx, const char *code)
{
    return pack_ethnic_group(ctx->pack, code) != NULL;
}

static bool has_education(const struct ctx *ctx, const char *code)
{
    return pack_education(ctx->pack, code) != NULL;
}

static bool nth_code(struct ctx *ctx, const struct pack_code_list *codes, size_t i,
                     const char **ret_code, const char **ret_label)
{
    if (i >= codes->count)
        return false;
    *ret_code = codes->items[i].code;
    *ret_label = pack_say(codes->items[i].name, ctx->language);
    return true;
}

static bool ethnic_group_at(struct ctx *ctx, size_t i, const char **ret_code,
                            const char **ret_label)
{
    return nth_code(ctx, &ctx->pack->ethnic_groups, i, ret_code, ret_label);
}

static bool education_at(struct ctx *ctx, size_t i, const char **ret_code, const char **ret_label)
{
    return nth_code(ctx, &ctx->pack->education, i, ret_code, ret_label);
}

static bool has_sex(const struct ctx *ctx, const char *code)
{
    (void)ctx;
    return strcmp(code, "male") == 0 || strcmp(code, "female") == 0;
}

static bool sex_at(struct ctx *ctx, size_t i, const char **ret_code, const char **ret_label)
{
    *ret_code = i == 0 ? "male" : "female";
    *ret_label = words(ctx, i == 0 ? "registry.male" : "registry.female");
    return i < 2;
}

/* Workers' accounts are opened with the person, at the window. */
static bool has_office_role(const struct ctx *ctx, const char *code)
{
    (void)ctx;
    enum role role;
    return role_parse(code, &role) && role != ROLE_WORKER;
}

static bool office_role_at(struct ctx *ctx, size_t i, const char **ret_code, const char **ret_label)
{
    size_t role = i + ROLE_WORKER + 1;
    if (role >= ROLE_COUNT)
        return false;
    *ret_code = role_code((enum role)role);
    *ret_label = words(ctx, arena_printf(ctx->arena, "role.%s", *ret_code));
    return true;
}

/* Those whom the head of an institution looks after. */
static const enum role STAFF_ROLES[] = {ROLE_INSTITUTION_CLERK, ROLE_TEACHER};
enum { STAFF_ROLE_COUNT = sizeof STAFF_ROLES / sizeof STAFF_ROLES[0] };

static bool has_staff_role(const struct ctx *ctx, const char *code)
{
    (void)ctx;
    enum role role;
    return role_parse(code, &role) && (role == ROLE_INSTITUTION_CLERK || role == ROLE_TEACHER);
}

static bool staff_role_at(struct ctx *ctx, size_t i, const char **ret_code, const char **ret_label)
{
    if (i >= STAFF_ROLE_COUNT)
        return false;
    *ret_code = role_code(STAFF_ROLES[i]);
    *ret_label = words(ctx, arena_printf(ctx->arena, "role.%s", *ret_code));
    return true;
}

const struct code_list registry_lists[] = {
    {"counties", has_county, county_at},
    {"regions", has_region, region_at},
    {"ethnic_groups", has_ethnic_group, ethnic_group_at},
    {"education", has_education, education_at},
    {"sexes", has_sex, sex_at},
    {"office_roles", has_office_role, office_role_at},
    {"staff_roles", has_staff_role, staff_role_at},
    {NULL, NULL, NULL},
};
