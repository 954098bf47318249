/* The site check as a form: the pack's items, what was found, and a remark to each. */
#include "base/text.h"
#include "policy/policy.h"
#include "registry/registry.h"
#include "training/training_room.h"
#include "training_html.h"
#include "training_sql.h"
#include "web/show.h"

/* What the form says about one item of the pack. */
static struct site_finding_given typed(struct ctx *ctx, const char *item)
{
    struct site_finding_given given = {.item = item};
    const char *finding = request_form(ctx, arena_printf(ctx->arena, "finding-%s", item));
    const char *remark = request_form(ctx, arena_printf(ctx->arena, "remark-%s", item));
    if (finding != NULL && !check_finding_parse(finding, &given.finding))
        given.finding = CHECK_FINDING_NONE;
    given.remark = text_clean(ctx->arena, show_text(remark));
    return given;
}

static bool find_in_region(struct ctx *ctx, struct training_class *ret)
{
    return training__find(ctx, ret) && registry_actor_covers_region(ctx, ret->region);
}

static struct reply check_reply(struct ctx *ctx, const struct training_class *class,
                                const char *problem)
{
    struct site_check_model *model = arena_one(ctx->arena, struct site_check_model);
    const struct pack_site_item_list *items = &ctx->pack->site_items;
    const char *checked_on = request_form(ctx, "checked_on");
    *model = (struct site_check_model){
        .id = class->id,
        .name = class->name,
        .place = class->place,
        .problem = problem,
        .checked_on = checked_on == NULL ? day_text(ctx->arena, ctx->today) : checked_on,
    };
    model->lines.count = items->count;
    model->lines.items = arena_array(ctx->arena, items->count, struct site_check_line);
    for (size_t i = 0; i < items->count; i++) {
        struct site_finding_given given = typed(ctx, items->items[i].key);
        model->lines.items[i] = (struct site_check_line){
            .item = items->items[i].key,
            .words = pack_say(items->items[i].name, ctx->language),
            .is_passed = given.finding == CHECK_FINDING_PASSED,
            .is_failed = given.finding == CHECK_FINDING_FAILED,
            .is_not_applicable = given.finding == CHECK_FINDING_NOT_APPLICABLE,
            .remark = given.remark,
        };
    }
    return reply_page(&site_check_page, model, problem == NULL ? 200 : 422);
}

struct reply training__show_site_check(struct ctx *ctx)
{
    struct training_class class;
    return find_in_region(ctx, &class) ? check_reply(ctx, &class, NULL) : reply_not_found(ctx);
}

struct reply training__post_site_check(struct ctx *ctx)
{
    struct training_class class;
    struct training_trouble trouble;
    const char *checked_on = request_form(ctx, "checked_on");
    if (!find_in_region(ctx, &class))
        return reply_not_found(ctx);
    const struct pack_site_item_list *items = &ctx->pack->site_items;
    struct site_finding_given *findings =
        arena_array(ctx->arena, items->count, struct site_finding_given);
    for (size_t i = 0; i < items->count; i++)
        findings[i] = typed(ctx, items->items[i].key);
    struct site_checking checking = {
        .class = class.id, .findings = findings, .count = items->count};
    if (checked_on == NULL || !day_parse(checked_on, &checking.checked_on))
        checking.checked_on = DAY_NONE;
    enum site_check outcome = training_site_check(ctx, &checking, &trouble);
    const char *path = outcome == SITE_CHECK_DONE ? training__class_path(ctx, class.id) : NULL;
    struct reply reply = training__answer(ctx, site_check_info(outcome), path, &trouble);
    if (outcome == SITE_CHECK_DONE || request_wants_json(ctx))
        return reply;
    return check_reply(ctx, &class, words_with(ctx, &reply.message));
}
