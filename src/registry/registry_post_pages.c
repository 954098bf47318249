/* The yearly review of who has what: every post is confirmed, or ended. */
#include "base/text.h"
#include "dictionary/table.h"
#include "policy/policy.h"
#include "registry/registry_room.h"
#include "registry_html.h"
#include "registry_sql.h"
#include "web/show.h"

static const int64_t DAY_MS = 24LL * 60 * 60 * 1000;

static const struct table_column COLUMNS[] = {{"name", .leads = true},
                                              {.field = "login"},
                                              {.field = "role"},
                                              {.field = "organisation"},
                                              {.field = "confirmed_on"},
                                              {.field = "due_on"},
                                              {"review", .may_filter = true},
                                              {0}};

/* What was confirmed before this is to be looked at again. */
static struct instant overdue_before(const struct ctx *ctx)
{
    int64_t days = pack_parameter(ctx->pack, PARAMETER_POST_REVIEW_DAYS, ctx->today);
    return (struct instant){ctx->now.v - days * DAY_MS};
}

static enum post_review wanted_review(const struct table_query *query)
{
    const char *code = table_wanted(query, &post_line_entity, "review");
    enum post_review review;
    return code != NULL && post_review_parse(code, &review) ? review : POST_REVIEW_NONE;
}

static void *open_rows(struct ctx *ctx, const struct table_query *query, void *argument)
{
    (void)argument;
    return sql_posts_to_review(
        ctx, &(struct sql_posts_to_review){.region_prefix = registry_actor_region_prefix(ctx),
                                           .review = wanted_review(query),
                                           .overdue_before = overdue_before(ctx),
                                           .wanted = query->q,
                                           .after = {query->after},
                                           .most = query->most});
}

static struct day due_on(const struct ctx *ctx, struct instant confirmed_at)
{
    int64_t days = pack_parameter(ctx->pack, PARAMETER_POST_REVIEW_DAYS, ctx->today);
    return instant_day((struct instant){confirmed_at.v + days * DAY_MS});
}

static enum post_review review_of(const struct ctx *ctx, struct instant confirmed_at)
{
    return confirmed_at.v < overdue_before(ctx).v ? POST_REVIEW_DUE : POST_REVIEW_CONFIRMED;
}

static bool next_row(struct ctx *ctx, void *argument, void *ret)
{
    struct held_post post;
    if (!sql_held_post_next(argument, &post))
        return false;
    *(struct post_line *)ret = (struct post_line){
        .name = post.name,
        .login = post.login,
        .role = post.role,
        .organisation = post.organisation_name,
        .confirmed_on = instant_day(post.confirmed_at),
        .due_on = due_on(ctx, post.confirmed_at),
        .review = review_of(ctx, post.confirmed_at),
        .post = post.id,
    };
    return true;
}

static int64_t count_rows(struct ctx *ctx, const struct table_query *query, int64_t most,
                          void *argument)
{
    (void)argument;
    return sql_posts_to_review_count(
        ctx, &(struct sql_posts_to_review_count){.region_prefix = registry_actor_region_prefix(ctx),
                                                 .review = wanted_review(query),
                                                 .overdue_before = overdue_before(ctx),
                                                 .wanted = query->q,
                                                 .most = most});
}

static const char *post_path(struct ctx *ctx, post_id id)
{
    return arena_printf(ctx->arena, "/desk/post/%s", show_id(ctx, id.v));
}

static const char *row_path(struct ctx *ctx, const void *row)
{
    return post_path(ctx, ((const struct post_line *)row)->post);
}

struct reply registry__show_posts(struct ctx *ctx)
{
    struct table table = {.entity = &post_line_entity,
                          .path = "/desk/posts",
                          .keyed_by = "post",
                          .columns = COLUMNS,
                          .may_search = true,
                          .lists = registry_lists,
                          .source = {NULL, open_rows, next_row, count_rows, row_path}};
    return table_reply(ctx, &table,
                       &(struct table_head){.title = "registry.posts_review",
                                            .up = "registry.desk",
                                            .up_path = "/desk"});
}

/* --- one post */

/* Held by an account of an office or an organisation, in the actor's subtree. */
static bool find_post(struct ctx *ctx, struct held_post *ret)
{
    post_id id;
    return request_id(ctx, "post", &id.v) && sql_held_post(ctx, id, ret) &&
           registry_actor_covers_region(ctx, ret->region);
}

struct reply registry__show_post(struct ctx *ctx)
{
    struct held_post post;
    if (!find_post(ctx, &post))
        return reply_not_found(ctx);
    struct post_page_model *model = arena_one(ctx->arena, struct post_page_model);
    *model = (struct post_page_model){
        .id = post.id,
        .name = post.name,
        .login = post.login,
        .role = post.role,
        .organisation_name = post.organisation_name,
        .region_name = registry__region_name(ctx, post.region),
        .began_at = post.began_at,
        .confirmed_at = post.confirmed_at,
        .signed_in_at = post.signed_in_at,
        .due_on = due_on(ctx, post.confirmed_at),
        .review = review_of(ctx, post.confirmed_at),
        .may_change = post.account.v != ctx->actor->account.v,
    };
    return page_post_page(ctx, model);
}

struct reply registry__post_post_confirm(struct ctx *ctx)
{
    struct held_post post;
    if (!find_post(ctx, &post))
        return reply_not_found(ctx);
    enum post_confirm answer = registry_post_confirm(ctx, post.id);
    return reply_outcome(ctx, post_confirm_info(answer), post_path(ctx, post.id));
}

struct reply registry__post_post_end(struct ctx *ctx)
{
    struct held_post post;
    const char *note = request_form(ctx, "note");
    if (!find_post(ctx, &post))
        return reply_not_found(ctx);
    if (text_empty(note))
        return reply_outcome(ctx, post_end_info(POST_END_NOTE_MISSING), NULL);
    enum post_end answer = registry_post_end(ctx, post.account, post.id);
    if (answer == POST_END_DONE)
        registry_trace(ctx, "account", post.account.v, "post_review_end", note);
    return reply_outcome(ctx, post_end_info(answer), "/desk/posts");
}
