/* What a person may know: which office looked at their data, when, and why. */
#include "audit/audit_room.h"
#include "audit_html.h"
#include "audit_sql.h"
#include "base/text.h"
#include "registry/registry.h"
#include "web/show.h"

enum { LINES_SHOWN = 500 };

/* People behind a desk are posts: an office and a role. */
struct reply audit__show_own(struct ctx *ctx)
{
    struct disclosure_list all =
        sql_disclosures_of(ctx, ctx->actor->person, INSTANT_NONE, LINES_SHOWN);
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
