/* The county's site check: a fact about a place, which a class needs before it is approved. */
#include <string.h>

#include "base/text.h"
#include "policy/policy.h"
#include "registry/registry.h"
#include "training/training_room.h"
#include "training_sql.h"

bool training__site_check_of(struct ctx *ctx, const struct training_class *class,
                             struct site_check_entry *ret)
{
    struct sql_site_check_last place = {class->region, text_compact(ctx->arena, class->place)};
    return sql_site_check_last(ctx, &place, ret);
}

enum class_review training__site_allows(struct ctx *ctx, const struct training_class *class)
{
    struct site_check_entry last;
    int64_t days = pack_parameter(ctx->pack, PARAMETER_SITE_CHECK_VALID_DAYS, ctx->today);
    if (days == 0)
        return CLASS_REVIEW_DONE;
    if (!training__site_check_of(ctx, class, &last) ||
        day_compare(day_plus(last.checked_on, (int32_t)days), ctx->today) < 0)
        return CLASS_REVIEW_SITE_CHECK_MISSING;
    return last.is_passed ? CLASS_REVIEW_DONE : CLASS_REVIEW_SITE_CHECK_FAILED;
}

static const struct site_finding_given *finding_of(const struct site_checking *checking,
                                                   const char *item)
{
    for (size_t i = 0; i < checking->count; i++)
        if (strcmp(checking->findings[i].item, item) == 0)
            return &checking->findings[i];
    return NULL;
}

/* Every item of the pack has its finding, and what failed says why. */
static enum site_check check_findings(const struct ctx *ctx, const struct site_checking *checking,
                                      bool *ret_passed, struct training_trouble *ret_trouble)
{
    *ret_passed = true;
    for (size_t i = 0; i < ctx->pack->site_items.count; i++) {
        const struct pack_site_item *item = &ctx->pack->site_items.items[i];
        const struct site_finding_given *given = finding_of(checking, item->key);
        ret_trouble->item = pack_say(item->name, ctx->language);
        if (given == NULL || given->finding == CHECK_FINDING_NONE)
            return SITE_CHECK_FINDING_MISSING;
        if (given->finding != CHECK_FINDING_FAILED)
            continue;
        *ret_passed = false;
        if (text_empty(given->remark))
            return SITE_CHECK_REMARK_MISSING;
    }
    return SITE_CHECK_DONE;
}

static enum site_check check_checking(struct ctx *ctx, const struct site_checking *checking,
                                      struct training_class *ret)
{
    account_id actor = ctx->actor->account;
    if (!sql_class_by_id(ctx, checking->class, ret))
        return SITE_CHECK_NOT_FOUND;
    if (ret->submitted_by.v == actor.v || ret->created_by.v == actor.v)
        return SITE_CHECK_OWN_SUBMISSION;
    if (!registry_actor_covers_region(ctx, ret->region))
        return SITE_CHECK_NOT_YOUR_REGION;
    if (ret->state != CLASS_STATE_SUBMITTED)
        return SITE_CHECK_WRONG_STATE;
    bool is_ahead =
        day_is_none(checking->checked_on) || day_compare(checking->checked_on, ctx->today) > 0;
    return is_ahead ? SITE_CHECK_CHECKED_IN_THE_FUTURE : SITE_CHECK_DONE;
}

enum site_check training_site_check(struct ctx *ctx, const struct site_checking *checking,
                                    struct training_trouble *ret_trouble)
{
    struct training_class class;
    bool is_passed;
    *ret_trouble = (struct training_trouble){0};
    enum site_check answer = check_checking(ctx, checking, &class);
    if (answer == SITE_CHECK_DONE)
        answer = check_findings(ctx, checking, &is_passed, ret_trouble);
    if (answer != SITE_CHECK_DONE)
        return answer;
    int64_t id = id_next(ctx->ids, ctx->now);
    sql_site_check_insert(ctx, &(struct sql_site_check_insert){
                                   .id = id,
                                   .class = class.id,
                                   .region = class.region,
                                   .place_key = text_compact(ctx->arena, class.place),
                                   .checked_on = checking->checked_on,
                                   .is_passed = is_passed,
                                   .checked_by = ctx->actor->account,
                                   .actor_name = ctx->actor->name,
                                   .checked_at = ctx->now,
                               });
    for (size_t i = 0; i < ctx->pack->site_items.count; i++) {
        const char *item = ctx->pack->site_items.items[i].key;
        const struct site_finding_given *given = finding_of(checking, item);
        sql_site_finding_insert(ctx, &(struct sql_site_finding_insert){
                                         .check = id,
                                         .item = item,
                                         .finding = given->finding,
                                         .remark = text_empty(given->remark) ? NULL : given->remark,
                                     });
    }
    registry_trace(ctx, "training_class", class.id.v, "site_check", NULL);
    return SITE_CHECK_DONE;
}
