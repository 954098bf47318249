/* What handlers reply with; the contract is in web.h. */
#include "web/show.h"
#include "web/web_room.h"

struct reply reply_page(const struct page *page, const void *model, int status)
{
    return (struct reply){.kind = REPLY_PAGE, .status = status, .page = page, .model = model};
}

struct reply reply_redirect(const char *location)
{
    return (struct reply){.kind = REPLY_REDIRECT, .status = 303, .location = location};
}

struct reply reply_outcome_with(struct ctx *ctx, const struct outcome_info *info,
                                const char *location, const struct argument *arguments,
                                size_t count)
{
    struct reply reply = {.kind = REPLY_OUTCOME,
                          .status = info->status,
                          .location = location,
                          .message = {.key = info->code},
                          .clause = info->clause};
    for (size_t i = 0; i < count && i < MESSAGE_ARGUMENTS_MAX; i++)
        reply.message.arguments[i] = (struct argument){
            arguments[i].name, arena_text(ctx->arena, show_text(arguments[i].value))};
    return reply;
}

struct reply reply_outcome(struct ctx *ctx, const struct outcome_info *info, const char *location)
{
    return reply_outcome_with(ctx, info, location, NULL, 0);
}

struct reply reply_problem(struct ctx *ctx, int status, const char *key)
{
    (void)ctx;
    return (struct reply){.kind = REPLY_OUTCOME, .status = status, .message = {.key = key}};
}

struct reply reply_not_found(struct ctx *ctx)
{
    return reply_problem(ctx, 404, "web.not_found");
}

struct reply reply_file(const char *content_type, const char *file_name, const void *bytes,
                        size_t length)
{
    return (struct reply){.kind = REPLY_FILE,
                          .status = 200,
                          .bytes = bytes,
                          .length = length,
                          .content_type = content_type,
                          .file_name = file_name};
}
