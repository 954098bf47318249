/* What a person may know: what is kept and for how long, which office looked at it, when, and why.
 */
#include "audit/audit_room.h"
#include "audit_html.h"
#include "audit_sql.h"
#include "policy/policy.h"
#include "registry/registry.h"
#include "web/show.h"

enum { LINES_SHOWN = 500 };

struct disclosure_list audit_disclosures(struct ctx *ctx, person_id person, int64_t most)
{
    return sql_disclosures_of(ctx, person, INSTANT_NONE, most);
}

struct own_deed_list audit_own_deeds(struct ctx *ctx, account_id account, int64_t most)
{
    return sql_audit_of_account(ctx, account, most);
}

/* People behind a desk are posts: an office and a role. */
struct reply audit__show_own(struct ctx *ctx)
{
    struct disclosure_list all = audit_disclosures(ctx, ctx->actor->person, LINES_SHOWN);
    struct seen_page_model *model = arena_one(ctx->arena, struct seen_page_model);
    model->lines.count = all.count;
    model->lines.items = arena_array(ctx->arena, all.count, struct seen_page_line);
    for (size_t i = 0; i < all.count; i++) {
        const struct disclosure *at = &all.items[i];
        bool is_same_day = i > 0 && day_compare(at->on, all.items[i - 1].on) == 0;
        model->lines.items[i] = (struct seen_page_line){
            .on = at->on,
            .begins_day = !is_same_day,
            .office = at->organisation_name,
            .role = at->role,
            .action = at->action,
            .reason = at->reason == NULL ? NULL : words(ctx, at->reason),
            .note = at->note,
            .n = at->n,
        };
    }
    return page_seen_page(ctx, model);
}

/* The periods are the pack's, with what they rest on. */
static struct privacy_page_period period_of(struct ctx *ctx, const char *key)
{
    const struct pack_parameter *parameter = pack_find_parameter(ctx->pack, key);
    const struct pack_basis *basis = &parameter->basis;
    return (struct privacy_page_period){
        .name = pack_say(parameter->name, ctx->language),
        .n = pack_parameter(ctx->pack, key, ctx->today),
        .unit = pack_say(parameter->unit, ctx->language),
        .basis = basis->clause != NULL   ? basis->clause->id
                 : basis->source != NULL ? pack_say(basis->source->title, ctx->language)
                                         : NULL,
    };
}

struct reply audit__show_privacy(struct ctx *ctx)
{
    static const char *const periods[] = {PARAMETER_RECORD_YEARS, PARAMETER_UPLOAD_KEPT_DAYS,
                                          PARAMETER_PUBLICITY_SHOWN_DAYS, PARAMETER_VIEW_KEPT_DAYS,
                                          PARAMETER_LOG_KEPT_DAYS};
    enum { COUNT = sizeof periods / sizeof *periods };
    struct privacy_page_model *model = arena_one(ctx->arena, struct privacy_page_model);
    /* An office's account has no record of its own; a visitor is led to the door first. */
    model->leads_on = ctx->actor == NULL || registry_permits(ctx, PERMISSION_DISCLOSURE_OWN);
    model->periods.count = COUNT;
    model->periods.items = arena_array(ctx->arena, COUNT, struct privacy_page_period);
    for (size_t i = 0; i < COUNT; i++)
        model->periods.items[i] = period_of(ctx, periods[i]);
    return page_privacy_page(ctx, model);
}
